import { useComputed, useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SilenceView } from '../../config/model/api.ts';
import { useApp, useText } from '../app.ts';
import { createActs, type Acts } from '../data/acts.ts';
import type { Refusal } from '../data/api.ts';
import { endsSoon, matcherText } from '../data/silences.ts';
import { useActor } from '../parts/console/alert-panel.tsx';
import { DoneBar } from '../parts/console/done-bar.tsx';
import { SilenceForm } from '../parts/console/silence-form.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Empty, Loading, Refused } from '../parts/notice.tsx';

const HOUR_MS = 3_600_000;

function useSilences(acts: Acts) {
  const { api } = useApp();
  const silences = useSignal<readonly SilenceView[] | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const read = async (): Promise<void> => {
    const answer = await api.silences();
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (answer.ok) silences.value = answer.body.silences;
  };
  const acted = acts.state.value.kind;
  const { nowMs } = useApp();
  const minute = Math.floor(nowMs.value / 60_000);
  useEffect(() => {
    if (acted !== 'doing') void read();
  }, [acted, minute]);
  return { silences, refusal, read };
}

interface RowProps {
  readonly silence: SilenceView;
  readonly acts: Acts;
  readonly account: string | undefined;
}

function Acting({ silence, acts, account }: RowProps) {
  const { nowMs } = useApp();
  const { t } = useText();
  const { id, state, owner, approvedBy, endsAtMs } = silence;
  if (account === undefined || state === 'expired') return null;
  const later = Math.max(endsAtMs, nowMs.value) + HOUR_MS;
  return (
    <div class="console-actions">
      <button type="button" class="button" onClick={() => void acts.give('end-silence', { id })}>
        {t('silence.end')}
      </button>
      <button
        type="button"
        class="button"
        onClick={() => void acts.give('change-silence', { id, endsAtMs: later })}
      >
        {t('silence.longer')}
      </button>
      {owner !== account && approvedBy === undefined && (
        <button type="button" class="button" onClick={() => void acts.give('approve-silence', { id })}>
          {t('silence.approve')}
        </button>
      )}
    </div>
  );
}

function Row(props: RowProps) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const { silence } = props;
  const { state, kind, matchers, owner, approvedBy, reason, startsAtMs, endsAtMs } = silence;
  const { swallowed, now, isIdle } = silence;
  return (
    <tr data-state={state} data-idle={isIdle}>
      <td data-label={t('silence.column.state')}>
        {t(`silence.state.${state}`)}
        <span class="cell-note">{t(`silence.kind.${kind}`)}</span>
      </td>
      <td data-label={t('silence.column.what')}>
        <code>{matcherText(matchers)}</code>
        <span class="cell-note">{reason}</span>
      </td>
      <td data-label={t('silence.column.owner')}>
        {owner}
        {approvedBy !== undefined && (
          <span class="cell-note">{t('silence.approved', { person: approvedBy })}</span>
        )}
      </td>
      <td data-label={t('silence.column.end')}>
        <time dateTime={new Date(endsAtMs).toISOString()} title={format.full(endsAtMs)}>
          {format.instant(endsAtMs, nowMs.value)}
        </time>
        <span class="cell-note">{t('silence.since', { time: format.instant(startsAtMs, nowMs.value) })}</span>
        {endsSoon(silence, nowMs.value) && <strong class="silence-soon">{t('silence.soon')}</strong>}
      </td>
      <td data-label={t('silence.column.swallowed')}>
        {t('silence.swallowed', { n: swallowed })}
        <span class="cell-note">{t('silence.now', { n: now })}</span>
        {isIdle && <strong class="silence-soon">{t('silence.idle')}</strong>}
      </td>
      <td>
        <Acting {...props} />
      </td>
    </tr>
  );
}

function List({ silences, acts }: { readonly silences: readonly SilenceView[]; readonly acts: Acts }) {
  const { t } = useText();
  const account = useActor();
  return (
    <table class="table silences">
      <thead>
        <tr>
          {(['state', 'what', 'owner', 'end', 'swallowed'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`silence.column.${column}`)}
            </th>
          ))}
          <td />
        </tr>
      </thead>
      <tbody>
        {silences.map((silence) => (
          <Row key={silence.id} silence={silence} acts={acts} account={account} />
        ))}
      </tbody>
    </table>
  );
}

function Content({ found, acts }: { readonly found: ReturnType<typeof useSilences>; readonly acts: Acts }) {
  const { t } = useText();
  const silences: Signal<readonly SilenceView[] | undefined> = found.silences;
  if (found.refusal.value !== undefined)
    return <Refused refusal={found.refusal.value} onRetry={() => void found.read()} />;
  if (silences.value === undefined) return <Loading />;
  if (silences.value.length === 0)
    return (
      <Empty title={t('silence.none')}>
        <p>{t('silence.none.detail')}</p>
      </Empty>
    );
  return <List silences={silences.value} acts={acts} />;
}

/** What is silent, by whom, until when, and what it has kept from being told: the next to end first. */
export function SilencesPage() {
  const { api } = useApp();
  const { t } = useText();
  const acts = useComputed(() => createActs(api)).value;
  const found = useSilences(acts);
  const isMaking = useSignal(false);
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('nav.silences')}</h1>
        {useActor() !== undefined && (
          <button type="button" class="button button-main" onClick={() => (isMaking.value = true)}>
            {t('silence.make')}
          </button>
        )}
      </div>
      <section class="panel" aria-label={t('nav.silences')}>
        <Content found={found} acts={acts} />
      </section>
      {isMaking.value && (
        <Dialog title={t('silence.title')} onClose={() => (isMaking.value = false)}>
          <SilenceForm acts={acts} onClose={() => (isMaking.value = false)} />
        </Dialog>
      )}
      <DoneBar acts={acts} />
    </div>
  );
}
