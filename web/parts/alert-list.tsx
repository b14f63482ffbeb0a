import { useSignal } from '@preact/signals';
import type { AlertView } from '../../config/model/api.ts';
import { alertQuantity } from '../../config/model/quantity.ts';
import type { Site } from '../../config/model/site.ts';
import { useApp, useText } from '../app.ts';
import { calmOf, type Calm } from '../data/calm.ts';
import { deviceOf, placeText, subjectText } from '../data/place.ts';
import { paths } from '../data/route.ts';
import { signWord } from '../data/sign-word.ts';
import { alertSinceMs, summarize } from '../data/urgency.ts';
import { Empty } from './notice.tsx';
import { QuantityText } from './quantity.tsx';
import { SignMark } from './sign-mark.tsx';

/** In a flood, and where there is little room, only so many show all that they have to say at once. */
const OPEN_FROM_START = { beside: 4, above: 2 } as const;
const STANDS_BESIDE = '(min-width: 72rem)';

function Since({ alert }: { readonly alert: AlertView }) {
  const { nowMs } = useApp();
  const { format } = useText();
  const sinceMs = alertSinceMs(alert);
  return (
    <span class="alert-since">
      <time dateTime={new Date(sinceMs).toISOString()} title={format.full(sinceMs)}>
        {format.instant(sinceMs, nowMs.value)}
      </time>
      <span class="alert-age">{format.age(nowMs.value - sinceMs)}</span>
    </span>
  );
}

function HeldSince({ phase }: { readonly phase: AlertView['phase'] }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  if (phase.kind !== 'held') return null;
  return (
    <span class="alert-held">
      {t('alerts.held_since', { time: format.instant(phase.heldSinceMs, nowMs.value) })}
    </span>
  );
}

function Where({ alert, site }: { readonly alert: AlertView; readonly site: Site }) {
  const { words, t } = useText();
  const device = deviceOf(site, alert.device);
  const subject = subjectText(site, alert, words);
  if (subject === '') return null;
  return (
    <div>
      <dt>{t('alerts.place')}</dt>
      <dd>
        {device === undefined ? (
          subject
        ) : (
          <>
            <a href={paths.device(device.id)}>{subject}</a>
            {` · ${placeText(site, device, words)}`}
          </>
        )}
      </dd>
    </div>
  );
}

/** Place, value, what to do, and what happens if nobody does. */
export function AlertFacts({ alert, site }: { readonly alert: AlertView; readonly site: Site }) {
  const { words, t, format } = useText();
  const value = alertQuantity(alert, (number, unit) => format.quantity(number, unit));
  const response = words.local(alert.response);
  const consequence = words.local(alert.consequence);
  return (
    <dl class="alert-facts">
      <Where alert={alert} site={site} />
      {value !== undefined && (
        <div>
          <dt>{t(alert.phase.kind === 'held' ? 'alerts.value_held' : 'alerts.value')}</dt>
          <dd>
            <QuantityText quantity={value} />
          </dd>
        </div>
      )}
      {response !== '' && (
        <div>
          <dt>{t('alerts.response')}</dt>
          <dd class="alert-response">{response}</dd>
        </div>
      )}
      {consequence !== '' && (
        <div>
          <dt>{t('alerts.consequence')}</dt>
          <dd>{consequence}</dd>
        </div>
      )}
      {alert.runbook !== undefined && (
        <div>
          <dt>{t('alerts.runbook')}</dt>
          <dd>
            <a href={alert.runbook} target="_blank" rel="noreferrer">
              {alert.runbook}
            </a>
          </dd>
        </div>
      )}
      <div>
        <dt>{t('alerts.rule')}</dt>
        <dd>
          <a href={paths.rules(alert.rule)}>{alert.name}</a>
        </dd>
      </div>
    </dl>
  );
}

/** What to say where there is no alert. */
export function useCalm(site: Site): { readonly kind: Calm['kind']; readonly text: string } {
  const { link, live } = useApp();
  const { t, format } = useText();
  const calm = calmOf(link.connection.value, summarize(site.devices, live.devices.value));
  switch (calm.kind) {
    case 'past':
      return { kind: calm.kind, text: t('alerts.none.past', { time: format.time(calm.asOfMs) }) };
    case 'unsure':
      return { kind: calm.kind, text: t('alerts.none.unsure', { n: calm.count }) };
    case 'calm':
      return { kind: calm.kind, text: t('alerts.none') };
    default:
      return calm satisfies never;
  }
}

interface AlertCardProps {
  readonly alert: AlertView;
  readonly site: Site;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
}

function AlertCard({ alert, site, isOpen, onToggle }: AlertCardProps) {
  const { words, t } = useText();
  const isHeld = alert.phase.kind === 'held';
  const device = deviceOf(site, alert.device);
  return (
    <details
      class="alert"
      data-sign={alert.severity}
      data-held={isHeld}
      data-alert={alert.name}
      open={isOpen}
      onToggle={(event) => onToggle(event.currentTarget.open)}
    >
      <summary class="alert-head">
        <SignMark sign={alert.severity} isHeld={isHeld} />
        <span class="alert-title">
          <span class="alert-severity">
            {signWord(alert.severity, words)}
            {isHeld && ` · ${t('state.held')}`}
          </span>
          <span class="alert-summary">
            {words.local(alert.summary)}
            {/* Folded cards of one cause would all read the same. */}
            {device !== undefined && <span class="alert-device">{words.local(device.name)}</span>}
          </span>
          <Since alert={alert} />
          <HeldSince phase={alert.phase} />
        </span>
      </summary>
      {/* In a flood the folded ones cost nothing but their line. */}
      {isOpen && <AlertFacts alert={alert} site={site} />}
    </details>
  );
}

/** Active alerts, worst first: what, since when, where, what to do, and what happens if nobody does. */
export function AlertList({ site, alerts }: { readonly site: Site; readonly alerts: readonly AlertView[] }) {
  const { t } = useText();
  const openCount = OPEN_FROM_START[matchMedia(STANDS_BESIDE).matches ? 'beside' : 'above'];
  const toggled = useSignal<Readonly<Record<string, boolean>>>({});
  const calm = useCalm(site);
  if (alerts.length === 0) {
    return <Empty title={calm.text}>{calm.kind === 'calm' && <p>{t('alerts.none.detail')}</p>}</Empty>;
  }
  return (
    <ul class="alerts">
      {alerts.map((alert, index) => (
        <li key={alert.fingerprint}>
          <AlertCard
            alert={alert}
            site={site}
            isOpen={toggled.value[alert.fingerprint] ?? index < openCount}
            onToggle={(isOpen) => {
              toggled.value = { ...toggled.peek(), [alert.fingerprint]: isOpen };
            }}
          />
        </li>
      ))}
    </ul>
  );
}
