import { defined } from '../../../config/model/defined.ts';
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

/** A span as it goes on. */
interface Span extends Pick<Extreme, 'metric' | 'device' | 'part'> {
  now: number | undefined;
  lowest: number;
  highest: number;
}

/** Spans that widen with each reading; a reading that is gone keeps its span and has no `now`. */
export class Spans {
  readonly #byPlace: Map<string, Span>;
  /** A series is read again and again: its span is looked up once. */
  readonly #byLabels = new WeakMap<Labels, Span>();

  constructor(known: readonly Extreme[] = []) {
    this.#byPlace = new Map(known.map((span) => [keyOf(span), { ...span, now: undefined }]));
  }

  /** Takes all that is read at a moment. */
  take(read: Iterable<Pick<LatestSample, 'labels' | 'value'>>): void {
    for (const span of this.#byPlace.values()) span.now = undefined;
    for (const { labels, value } of read) {
      const span = this.#byLabels.get(labels) ?? this.#begin(labels, value);
      if (span === undefined) continue;
      span.now = value;
      if (value < span.lowest) span.lowest = value;
      if (value > span.highest) span.highest = value;
    }
  }

  all(): readonly Extreme[] {
    return Array.from(this.#byPlace.values(), (span) => defined(span));
  }

  #begin(labels: Labels, value: number): Span | undefined {
    const place = placeOf(labels);
    if (place === undefined) return undefined;
    const key = keyOf(place);
    const span = this.#byPlace.get(key) ?? { ...place, now: value, lowest: value, highest: value };
    this.#byPlace.set(key, span);
    this.#byLabels.set(labels, span);
    return span;
  }
}

function keyOf({ metric, device, part }: Pick<Extreme, 'metric' | 'device' | 'part'>): string {
  // In one piece: a text that was put together bit by bit keeps all its parts.
  return [metric, device, part].join('\n');
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
