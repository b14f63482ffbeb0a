import { useSignal } from '@preact/signals';
import { mayCall } from '../../config/model/access.ts';
import type { BouncedView, ReceiverView, ReceiverWayView } from '../../config/model/receivers-api.ts';
import { useApp, useText } from '../app.ts';
import type { Account } from '../data/session.ts';
import { wayState, wayWord } from '../data/receivers.ts';
import { signWord } from '../data/sign-word.ts';
import { CommandDialog } from '../parts/command-dialog.tsx';
import { Empty, Loading, Refused } from '../parts/notice.tsx';
import { useRefreshed } from '../parts/refreshed.ts';
import { SignMark } from '../parts/sign-mark.tsx';

const COLUMNS = ['way', 'person', 'state', 'waiting', 'sent', 'failure'] as const;
const SIGNS = {
  fine: 'ok',
  untried: 'unknown',
  waiting: 'minor',
  down: 'critical',
  kept: 'unknown',
} as const;

function Instant({ atMs }: { readonly atMs: number }) {
  const { nowMs } = useApp();
  const { format } = useText();
  return (
    <time dateTime={new Date(atMs).toISOString()} title={format.full(atMs)}>
      {format.instant(atMs, nowMs.value)}
    </time>
  );
}

function WayRow({ way }: { readonly way: ReceiverWayView }) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  const { id, kind, to, person, waiting, lastSentAtMs, lastFailure, down } = way;
  const state = wayState(way);
  return (
    <tr data-way={id} data-state={state}>
      <td data-label={t('receivers.column.way')}>
        {wayWord(kind, words)}
        <span class="cell-note">{to}</span>
      </td>
      <td data-label={t('receivers.column.person')}>{person ?? '–'}</td>
      <td data-label={t('receivers.column.state')}>
        <span>
          <span class="signed">
            <SignMark sign={SIGNS[state]} />
          </span>{' '}
          {t(`receivers.state.${state}`, {
            time: format.instant(down?.sinceMs ?? 0, nowMs.value),
            reason: down?.reason ?? '',
          })}
        </span>
      </td>
      <td data-label={t('receivers.column.waiting')} class="cell-number">
        {format.number(waiting)}
      </td>
      <td data-label={t('receivers.column.sent')}>
        {lastSentAtMs === undefined ? t('receivers.never') : <Instant atMs={lastSentAtMs} />}
      </td>
      <td data-label={t('receivers.column.failure')}>
        {lastFailure === undefined ? (
          t('receivers.never')
        ) : (
          <>
            <Instant atMs={lastFailure.createdAtMs} />
            <span class="cell-note">{lastFailure.error}</span>
          </>
        )}
      </td>
    </tr>
  );
}

/** Whom the settings name, and who that is. */
function Behind({ receiver }: { readonly receiver: ReceiverView }) {
  const { words, t } = useText();
  const { severities, people, watch, fallback } = receiver;
  const list = (names: readonly string[]): string => names.join(t('list.separator'));
  const lines = [
    t('receivers.severities', { severities: list(severities.map((one) => signWord(one, words))) }),
    ...(people.length === 0 ? [] : [t('receivers.behind.people', { people: list(people) })]),
    ...(watch === undefined ? [] : [t('receivers.behind.watch', { post: t(`receivers.post.${watch}`) })]),
    ...(fallback.length === 0 ? [] : [t('receivers.behind.fallback', { people: list(fallback) })]),
  ];
  return <p class="cell-note">{lines.join(' · ')}</p>;
}

interface ReceiverProps {
  readonly receiver: ReceiverView;
  readonly mayTest: boolean;
  readonly onTest: (name: string) => void;
}

function Receiver({ receiver, mayTest, onTest }: ReceiverProps) {
  const { t } = useText();
  const { name, ways } = receiver;
  return (
    <section class="panel" aria-label={name} data-receiver={name}>
      <div class="page-head">
        <h2>{name}</h2>
        {mayTest && ways.length > 0 && (
          <button
            type="button"
            class="button"
            data-command-button="test-receiver"
            onClick={() => onTest(name)}
          >
            {t('command.test-receiver')}
          </button>
        )}
      </div>
      <Behind receiver={receiver} />
      {ways.length === 0 ? (
        <p class="form-fault">{t('receivers.nobody')}</p>
      ) : (
        <table class="table">
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {t(`receivers.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ways.map((way) => (
              <WayRow key={way.id} way={way} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Bounced({ bounced }: { readonly bounced: readonly BouncedView[] }) {
  const { words, t } = useText();
  if (bounced.length === 0) return null;
  return (
    <section class="panel" aria-label={t('receivers.bounced')} data-bounced>
      <h2>{t('receivers.bounced')}</h2>
      <p>{t('receivers.bounced.detail')}</p>
      <ul>
        {bounced.map(({ kind, to, receiver, createdAtMs, error }) => (
          <li key={`${kind} ${to}`}>
            {`${to} (${wayWord(kind, words)}, ${receiver}) `}
            <Instant atMs={createdAtMs} />
            <span class="cell-note">{error}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Who is told of alerts, by which ways, how that went lately, and a message to try it. */
export function ReceiversPage({ account }: { readonly account: Account }) {
  const { api } = useApp();
  const { t } = useText();
  const { body, refusal, retry } = useRefreshed(() => api.receivers());
  const tested = useSignal<string | undefined>(undefined);
  const mayTest = mayCall(account.roles, 'POST /api/commands/test-receiver');
  if (body === undefined)
    return refusal === undefined ? <Loading /> : <Refused refusal={refusal} onRetry={retry} />;
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('receivers.title')}</h1>
      </div>
      {body.receivers.length === 0 && (
        <Empty title={t('receivers.none')}>
          <p>{t('receivers.none.detail')}</p>
        </Empty>
      )}
      <Bounced bounced={body.bounced} />
      {body.receivers.map((receiver) => (
        <Receiver
          key={receiver.name}
          receiver={receiver}
          mayTest={mayTest}
          onTest={(name) => (tested.value = name)}
        />
      ))}
      {tested.value !== undefined && (
        <CommandDialog
          name="test-receiver"
          title={`${t('command.test-receiver')} · ${tested.value}`}
          input={{ receiver: tested.value }}
          onClose={(hasActed) => {
            tested.value = undefined;
            if (hasActed) retry();
          }}
        />
      )}
    </div>
  );
}
