import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EscalationView, ReceiverVerdicts, TriedView, VerdictsBody } from '../../../config/model/api.ts';
import { useApp, useText } from '../../app.ts';
import type { Refusal } from '../../data/api.ts';
import { paths } from '../../data/route.ts';
import { decisive, wayText, whyText } from '../../data/why.ts';
import { MESSAGES } from '../../i18n/words.ts';
import { ChaseTrail } from '../chase-trail.tsx';
import { Loading, Refused } from '../notice.tsx';

function useInstant(): (atMs: number) => string {
  const { nowMs } = useApp();
  const { format } = useText();
  return (atMs) => format.instant(atMs, nowMs.value);
}

const known = (key: string): boolean => Object.hasOwn(MESSAGES.en, key);

function Said({ verdicts: { receiver, way, verdicts } }: { readonly verdicts: ReceiverVerdicts }) {
  const { words, t } = useText();
  const { live } = useApp();
  const instant = useInstant();
  const said = decisive(verdicts);
  const root = live.alerts.value.find(({ fingerprint }) => fingerprint === said?.root);
  return (
    <li data-outcome={said?.outcome}>
      <span class="why-who">{way === '' ? receiver : `${receiver} · ${wayText(way, words, known)}`}</span>
      {said === undefined ? t('why.nothing_said') : whyText(said, words, { instant, known })}
      {root !== undefined && (
        <>
          {' '}
          <a href={paths.alerts({ alert: root.fingerprint })}>{words.local(root.summary)}</a>
        </>
      )}
      {said?.silence !== undefined && (
        <>
          {' '}
          <a href={paths.silences}>{t('nav.silences')}</a>
        </>
      )}
    </li>
  );
}

function Tried({ message }: { readonly message: TriedView }) {
  const { words, t } = useText();
  const instant = useInstant();
  const { createdAtMs, receiver, channel, to, state, attempts, sentAtMs, nextAttemptAtMs, lastError } =
    message;
  return (
    <li data-delivery={state}>
      <span class="why-who">{`${instant(createdAtMs)} · ${receiver} · ${wayText(channel, words, known)} → ${to.join(', ')}`}</span>
      {t(`messages.state.${state}`)}
      {sentAtMs !== undefined && ` · ${instant(sentAtMs)}`}
      {attempts > 1 && ` · ${t('messages.attempts', { n: attempts })}`}
      {nextAttemptAtMs !== undefined &&
        ` · ${t('messages.next_attempt', { time: instant(nextAttemptAtMs) })}`}
      {lastError !== undefined && ` · ${lastError}`}
    </li>
  );
}

function Escalation({
  escalation: { policy, told, next, pausedUntilMs },
}: {
  readonly escalation: EscalationView;
}) {
  const { t } = useText();
  const instant = useInstant();
  return (
    <>
      <h4>{t('why.escalation', { policy })}</h4>
      <ol class="why-list">
        {told.map(({ step, receiver, atMs }) => (
          <li key={`${step} ${atMs}`}>{t('why.told', { step, receiver, time: instant(atMs) })}</li>
        ))}
        {next !== undefined && (
          <li>{t('why.next', { receiver: next.receiver, time: instant(next.atMs) })}</li>
        )}
        {pausedUntilMs !== undefined && <li>{t('why.paused', { time: instant(pausedUntilMs) })}</li>}
        {next === undefined && pausedUntilMs === undefined && <li>{t('why.no_next')}</li>}
      </ol>
    </>
  );
}

function Answer({ body: { receivers, messages, escalation, chases = [] } }: { readonly body: VerdictsBody }) {
  const { t } = useText();
  return (
    <>
      {receivers.length === 0 && <p>{t('why.no_route')}</p>}
      <ul class="why-list">
        {receivers.map((verdicts) => (
          <Said key={`${verdicts.receiver} ${verdicts.way}`} verdicts={verdicts} />
        ))}
      </ul>
      <h4>{t('why.tried')}</h4>
      {messages.length === 0 && <p>{t('why.nobody_tried')}</p>}
      <ul class="why-list">
        {messages.map((message) => (
          <Tried key={message.id} message={message} />
        ))}
      </ul>
      {escalation !== undefined && <Escalation escalation={escalation} />}
      {chases.length > 0 && <h4>{t('chase.of_alert')}</h4>}
      {chases.map((record) => (
        <ChaseTrail key={record.id} record={record} />
      ))}
    </>
  );
}

/** Who was called, who was not and why, and who is next: asked anew each time that it is opened. */
export function Why({ fingerprint }: { readonly fingerprint: string }) {
  const { api } = useApp();
  const { t } = useText();
  const body = useSignal<VerdictsBody | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  useEffect(() => {
    void (async () => {
      const answer = await api.verdicts(fingerprint);
      if (answer.ok) body.value = answer.body;
      else refusal.value = answer.refusal;
    })();
  }, [fingerprint]);
  return (
    <section class="why" aria-label={t('why.title')}>
      {refusal.value !== undefined ? (
        <Refused refusal={refusal.value} />
      ) : body.value === undefined ? (
        <Loading />
      ) : (
        <Answer body={body.value} />
      )}
    </section>
  );
}
