import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { isActive } from '../../config/model/alert.ts';
import type { DeviceView, ReadingView } from '../../config/model/api.ts';
import type { Site, SiteDevice } from '../../config/model/site.ts';
import { useApp, useText } from '../app.ts';
import { SPANS, spanOf } from '../data/chart.ts';
import { ChartMarks, useMarks } from '../parts/chart-marks.tsx';
import { deviceOf, placeText } from '../data/place.ts';
import { hasCurve, isTold, readingKey } from '../data/reading.ts';
import { paths, type ChartsAsked, type Route } from '../data/route.ts';
import { signWord } from '../data/sign-word.ts';
import { signOf, tellsNow } from '../data/urgency.ts';
import { AlertList } from '../parts/alert-list.tsx';
import { Chart } from '../parts/chart.tsx';
import { ChartChoice } from '../parts/chart-choice.tsx';
import { DebugView } from '../parts/debug-view.tsx';
import { DeviceReport } from '../parts/device-report.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty } from '../parts/notice.tsx';
import { ReadingsTable } from '../parts/readings-table.tsx';
import { SignMark } from '../parts/sign-mark.tsx';

function StateLine({ view }: { readonly view: DeviceView | undefined }) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  const state = view?.state;
  const sign = signOf(state);
  const word =
    state?.kind === 'unknown'
      ? `${t('state.unknown')} · ${t(`unknown.${state.reason}`)}`
      : signWord(sign, words);
  return (
    <p class="device-state" data-sign={sign}>
      <SignMark sign={sign} />
      <strong>{word}</strong>
      {state !== undefined && (
        <span>
          {t('state.since', {
            time: format.instant(state.sinceMs, nowMs.value),
            age: format.age(nowMs.value - state.sinceMs),
          })}
        </span>
      )}
    </p>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What the device says of itself. */
function selfDescription(readings: readonly ReadingView[]): string {
  const labels = readings.find(({ metric }) => metric === 'device_info')?.labels ?? {};
  return ['vendor', 'model', 'firmware']
    .map((name) => labels[name] ?? '')
    .filter((text) => text !== '')
    .join(' ');
}

interface DeviceHeadProps {
  readonly site: Site;
  readonly device: SiteDevice;
  readonly view: DeviceView | undefined;
  readonly readings: readonly ReadingView[];
}

function DeviceHead({ site, device, view, readings }: DeviceHeadProps) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  const description = selfDescription(readings);
  return (
    <div class="device-head">
      <div class="page-head">
        <a
          class="icon-button"
          href={paths.room(device.room)}
          aria-label={t('error.to_room')}
          title={t('error.to_room')}
        >
          <Icon name="back" />
        </a>
        <h1>{words.local(device.name)}</h1>
        <StateLine view={view} />
      </div>
      <dl class="facts">
        <Fact name={t('device.place')}>{placeText(site, device, words)}</Fact>
        <Fact name={t('device.kind')}>{words.kind(device.kind)}</Fact>
        <Fact name={t('device.layer')}>{words.layer(device.layer)}</Fact>
        {device.feeds.length > 0 && (
          <Fact name={t('device.feeds')}>{t('room.feed', { feed: device.feeds.join('+') })}</Fact>
        )}
        {description !== '' && <Fact name={t('device.description')}>{description}</Fact>}
        <Fact name={t('device.last_seen')}>
          {view?.lastSeenAtMs === undefined
            ? t('state.never_seen')
            : `${format.time(view.lastSeenAtMs)} · ${t('device.age', {
                age: format.age(nowMs.value - view.lastSeenAtMs),
              })}`}
        </Fact>
      </dl>
    </div>
  );
}

interface TrendsProps {
  readonly device: SiteDevice;
  readonly headline: readonly ReadingView[];
  readonly chosen: ReadingView | undefined;
  readonly asked: ChartsAsked;
}

