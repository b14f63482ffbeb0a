import { computed } from '@preact/signals';
import { useId, useMemo } from 'preact/hooks';
import { useApp, useText } from '../app.ts';
import type { DeviceKind } from '../../config/model/device.ts';
import type { Room, SiteDevice } from '../../config/model/site.ts';
import { SPANS, spanOf } from '../data/chart.ts';
import { paths, type RoomAsked } from '../data/route.ts';
import { Chart } from './chart.tsx';
import { ChartChoice } from './chart-choice.tsx';
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

interface RoomTrendsProps {
  readonly room: Room;
  readonly devices: readonly SiteDevice[];
  readonly asked: RoomAsked;
}

interface RackChoiceProps {
  readonly racks: readonly string[];
  /** Empty: the whole room. */
  readonly rack: string;
  readonly pathOf: (rack: string | undefined) => string;
}

function RackChoice({ racks, rack, pathOf }: RackChoiceProps) {
  const { router } = useApp();
  const { t } = useText();
  return (
    <select
      aria-label={t('room.trends.rack')}
      value={rack}
      onChange={(event) => router.go(pathOf(event.currentTarget.value || undefined), { isInPlace: true })}
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

/** The room's climate and load over time, or those of one rack, with what happened. */
export function RoomTrends({ room, devices, asked }: RoomTrendsProps) {
  const { t, words } = useText();
  const span = spanOf(asked.span);
  const racks = [...new Set(devices.flatMap(({ mount }) => mount?.rack ?? []))].sort();
  const rack = racks.find((name) => name === asked.rack) ?? '';
  const { marks, again } = useMarks({ room: room.id }, { spanMs: SPANS[span] });
  const told = useTold(devices, rack);
  const id = useId();
  return (
    <section class="panel trends room-trends" aria-labelledby={`${id}-title`}>
      <div class="panel-title">
        <h2 id={`${id}-title`}>{t('device.trends')}</h2>
        {racks.length > 0 && (
          <RackChoice
            racks={racks}
            rack={rack}
            pathOf={(chosen) => paths.room(room.id, { ...asked, rack: chosen })}
          />
        )}
        <ChartChoice asked={asked} pathOf={(charts) => paths.room(room.id, { ...asked, ...charts })} />
      </div>
      {told.length === 0 ? (
        <p class="aside-note">{t('room.trends.none')}</p>
      ) : (
        <div class="charts">
          {told.map(({ metric, isSpread, kind }) => (
            <Chart
              key={`${metric} ${rack}`}
              metric={metric}
              {...(kind === undefined ? {} : { whose: words.kind(kind) })}
              of={{ room: room.id, isSpread, ...(rack === '' ? {} : { rack }) }}
              span={span}
              marks={marks}
              isCompared={asked.beside === 'week'}
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
