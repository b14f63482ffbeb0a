import { join } from 'node:path';
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { markStale } from '../../../config/model/sample.ts';
import { TIER_MS, type Aspect } from '../../../config/model/tiers.ts';
import { Column } from '../gathered.ts';
import { parquet } from './duck.ts';
import type { HistoryFile, ReadSegment } from './layout.ts';

/** Lines of one series: `columns[i]` has what was asked for as the i-th aspect; raw samples are all their own. */
export interface Lines {
  readonly timesMs: Float64Array;
  readonly columns: readonly Float64Array[];
}

export interface ReadAsk {
  readonly folder: string;
  readonly segment: ReadSegment;
  readonly numbers: readonly number[];
  readonly aspects: readonly Aspect[];
  /** Throws when too much was read. */
  readonly spend: (lines: number) => void;
}

/** More are read as a range, and what is not asked for is passed over. */
const MAX_LISTED = 1_000;
/** A range that holds so much that nobody asked for is still read faster than a list. */
const RANGE_WASTE = 3;

/** So much of what the files hold is read whole, and what lies outside passed over: looking at each instant costs more. */
const WHOLE_RATIO = 0.5;

function whereOf({ segment, numbers }: ReadAsk, files: readonly HistoryFile[]): string {
  const series = seriesWhere(numbers);
  const heldFromMs = Math.min(...files.map(({ fromMs }) => fromMs));
  const heldToMs = Math.max(...files.map(({ toMs }) => toMs));
  if (segment.toMs - segment.fromMs >= WHOLE_RATIO * (heldToMs - heldFromMs)) return series;
  const at = (atMs: number): string => `epoch_ms(${Math.trunc(atMs)})::TIMESTAMP_MS`;
  return `${series} AND t BETWEEN ${at(Math.ceil(segment.fromMs))} AND ${at(Math.floor(segment.toMs))}`;
}

function seriesWhere(numbers: readonly number[]): string {
  const first = Math.min(...numbers);
  const last = Math.max(...numbers);
  const isDense = last - first + 1 <= RANGE_WASTE * numbers.length || numbers.length > MAX_LISTED;
  const span = `series BETWEEN ${first} AND ${last}`;
  return isDense ? span : `${span} AND series IN (${numbers.join(',')})`;
}

/** Reads a segment: the lines of each series in the order of their instants. */
export async function readSegment(
  connection: DuckDBConnection,
  ask: ReadAsk,
): Promise<ReadonlyMap<number, Lines>> {
  const { folder, segment, numbers, aspects, spend } = ask;
  const columns = segment.tier === 'raw' ? ['value'] : aspects;
  const files = segment.files.filter(({ firstSeries, lastSeries }) =>
    numbers.some((number) => number >= firstSeries && number <= lastSeries),
  );
  if (files.length === 0) return new Map();
  const wanted = new Set(numbers);
  const gathered = new Map<number, Gathered>();
  const result = await connection.stream(
    `SELECT series, epoch_ms(t)::DOUBLE, ${columns.map((each) => `${each}::DOUBLE`).join(', ')} FROM ${parquet(
      files.map(({ name }) => join(folder, name)),
    )} WHERE ${whereOf(ask, files)}`,
  );
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    spend(takeChunk(chunk, { columns: columns.length, wanted, gathered, segment }));
  }
  const found = new Map<number, Lines>();
  for (const [number, own] of gathered) {
    const lines = own.finish(TIER_MS[segment.tier]);
    const [value] = lines.columns;
    const isRaw = segment.tier === 'raw' && value !== undefined;
    found.set(
      number,
      isRaw ? { ...lines, columns: aspects.map((aspect) => asAspect(value, aspect)) } : lines,
    );
  }
  return found;
}

/** A sample is the least, the greatest, the mean and the last of its instant, and one. */
function asAspect(values: Float64Array, aspect: Aspect): Float64Array {
  return aspect === 'count' ? values.map((value) => (Number.isNaN(value) ? 0 : 1)) : values;
}

interface Taking {
  readonly segment: Pick<ReadSegment, 'fromMs' | 'toMs'>;
  readonly columns: number;
  readonly wanted: ReadonlySet<number>;
  readonly gathered: Map<number, Gathered>;
}

