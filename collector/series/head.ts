import { randomInt } from 'node:crypto';
import type { Labels } from '../../config/model/labels.ts';
import type { NewestSamples, SeriesSink, SeriesSlice, SeriesSource } from '../../config/model/series.ts';
import { createMatcherCompiler } from './matchers.ts';
import { createLabelsMaker } from './own-labels.ts';
import { createPostings } from './postings.ts';
import {
  createStorage,
  seriesIn,
  type Series,
  type SeriesWatcher,
  type Span,
  type Storage,
} from './series.ts';
import { SeriesTable } from './series-table.ts';
import { createSymbols, type Symbols } from './symbols.ts';

/** The last hours of all series in memory. A slice is a copy: it stays as it was when it was read. */
export interface Head extends Required<SeriesSource>, SeriesSink {
  /** The series of these labels, made if there is none; `undefined` when the head holds as many as it may. */
  seriesOf(labels: Labels): Series | undefined;
  /** The series that have this label. The list is the head's own: it grows; when series go, another takes its place. */
  seriesWith(name: string, value: string): readonly Series[];
  /** Lets go of the samples before the instant, and of the series that have none left. */
  dropBefore(beforeMs: number): void;
  /** Lets go of the samples after the instant: the clock was set back, and what is new would count as old. */
  dropAfter(afterMs: number): void;
  /** Every series, in no order. The list is the head's own: it grows; when series go, another takes its place. */
  all(): readonly Series[];
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
  const { table, postings, symbols } = index;

  const usedRatio = (): number => Math.max(table.size / maxSeries, symbols.chars / maxLabelChars);
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
    newest(matchers, afterMs, toMs) {
      return newestOf(postings.find(matchers.map(compile)), { afterMs, toMs });
    },
    seriesWith: (name, value) => postings.listOf(name, value),
    dropBefore(beforeMs) {
      const gone = new Set<Series>();
      for (const series of table.all()) if (!series.dropBefore(beforeMs)) gone.add(series);
      index.remove(gone);
    },
    dropAfter(afterMs) {
      for (const series of table.all()) series.dropAfter(afterMs);
      storage.watcher?.dropped();
    },
    all: () => table.all(),
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
      return { series: table.size, symbols: symbols.size };
    },
  };
}

/** Each when it is asked for: whoever has read enough reads no more. */
function* eachOf(found: readonly Series[], read: (series: Series) => SeriesSlice): Generator<SeriesSlice> {
  for (const series of found) yield read(series);
}

const NOTHING: NewestSamples = { labels: [], timesMs: new Float64Array(0), values: new Float64Array(0) };

function newestOf(found: readonly Series[], span: Span): NewestSamples {
  if (found.length === 0) return NOTHING;
  const columns = { timesMs: new Float64Array(found.length), values: new Float64Array(found.length) };
  // All at once: a list that grows bit by bit leaves its smaller ones behind. Mostly, all of them have such a sample.
  const labels = found.map((series) => series.labels);
  let count = 0;
  for (const series of found) {
    if (!series.readNewest(span, columns, count)) continue;
    labels[count] = series.labels;
    count += 1;
  }
  labels.length = count;
  return { labels, ...columns };
}

/** Finds series by their labels, and all that is known of them beside their samples. */
function createIndex(storage: Storage) {
  const symbols = createSymbols();
  const table = new SeriesTable();
  const postings = createPostings<Series>(() => table.all());
  const makeLabels = createLabelsMaker();
  const make = seriesIn(storage);
  let lastId = 0;
  /** Each text once, whoever else has it. */
  const held = (text: string): string => symbols.textOf(symbols.hold(text));
  return {
    symbols,
    postings,
    table,
    find(names: readonly string[], labels: Labels): Series | undefined {
      const hash = hashOf(symbols, names, labels);
      return hash === undefined ? undefined : table.find(hash, names, labels);
    },
    create(names: readonly string[], labels: Labels): Series {
      const own = makeLabels(
        names.map(held),
        names.map((name) => held(labels[name] ?? '')),
      );
      lastId += 1;
      const series = make(own, lastId);
      table.add(series, hashOf(symbols, names, own) ?? 0);
      postings.add(series);
      return series;
    },
    remove(gone: ReadonlySet<Series>): void {
      table.remove(gone);
      postings.remove(gone);
      for (const series of gone) {
        for (const text of Object.entries(series.labels).flat()) symbols.release(text);
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

/** Another in each run: nobody can choose labels that all have one hash. */
const SEED = randomInt(2 ** 32) | 0;

/** Equal for equal labels; `undefined` when a name or value is held by no series. */
function hashOf(symbols: Symbols, names: readonly string[], labels: Labels): number | undefined {
  let hash = SEED;
  for (const name of names) {
    const nameId = symbols.find(name);
    const valueId = symbols.find(labels[name] ?? '');
    if (nameId === undefined || valueId === undefined) return undefined;
    hash = mixed(mixed(hash, nameId), valueId);
  }
  return hash;
}

/** The hash of what came before and one number more (multiplication by the golden ratio). */
function mixed(hash: number, id: number): number {
  const product = Math.imul(hash ^ id, 0x9e37_79b1);
  return product ^ (product >>> 15);
}
