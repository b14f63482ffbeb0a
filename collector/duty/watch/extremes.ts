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
export function placeOf(labels: Labels): Place | undefined {
  const { [METRIC_NAME]: metric, device } = labels;
  if (metric === undefined || device === undefined) return undefined;
  const part = PARTS.map((name) => labels[name] ?? '')
    .filter((text) => text !== '')
    .join(' ');
  return { metric, device, part };
}

/** Where something is measured. */
type Place = Pick<Extreme, 'metric' | 'device' | 'part'>;

/** Spans that widen with each reading; a reading that is gone keeps its span and has no `now`. */
export class Spans {
  readonly #places: Place[] = [];
  /** By the number of the place; NaN: it reads nothing now. No object for each: a list of numbers is one piece. */
  readonly #now: number[] = [];
  readonly #lowest: number[] = [];
  readonly #highest: number[] = [];
  /** A series is read again and again: the number of its place is looked up once. */
  readonly #byLabels = new WeakMap<Labels, number>();

  constructor(known: readonly Extreme[] = []) {
    for (const { metric, device, part, lowest, highest } of known)
      this.#add({ metric, device, part }, lowest, highest);
  }

  /** Takes all that is read at a moment: numbers, none of them NaN. */
  take(read: Iterable<Pick<LatestSample, 'labels' | 'value'>>): void {
    this.#now.fill(Number.NaN);
    // New series come together or not at all: what they are looked up in is made for them, and not kept.
    let byPlace: Map<string, number> | undefined;
    for (const { labels, value } of read) {
      let at = this.#byLabels.get(labels);
      if (at === undefined) {
        const place = placeOf(labels);
        if (place === undefined) continue;
        byPlace ??= new Map(this.#places.map((known, number) => [keyOf(known), number]));
        const key = keyOf(place);
        at = byPlace.get(key) ?? this.#add(place, value, value);
        byPlace.set(key, at);
        this.#byLabels.set(labels, at);
      }
      this.#now[at] = value;
      this.#lowest[at] = Math.min(this.#lowest[at] ?? value, value);
      this.#highest[at] = Math.max(this.#highest[at] ?? value, value);
    }
  }

  all(): readonly Extreme[] {
    return this.#places.map((place, at) => {
      const now = this.#now[at] ?? Number.NaN;
      const span = { ...place, lowest: this.#lowest[at] ?? now, highest: this.#highest[at] ?? now };
      return Number.isNaN(now) ? span : { ...span, now };
    });
  }

  #add(place: Place, lowest: number, highest: number): number {
    this.#now.push(Number.NaN);
    this.#lowest.push(lowest);
    this.#highest.push(highest);
    return this.#places.push(place) - 1;
  }
}

function keyOf({ metric, device, part }: Place): string {
  return `${metric}\n${device}\n${part}`;
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
  let spans = new Spans((await watchFigure<readonly Extreme[]>(db, FIGURE)) ?? []);
  let turn = 0;
  function* readings(atMs: number): Generator<LatestSample> {
    for (const metric of WATCHED) {
      for (const series of seriesOf(metric)) {
        const sample = series.latest();
        if (sample === undefined || sample.isEnded || atMs - sample.atMs > FRESH_MS) continue;
        if (Number.isFinite(sample.value)) yield sample;
      }
    }
  }
  const save = (): Promise<void> => saveWatchFigure(db, FIGURE, spans.all());
  const onError = (err: unknown): void => log.warn({ err }, 'figures of the watch could not be kept');
  const loop = every(clock, { intervalMs: READ_EACH_MS, onError }, async (slotMs) => {
    spans.take(readings(slotMs));
    turn += 1;
    if (turn % SAVED_EACH === 0) await save();
  });
  return {
    all() {
      // What stands on a sheet as now is not of some seconds ago.
      spans.take(readings(clock.nowMs()));
      return spans.all();
    },
    restart() {
      spans = new Spans();
      spans.take(readings(clock.nowMs()));
      save().catch(onError);
    },
    stop: () => loop.stop(),
  };
}
