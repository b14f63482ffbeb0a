import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { mayCall } from '../../../config/model/access.ts';
import type { AlertFileBody, AlertHistoryEntry, AlertView } from '../../../config/model/api.ts';
import type { Site } from '../../../config/model/site.ts';
import { useApp, useText } from '../../app.ts';
import type { Acts } from '../../data/acts.ts';
import { AlertFacts } from '../alert-list.tsx';
import { CareMark } from './alert-row.tsx';
import type { ConsoleWindow } from './windows.tsx';
import { Why } from './why.tsx';

/** What became of one alert, read again when it changes. */
function useFile(alert: AlertView): AlertFileBody | undefined {
  const { api } = useApp();
  const file = useSignal<{ readonly of: string; readonly body: AlertFileBody } | undefined>(undefined);
  const moved = JSON.stringify([alert.phase.kind, alert.claim]);
  useEffect(() => {
    void (async () => {
      const answer = await api.alertFile(alert.fingerprint);
      if (answer.ok) file.value = { of: alert.fingerprint, body: answer.body };
    })();
  }, [alert.fingerprint, moved]);
  return file.value?.of === alert.fingerprint ? file.value.body : undefined;
}

function Entry({ entry }: { readonly entry: AlertHistoryEntry }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const { atMs, transition, person, reason } = entry;
  return (
    <li data-transition={transition}>
      <time dateTime={new Date(atMs).toISOString()} title={format.full(atMs)}>
        {format.instant(atMs, nowMs.value)}
      </time>
      <span>
        {t(`alerts.transition.${transition}`)}
        {person !== undefined && ` · ${person}`}
        {reason !== undefined && <q>{reason}</q>}
      </span>
    </li>
  );
}

function File({ alert }: { readonly alert: AlertView }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const file = useFile(alert);
  if (file === undefined) return null;
  return (
    <>
      {file.notes.length > 0 && (
        <>
          <h3>{t('console.notes')}</h3>
          <ul class="file-notes">
            {file.notes.map(({ atMs, person, text }) => (
              <li key={`${atMs} ${text}`}>
                <q>{text}</q>
                <span class="cell-note">{`${person} · ${format.instant(atMs, nowMs.value)}`}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>{t('alerts.history')}</h3>
      <ol class="file-history">
        {file.entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
    </>
  );
}

interface PanelProps {
  readonly alert: AlertView;
  readonly site: Site;
  readonly acts: Acts;
  readonly onOpen: (window: ConsoleWindow) => void;
  readonly isWhyOpen: boolean;
  readonly onWhy: (isOpen: boolean) => void;
}

/** Name of the account at the page, where it may see to alerts. */
export function useActor(): string | undefined {
  const session = useApp().keeper.session.value;
  const account = session.kind === 'signed-in' ? session.account : undefined;
  return account !== undefined && mayCall(account.roles, 'POST /api/commands/claim-alert')
    ? account.name
    : undefined;
}

/** What the person at the page may do about an alert. */
function Actions({ alert, acts, onOpen }: Pick<PanelProps, 'alert' | 'acts' | 'onOpen'>) {
  const { t } = useText();
  const person = useActor();
  if (person === undefined) return null;
  const { fingerprint, claim } = alert;
  const isOwn = claim?.person === person;
  const give = (name: Parameters<Acts['give']>[0]) => () => void acts.give(name, { fingerprint });
  return (
    <div class="console-actions">
      {(claim === undefined || isOwn) && (
        <>
          <button type="button" class="button button-main" onClick={give('claim-alert')}>
            {t(isOwn ? 'act.extend' : 'act.claim')} <kbd>A</kbd>
          </button>
          <button type="button" class="button" onClick={() => onOpen('claim')}>
            {t('act.claim_with')}
          </button>
        </>
      )}
      {claim?.offeredTo === person && (
        <button type="button" class="button button-main" onClick={give('take-over-alert')}>
          {t('act.take_over', { person: claim.person })}
        </button>
      )}
      {isOwn && (
        <>
          <button type="button" class="button" onClick={give('release-alert')}>
            {t('act.release')}
          </button>
          <button type="button" class="button" onClick={() => onOpen('offer')}>
            {t('act.offer')}
          </button>
        </>
      )}
      <button type="button" class="button" onClick={() => onOpen('silence')}>
        {t('act.silence')} <kbd>S</kbd>
      </button>
      <button type="button" class="button" onClick={() => onOpen('note')}>
        {t('act.note')} <kbd>N</kbd>
      </button>
      {alert.phase.kind === 'held' && (
        <button type="button" class="button" onClick={() => onOpen('end')}>
          {t('act.end')}
        </button>
      )}
    </div>
  );
}

/** All that is known of one alert: what to do, who has it, why nobody was called, what became of it before. */
export function AlertPanel({ alert, site, acts, onOpen, isWhyOpen, onWhy }: PanelProps) {
  const { words, t, format } = useText();
  const { nowMs } = useApp();
  const { claim } = alert;
  return (
    <article class="console-panel" data-sign={alert.severity} aria-label={words.local(alert.summary)}>
      <h2>{words.local(alert.summary)}</h2>
      <CareMark alert={alert} />
      {claim !== undefined && (
        <p class="console-claim">
          {t('care.claimed_until', {
            person: claim.person,
            time: format.instant(claim.endsAtMs, nowMs.value),
          })}
          {claim.note !== '' && <q>{claim.note}</q>}
        </p>
      )}
      <Actions alert={alert} acts={acts} onOpen={onOpen} />
      <AlertFacts alert={alert} site={site} />
      <details class="why-box" open={isWhyOpen} onToggle={(event) => onWhy(event.currentTarget.open)}>
        <summary>
          {t('why.title')} <kbd>W</kbd>
        </summary>
        {isWhyOpen && <Why key={alert.fingerprint} fingerprint={alert.fingerprint} />}
      </details>
      <File alert={alert} />
    </article>
  );
}