function takeChunk(chunk: DuckDBDataChunk, { columns, wanted, gathered, segment }: Taking): number {
  const series = chunk.getColumnVector(0);
  const times = chunk.getColumnVector(1);
  const values = Array.from({ length: columns }, (_, index) => chunk.getColumnVector(index + 2));
  let own: Gathered | undefined;
  let ownNumber = -1;
  let taken = 0;
  // Each look at it goes through to DuckDB.
  const { rowCount } = chunk;
  for (let row = 0; row < rowCount; row += 1) {
    const number = series.getItem(row) as number;
    const atMs = times.getItem(row) as number;
    if (!wanted.has(number) || atMs < segment.fromMs || atMs > segment.toMs) continue;
    if (number !== ownNumber || own === undefined) {
      own = gathered.get(number);
      if (own === undefined) gathered.set(number, (own = new Gathered(columns)));
      ownNumber = number;
    }
    own.push(atMs);
    for (let index = 0; index < columns; index += 1) {
      own.pushValue(index, values[index]?.getItem(row) as number | null | undefined);
    }
    taken += 1;
  }
  return taken;
}

const MARK = new Float64Array(1);
markStale(MARK, 0);

/** The lines of one series, as the files gave them one after the other. */
class Gathered {
  readonly #times = new GrowingColumn();
  readonly #columns: readonly GrowingColumn[];
  #lastMs = Number.NEGATIVE_INFINITY;
  #isSorted = true;

  constructor(columns: number) {
    this.#columns = Array.from({ length: columns }, () => new GrowingColumn());
  }

  push(atMs: number): void {
    // Two lines of one coarse span are not in the same file.
    if (!(atMs > this.#lastMs)) this.#isSorted = false;
    this.#lastMs = atMs;
    this.#times.push(atMs);
  }

  pushValue(index: number, value: number | null | undefined): void {
    const column = this.#columns[index];
    if (value === null || value === undefined) column?.copy(MARK);
    else column?.push(value);
  }

  finish(spanMs: number): Lines {
    const timesMs = this.#times.taken();
    const columns = this.#columns.map((column) => column.taken());
    if (this.#isSorted && (spanMs === 0 || isOneASpan(timesMs, spanMs))) return { timesMs, columns };
    return newestOf({ timesMs, columns }, spanMs);
  }
}

function isOneASpan(timesMs: Float64Array, spanMs: number): boolean {
  for (let index = 1; index < timesMs.length; index += 1) {
    if (spanOf(timesMs[index] ?? 0, spanMs) === spanOf(timesMs[index - 1] ?? 0, spanMs)) return false;
  }
  return true;
}

function spanOf(atMs: number, spanMs: number): number {
  return spanMs === 0 ? atMs : Math.floor((atMs - 1) / spanMs);
}

/** In order, of several for one span the last that was read: files are read in the order of writing. */
function newestOf({ timesMs, columns }: Lines, spanMs: number): Lines {
  const bySpan = new Map<number, number>();
  for (let index = 0; index < timesMs.length; index += 1) {
    bySpan.set(spanOf(timesMs[index] ?? 0, spanMs), index);
  }
  const order = [...bySpan].sort(([a], [b]) => a - b).map(([, index]) => index);
  const picked = (column: Float64Array): Float64Array => {
    const own = new Float64Array(order.length);
    // By sub-arrays: a number in JavaScript may lose the bits of a marker.
    for (const [at, index] of order.entries()) own.set(column.subarray(index, index + 1), at);
    return own;
  };
  return { timesMs: picked(timesMs), columns: columns.map(picked) };
}

/** Small at first: there may be very many. */
class GrowingColumn {
  #numbers = new Float64Array(64);
  #length = 0;

  push(number: number): void {
    this.#room();
    this.#numbers[this.#length] = number;
    this.#length += 1;
  }

  /** One number with its bits. */
  copy(one: Float64Array): void {
    this.#room();
    this.#numbers.set(one, this.#length);
    this.#length += 1;
  }

  taken(): Float64Array {
    return this.#numbers.slice(0, this.#length);
  }

  #room(): void {
    if (this.#length < this.#numbers.length) return;
    const larger = new Float64Array(this.#numbers.length * 2);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}

/** One piece behind the other. */
export function joined(pieces: readonly Lines[]): Lines {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const together = (columns: readonly Float64Array[]): Float64Array => {
    const all = new Column();
    for (const column of columns) all.copy(column, 0, column.length);
    return all.view().slice();
  };
  return {
    timesMs: together(pieces.map(({ timesMs }) => timesMs)),
    columns: (first?.columns ?? []).map((_, at) =>
      together(pieces.map(({ columns }) => columns[at] ?? NONE)),
    ),
  };
}

const NONE = new Float64Array(0);

/** Counts what a query reads. */
export function budget(maxLines: number): (lines: number) => void {
  let read = 0;
  return (lines) => {
    read += lines;
    if (read > maxLines) {
      throw new WatchkeeperError('query_limit', `the query reads more than ${maxLines} samples of history`);
    }
  };
}