/** Charts of the headline, and before them the one that was asked for. */
function Trends({ device, headline, chosen, asked }: TrendsProps) {
  const { t } = useText();
  const span = spanOf(asked.span);
  const metrics = [...new Set(headline.map(({ metric }) => metric))].filter(hasCurve);
  const { marks, again } = useMarks({ device: device.id }, { spanMs: SPANS[span] });
  const more = { of: { device: device.id }, span, marks, isCompared: asked.beside === 'week' };
  if (metrics.length === 0 && chosen === undefined) return null;
  return (
    <section class="panel trends" aria-labelledby="trends-title">
      <div class="panel-title">
        <h2 id="trends-title">{t('device.trends')}</h2>
        <ChartChoice asked={asked} pathOf={(charts) => paths.device(device.id, charts)} />
      </div>
      <div class="charts">
        {chosen !== undefined && (
          <Chart key={readingKey(chosen)} metric={chosen.metric} labels={chosen.labels} {...more} />
        )}
        {metrics.map((metric) => (
          <Chart key={metric} metric={metric} {...more} />
        ))}
      </div>
      <ChartMarks marks={marks} again={again} place={{ device: device.id }} />
    </section>
  );
}

interface ReadingsProps {
  readonly readings: readonly ReadingView[] | undefined;
  /** The device is silent: what it told last is history. */
  readonly isOld: boolean;
  readonly chosen: ReadingView | undefined;
  readonly onChart: (reading: ReadingView) => void;
}

function Readings({ readings: all, isOld, chosen, onChart }: ReadingsProps) {
  const { t } = useText();
  const readings = all?.filter(isTold);
  return (
    <section class="panel" data-old={isOld} aria-labelledby="readings-title">
      <h2 id="readings-title" class="panel-title">
        {t('device.readings')}
        <span class="panel-count">{readings?.length}</span>
      </h2>
      {readings === undefined || readings.length === 0 ? (
        <Empty title={readings === undefined ? t('device.readings.waiting') : t('device.readings.none')} />
      ) : (
        <>
          {isOld && <p class="old-note">{t('device.old_values')}</p>}
          <ReadingsTable readings={readings} charted={chosen && readingKey(chosen)} onChart={onChart} />
        </>
      )}
    </section>
  );
}

function OneDevice({
  site,
  device,
  asked,
}: {
  readonly site: Site;
  readonly device: SiteDevice;
  readonly asked: ChartsAsked;
}) {
  const { live } = useApp();
  const { t } = useText();
  const chosen = useSignal<ReadingView | undefined>(undefined);
  const trends = useRef<HTMLDivElement>(null);
  const view = live.device(device.id).value;
  const told = live.readings(device.id).value;
  const alerts = live.alerts.value.filter((alert) => isActive(alert) && alert.device === device.id);

  function show(reading: ReadingView): void {
    chosen.value = reading;
    trends.current?.scrollIntoView({ block: 'start' });
  }

  return (
    <div class="page device">
      <DeviceHead site={site} device={device} view={view} readings={told?.readings ?? []} />
      {alerts.length > 0 && (
        <section aria-label={t('device.alerts')}>
          <AlertList site={site} alerts={alerts} />
        </section>
      )}
      <div ref={trends}>
        <Trends device={device} headline={view?.headline ?? []} chosen={chosen.value} asked={asked} />
      </div>
      <Readings
        readings={told?.readings}
        isOld={view !== undefined && !tellsNow(signOf(view.state))}
        chosen={chosen.value}
        onChart={show}
      />
      <DeviceReport device={device.id} />
      <DebugView device={device.id} />
    </div>
  );
}

/** Everything that is known of one device. */
export function DevicePage({
  site,
  route,
}: {
  readonly site: Site;
  readonly route: Extract<Route, { readonly page: 'device' }>;
}) {
  const { t } = useText();
  const device = deviceOf(site, route.device);
  if (device === undefined) {
    return (
      <Empty title={t('device.missing', { device: route.device })} isPage>
        <a class="button" href="/">
          {t('error.to_room')}
        </a>
      </Empty>
    );
  }
  return <OneDevice site={site} device={device} asked={route} />;
}
