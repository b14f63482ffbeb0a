import { METRIC_NAME, type Labels } from '../../../config/model/labels.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { every } from '../../../config/runtime/every.ts';
import type { Log } from '../../../config/runtime/log.ts';
import type { LatestSample } from '../../series/series.ts';
import { saveWatchFigure, watchFigure } from '../../records/duty.ts';
import type { Db } from '../../records/tables.ts';

/** A reading of UPS or climate: now, and lowest and highest since the watch began. */
export interface Extreme {
  readonly metric: string;
  readonly device: string;
  /** Which of several sensors or lines; empty where there is one. */
  readonly part: string;
  /** Absent: it does not answer, and nobody knows. */
  readonly now?: number;
  readonly lowest: number;
  readonly highest: number;
}

/** The readings that a sheet passes on. */
export const WATCHED: readonly string[] = [
  'ups_load_ratio',
  'ups_battery_charge_ratio',
  'ups_battery_runtime_seconds',
  'sensor_celsius',
  'sensor_humidity_ratio',
  'crac_supply_air_celsius',
  'crac_return_air_celsius',
];
const PARTS = ['line', 'battery', 'sensor', 'unit'];

/** What a series measures; `undefined` where it names no device. */
export function placeOf(labels: Labels): Pick<Extreme, 'metric' | 'device' | 'part'> | undefined {
  const { [METRIC_NAME]: metric, device } = labels;
  if (metric === undefined || device === undefined) return undefined;
  const part = PARTS.map((name) => labels[name] ?? '')
    .filter((text) => text !== '')
    .join(' ');
  return { metric, device, part };
}

/** Goes on from what is known with what is read now; a reading that is gone keeps its span and has no `now`. */
export function widened(
  known: readonly Extreme[],
  read: readonly {
    readonly metric: string;
    readonly device: string;
    readonly part: string;
    readonly value: number;
  }[],
): readonly Extreme[] {
  const keyOf = ({ metric, device, part }: Pick<Extreme, 'metric' | 'device' | 'part'>): string =>
    `${metric}\n${device}\n${part}`;
  const next = new Map(known.map(({ now: _before, ...span }): [string, Extreme] => [keyOf(span), span]));
  for (const { value, ...place } of read) {
    const { lowest = value, highest = value } = next.get(keyOf(place)) ?? {};
    next.set(keyOf(place), {
      ...place,
      now: value,
      lowest: Math.min(lowest, value),
      highest: Math.max(highest, value),
    });
  }
  return [...next.values()];
}

export interface Extremes {
  all(): readonly Extreme[];
  /** A watch has ended: the spans begin anew. */
  restart(): void;
  stop(): Promise<void>;
}

export interface ExtremesDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly seriesOf: (metric: string) => Iterable<{ latest(): LatestSample | undefined }>;
}

const READ_EACH_MS = 10_000;
/** What is older is not now. */
const FRESH_MS = 120_000;
/** A crash loses the extremes of a minute at most. */
const SAVED_EACH = 6;
const FIGURE = 'extremes';

export async function keepExtremes({ db, clock, log, seriesOf }: ExtremesDeps): Promise<Extremes> {
  let extremes = (await watchFigure<readonly Extreme[]>(db, FIGURE)) ?? [];
  let turn = 0;
  const read = (atMs: number) =>
    WATCHED.flatMap((metric) =>
      [...seriesOf(metric)].flatMap((series) => {
        const sample = series.latest();
        if (sample === undefined || sample.isEnded || atMs - sample.atMs > FRESH_MS) return [];
        if (!Number.isFinite(sample.value)) return [];
        const place = placeOf(sample.labels);
        return place?.metric === metric ? [{ ...place, value: sample.value }] : [];
      }),
    );
  const onError = (err: unknown): void => log.warn({ err }, 'figures of the watch could not be kept');
  const loop = every(clock, { intervalMs: READ_EACH_MS, onError }, async (slotMs) => {
    extremes = widened(extremes, read(slotMs));
    turn += 1;
    if (turn % SAVED_EACH === 0) await saveWatchFigure(db, FIGURE, extremes);
  });
  return {
    // What stands on a sheet as now is not of some seconds ago.
    all: () => widened(extremes, read(clock.nowMs())),
    restart() {
      extremes = widened([], read(clock.nowMs()));
      saveWatchFigure(db, FIGURE, extremes).catch(onError);
    },
    stop: () => loop.stop(),
  };
}
