import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { isActive } from '../../config/model/alert.ts';
import type { AlertHistoryEntry } from '../../config/model/api.ts';
import type { Site } from '../../config/model/site.ts';
import { useApp, useText } from '../app.ts';
import { splitConsole, type ConsoleFilter } from '../data/console.ts';
import { splitAlerts, type Filter } from '../data/filter.ts';
import { createPaged } from '../data/paged.ts';
import { deviceOf, placeText, subjectText } from '../data/place.ts';
import { paths, type Route } from '../data/route.ts';
import { signWord } from '../data/sign-word.ts';
import { Console } from '../parts/console/console.tsx';
import { ConsoleFilters } from '../parts/console/filters.tsx';
import { SilenceReminder } from '../parts/console/silence-reminder.tsx';
import { LoadMeter } from '../parts/load-meter.tsx';
import { Older, PagedState } from '../parts/paged-list.tsx';
import { SignMark } from '../parts/sign-mark.tsx';

function HistoryRow({ entry, site }: { readonly entry: AlertHistoryEntry; readonly site: Site }) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  const { alert, atMs, transition } = entry;
  const device = deviceOf(site, alert.device);
  return (
    <tr data-transition={transition}>
      <td data-label={t('alerts.column.time')}>
        <time dateTime={new Date(atMs).toISOString()} title={format.full(atMs)}>
          {format.instant(atMs, nowMs.value)}
        </time>
      </td>
      <td data-label={t('alerts.column.what')}>
        <span class="transition signed">
          {transition === 'resolved' && <SignMark sign="ok" />}
          {t(`alerts.transition.${transition}`)}
        </span>
        {entry.person !== undefined && (
          <span class="cell-note">{[entry.person, entry.reason].filter(Boolean).join(' · ')}</span>
        )}
      </td>
      <td data-label={t('alerts.column.severity')}>
        <span class="signed">
          <SignMark sign={alert.severity} isHeld={transition === 'held'} />
          {signWord(alert.severity, words)}
        </span>
      </td>
      <td data-label={t('alerts.column.alert')}>{words.local(alert.summary)}</td>
      <td data-label={t('alerts.column.device')}>
        {device === undefined ? (
          subjectText(site, alert, words)
        ) : (
          <>
            <a href={paths.device(device.id)}>{words.local(device.name)}</a>
            <span class="cell-note">{placeText(site, device, words)}</span>
          </>
        )}
      </td>
    </tr>
  );
}

/** In a storm the history is another with each message; nobody reads it so fast. */
const READ_EACH_MS = 2_000;

function History({ site, filter }: { readonly site: Site; readonly filter: Filter }) {
  const { api, clock, live } = useApp();
  const { t } = useText();
  const history = useSignal(
    createPaged(
      (page) => api.history(page),
      (body) => body.entries,
      (entry) => entry.atMs,
    ),
  ).value;
  const active = live.alerts.value
    .map(({ fingerprint, phase, claim }) => fingerprint + phase.kind + (claim?.sinceMs ?? ''))
    .join();
  const readAtMs = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const read = (): void => {
      readAtMs.current = clock.nowMs();
      void history.refresh();
    };
    return clock.after(Math.max(0, readAtMs.current + READ_EACH_MS - clock.nowMs()), read);
  }, [active, history]);
  const admitted = new Set(
    splitAlerts(
      history.items.value.map(({ alert }) => alert),
      site,
      filter,
    ).shown,
  );
  const shown = history.items.value.filter(({ alert }) => admitted.has(alert));
  return (
    <section class="panel" aria-labelledby="history-title">
      <h2 id="history-title" class="panel-title">
        {t('alerts.history')}
      </h2>
      <PagedState paged={history} empty={t('alerts.history.none')} />
      {shown.length > 0 && (
        <table class="table">
          <thead>
            <tr>
              {(['time', 'what', 'severity', 'alert', 'device'] as const).map((column) => (
                <th key={column} scope="col">
                  {t(`alerts.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((entry) => (
              <HistoryRow key={entry.id} entry={entry} site={site} />
            ))}
          </tbody>
        </table>
      )}
      <Older paged={history} />
    </section>
  );
}

/** What is wrong now, and what was. */
export function AlertsPage({
  site,
  route,
}: {
  readonly site: Site;
  readonly route: Extract<Route, { readonly page: 'alerts' }>;
}) {
  const { live, router } = useApp();
  const { t } = useText();
  const { room, layer, severity, care, text } = route;
  const alerts = live.alerts.value;
  const filter = useMemo(
    (): ConsoleFilter => ({ room, layer, severity, care, text }),
    [room, layer, severity, care, text],
  );
  const { shown, hidden } = useMemo(
    () => splitConsole(alerts.filter(isActive), site, filter),
    [alerts, site, filter],
  );
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('alerts.title')}</h1>
        <ConsoleFilters site={site} filter={filter} />
      </div>
      <LoadMeter />
      <SilenceReminder />
      <section class="panel" aria-labelledby="active-title">
        <h2 id="active-title" class="panel-title">
          {t('alerts.active')}
          <span class="panel-count">{shown.length}</span>
        </h2>
        <Console
          site={site}
          alerts={shown}
          chosen={route.alert}
          onChoose={(alert) => router.replace(paths.alerts({ ...filter, alert }))}
        />
        {hidden > 0 && (
          <p class="aside-note">
            {t('filter.hidden_alerts', { n: hidden })} <a href={paths.alerts()}>{t('filter.clear')}</a>
          </p>
        )}
      </section>
      <History site={site} filter={filter} />
    </div>
  );
}
