import { computed, useSignal, type Signal } from '@preact/signals';
import { useId, useMemo } from 'preact/hooks';
import { useApp, useText } from '../app.ts';
import type { DeviceKind } from '../../config/model/device.ts';
import type { Room, SiteDevice } from '../../config/model/site.ts';
import { SPANS, type Span } from '../data/chart.ts';
import { Chart, CompareChip } from './chart.tsx';
import { ChartMarks, useMarks } from './chart-marks.tsx';

interface Shown {
  readonly metric: string;
  /** As one line: the mean, between the least and the greatest. */
  readonly isSpread: boolean;
  /** Whose it is, where several kinds have a reading of this name. */
  readonly kind?: DeviceKind;
}

/** What a room and a rack are looked at by; where nothing tells it there is no chart. */
const METRICS: readonly Shown[] = [
  { metric: 'sensor_celsius', isSpread: true },
  { metric: 'sensor_humidity_ratio', isSpread: true },
  { metric: 'ups_load_ratio', isSpread: false, kind: 'ups' },
  { metric: 'pdu_load_watts', isSpread: false, kind: 'pdu' },
];
const FIRST_SPAN: Span = '3h';

interface RoomTrendsProps {
  readonly room: Room;
  readonly devices: readonly SiteDevice[];
}

function RackChoice({ racks, rack }: { readonly racks: readonly string[]; readonly rack: Signal<string> }) {
  const { t } = useText();
  return (
    <select
      aria-label={t('room.trends.rack')}
      value={rack}
      onChange={(event) => (rack.value = event.currentTarget.value)}
    >
      <option value="">{t('room.trends.whole')}</option>
      {racks.map((name) => (
        <option key={name} value={name}>
          {t('room.rack', { rack: name })}
        </option>
      ))}
    </select>
  );
}

function SpanChoice({ span }: { readonly span: Signal<Span> }) {
  const { t, format } = useText();
  return (
    <div class="chips" role="group" aria-label={t('chart.span')}>
      {(Object.keys(SPANS) as Span[]).map((choice) => (
        <button
          key={choice}
          type="button"
          class="chip"
          aria-pressed={choice === span.value}
          onClick={() => (span.value = choice)}
        >
          {format.duration(SPANS[choice])}
        </button>
      ))}
    </div>
  );
}

/** The room's climate and load over time, or those of one rack, with what happened. */
export function RoomTrends({ room, devices }: RoomTrendsProps) {
  const { t, words } = useText();
  const span = useSignal<Span>(FIRST_SPAN);
  const rack = useSignal('');
  const isCompared = useSignal(false);
  const racks = [...new Set(devices.flatMap(({ mount }) => mount?.rack ?? []))].sort();
  const { marks, again } = useMarks({ room: room.id }, { spanMs: SPANS[span.value] });
  const told = useTold(devices, rack.value);
  const id = useId();
  return (
    <section class="panel room-trends" aria-labelledby={`${id}-title`}>
      <div class="panel-title">
        <h2 id={`${id}-title`}>{t('device.trends')}</h2>
        {racks.length > 0 && <RackChoice racks={racks} rack={rack} />}
        <SpanChoice span={span} />
        <CompareChip isCompared={isCompared} />
      </div>
      {told.length === 0 ? (
        <p class="aside-note">{t('room.trends.none')}</p>
      ) : (
        <div class="charts">
          {told.map(({ metric, isSpread, kind }) => (
            <Chart
              key={`${metric} ${rack.value}`}
              metric={metric}
              {...(kind === undefined ? {} : { whose: words.kind(kind) })}
              of={{ room: room.id, isSpread, ...(rack.value === '' ? {} : { rack: rack.value }) }}
              span={span.value}
              marks={marks}
              isCompared={isCompared.value}
            />
          ))}
        </div>
      )}
      <ChartMarks marks={marks} again={again} place={{ room: room.id }} />
    </section>
  );
}

/** What some device of the room or rack tells; the same as before where only values have changed. */
function useTold(devices: readonly SiteDevice[], rack: string): readonly Shown[] {
  const { live } = useApp();
  const names = useMemo(
    () =>
      computed(() => {
        const own = devices.filter(({ mount }) => rack === '' || mount?.rack === rack);
        const headlines = own.flatMap(({ id }) => live.device(id).value?.headline ?? []);
        const told = new Set(headlines.map(({ metric }) => metric));
        return METRICS.filter(({ metric }) => told.has(metric))
          .map(({ metric }) => metric)
          .join(' ');
      }),
    [live, devices, rack],
  ).value;
  return METRICS.filter(({ metric }) => names.split(' ').includes(metric));
}
