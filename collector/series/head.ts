import type { Labels } from '../../config/model/labels.ts';
import type { SeriesSink, SeriesSlice, SeriesSource } from '../../config/model/series.ts';
import { createMatcherCompiler } from './matchers.ts';
import { createPostings } from './postings.ts';
import { createStorage, Series, type SeriesWatcher, type Storage } from './series.ts';
import { createSymbols, type Symbols } from './symbols.ts';

/**
 * The last hours of all series in memory. The arrays of a slice are the head's own: they hold until the next append
 * or `dropBefore`.
 */
export interface Head extends SeriesSource, SeriesSink {
  /** The series of these labels, made if there is none; `undefined` when the head holds as many as it may. */
  seriesOf(labels: Labels): Series | undefined;
  /** The series that have this label. The list is the head's own: it grows; when series go, another takes its place. */
  seriesWith(name: string, value: string): readonly Series[];
  /** Lets go of the samples before the instant, and of the series that have none left. */
  dropBefore(beforeMs: number): void;
  /** Lets go of the samples after the instant: the clock was set back, and what is new would count as old. */
  dropAfter(afterMs: number): void;
  /** Every series, in no order. */
  all(): Iterable<Series>;
  /** Tells of what is packed and what comes late; one watcher at most. */
  watch(watcher: SeriesWatcher | undefined): void;
  labelNames(): readonly string[];
  labelValues(name: string): readonly string[];
  /** It takes no new series until some are gone. */
  readonly isFull: boolean;
  /** How much is used of what it may hold, of series or of label texts, whichever is nearer its end: 0 to 1. */
  readonly usedRatio: number;
  readonly size: { readonly series: number; readonly symbols: number };
}

/** How many series a head holds if nothing else is said: a bound for what hostile pages can do. */
const DEFAULT_MAX_SERIES = 250_000;
/** The newest samples of so few series are read sooner than one by one. */
const MAX_AT_ONCE = 10_000;
/** How long the texts of all labels are together at most: some hundred characters of its own for each series. */
const DEFAULT_MAX_LABEL_CHARS = 64 * 1024 * 1024;

export interface HeadBounds {
  readonly maxSeries?: number;
  readonly maxLabelChars?: number;
}

export function createHead({
  maxSeries = DEFAULT_MAX_SERIES,
  maxLabelChars = DEFAULT_MAX_LABEL_CHARS,
}: HeadBounds = {}): Head {
  const storage = createStorage();
  const compile = createMatcherCompiler();
  const index = createIndex(storage);
  const { byKey, postings, symbols } = index;

  const usedRatio = (): number => Math.max(byKey.size / maxSeries, symbols.chars / maxLabelChars);
  const isFull = (): boolean => usedRatio() >= 1;
  const seriesOf = (labels: Labels): Series | undefined => {
    const names = namesIn(labels);
    return index.find(names, labels) ?? (isFull() ? undefined : index.create(names, labels));
  };

  return {
    seriesOf,
    append: (labels, atMs, value) => seriesOf(labels)?.append(atMs, value) ?? false,
    select(matchers, fromMs, toMs, detail) {
      const found = postings.find(matchers.map(compile));
      if (detail?.isNewest !== true) return eachOf(found, (series) => series.slice(fromMs, toMs));
      const newest = (series: Series): SeriesSlice => series.newest(fromMs, toMs);
      return found.length <= MAX_AT_ONCE ? found.map(newest) : eachOf(found, newest);
    },
    seriesWith: (name, value) => postings.listOf(name, value),
    dropBefore(beforeMs) {
      const gone = new Set<Series>();
      for (const series of byKey.values()) if (!series.dropBefore(beforeMs)) gone.add(series);
      index.remove(gone);
    },
    dropAfter(afterMs) {
      for (const series of byKey.values()) series.dropAfter(afterMs);
      storage.watcher?.dropped();
    },
    all: () => byKey.values(),
    watch(watcher) {
      storage.watcher = watcher;
    },
    labelNames: () => [...postings.names()].sort(),
    labelValues: (name) => [...postings.valuesOf(name)].sort(),
    get isFull() {
      return isFull();
    },
    get usedRatio() {
      return Math.min(1, usedRatio());
    },
    get size() {
      return { series: byKey.size, symbols: symbols.size };
    },
  };
}

/** Each when it is asked for: whoever has read enough reads no more. */
function* eachOf(found: readonly Series[], read: (series: Series) => SeriesSlice): Generator<SeriesSlice> {
  for (const series of found) yield read(series);
}

/** Finds series by their labels, and all that is known of them beside their samples. */
function createIndex(storage: Storage) {
  const symbols = createSymbols();
  /** By the numbers of its symbols: shorter than its labels, and equal for equal ones. */
  const byKey = new Map<string, Series>();
  const postings = createPostings<Series>(() => byKey.values());
  let lastId = 0;
  return {
    symbols,
    postings,
    byKey,
    find(names: readonly string[], labels: Labels): Series | undefined {
      const ids = heldIds(symbols, names, labels);
      return ids && byKey.get(keyOf(ids));
    },
    create(names: readonly string[], labels: Labels): Series {
      const ids = names.flatMap((name) => [symbols.hold(name), symbols.hold(labels[name] ?? '')]);
      const interned = ids.map((id) => symbols.textOf(id));
      const own = Object.fromEntries(names.map((_, at) => [interned[2 * at], interned[2 * at + 1]]));
      const key = keyOf(ids);
      lastId += 1;
      const series = new Series({ labels: own, key, id: lastId, storage });
      byKey.set(key, series);
      postings.add(series);
      return series;
    },
    remove(gone: ReadonlySet<Series>): void {
      postings.remove(gone);
      for (const series of gone) {
        byKey.delete(series.key);
        for (const id of idsIn(series.key)) symbols.release(id);
        series.leave();
      }
    },
  };
}

/** In their order; an empty label is none. */
function namesIn(labels: Labels): readonly string[] {
  const names = Object.keys(labels);
  let isInOrder = true;
  for (let index = 0; index < names.length && isInOrder; index += 1) {
    const name = names[index] ?? '';
    isInOrder = labels[name] !== '' && (names[index - 1] ?? '') <= name;
  }
  return isInOrder ? names : names.filter((name) => labels[name] !== '').sort();
}

/** The numbers of names and values in turn; `undefined` when one of them is held by no series. */
function heldIds(symbols: Symbols, names: readonly string[], labels: Labels): number[] | undefined {
  const ids: number[] = [];
  for (const name of names) {
    const nameId = symbols.find(name);
    const valueId = symbols.find(labels[name] ?? '');
    if (nameId === undefined || valueId === undefined) return undefined;
    ids.push(nameId, valueId);
  }
  return ids;
}

function idsIn(key: string): readonly number[] {
  const ids: number[] = [];
  for (let at = 0; at < key.length; at += 2) ids.push(key.charCodeAt(at) * 0x1_0000 + key.charCodeAt(at + 1));
  return ids;
}

/** One text for a list of numbers, two characters for each. In one piece: a text that was put together keeps its parts. */
function keyOf(ids: readonly number[]): string {
  const codes: number[] = [];
  for (const id of ids) codes.push(id >>> 16, id & 0xffff);
  return String.fromCharCode(...codes);
}
