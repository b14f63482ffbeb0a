import { WatchkeeperError } from '../../config/model/errors.ts';
import { parseTimestampMs, parseValue } from './number-text.ts';

const LINE_END = 10;
/** So much of what stands in a value's place is told. */
const MAX_TOLD_CHARS = 40;

const NO_TIMES = new Float64Array();

/** What the lines of a page say, one after the other. They hold until the next page is read into them. */
export class Columns {
  values = new Float64Array(64);
  /** As the page states them, NaN where it states none; empty where it states none at all. */
  timesMs = NO_TIMES;

  /** For another page. */
  begin(): void {
    this.timesMs = NO_TIMES;
  }

  put(index: number, value: number): void {
    if (index === this.values.length) this.#grow();
    this.values[index] = value;
  }

  putTime(index: number, atMs: number): void {
    if (this.timesMs === NO_TIMES) this.timesMs = new Float64Array(this.values.length).fill(Number.NaN);
    this.timesMs[index] = atMs;
  }

  #grow(): void {
    const { values, timesMs } = this;
    // A page is as long as the one before, or nearly: room that lies idle would do so for good.
    const length = Math.ceil(values.length * 1.25);
    this.values = new Float64Array(length);
    this.values.set(values);
    if (timesMs === NO_TIMES) return;
    this.timesMs = new Float64Array(length).fill(Number.NaN);
    this.timesMs.set(timesMs);
  }
}

/** Reads value and perhaps time of a line from `at` on into the columns; answers where the next line begins. */
export function readTextNumbers(body: Buffer, at: number, columns: Columns, index: number): number {
  const end = readValue(body, at, columns, index);
  if (isLineEnd(body, end)) return end + 1;
  const timeStart = skipSpaces(body, end);
  if (isLineEnd(body, timeStart)) return timeStart + 1;
  const timeEnd = wordEnd(body, timeStart);
  const atMs = parseTimestampMs(body.toString('latin1', timeStart, timeEnd));
  const after = skipSpaces(body, timeEnd);
  if (atMs === undefined || !isLineEnd(body, after)) throw invalid('the time is not in milliseconds');
  columns.putTime(index, atMs);
  return after + 1;
}

/** The same in OpenMetrics: times are in seconds, and an example may follow. */
export function readOpenNumbers(body: Buffer, at: number, columns: Columns, index: number): number {
  const end = readValue(body, at, columns, index);
  const next = skipSpaces(body, end);
  if (isBlankOrComment(body, next)) return lineEnd(body, next) + 1;
  const timeEnd = wordEnd(body, next);
  const atSeconds = parseValue(body, next, timeEnd) ?? Number.NaN;
  if (!Number.isFinite(atSeconds) || !isBlankOrComment(body, skipSpaces(body, timeEnd))) {
    throw invalid('the time is not in seconds');
  }
  columns.putTime(index, Math.round(atSeconds * 1_000));
  return lineEnd(body, timeEnd) + 1;
}

/** Answers where the value ends. */
function readValue(body: Buffer, at: number, columns: Columns, index: number): number {
  const start = skipSpaces(body, at);
  const end = wordEnd(body, start);
  const value = parseValue(body, start, end);
  if (value === undefined) {
    const told = body.toString('latin1', start, Math.min(end, start + MAX_TOLD_CHARS));
    throw invalid(`${JSON.stringify(told)} is no value`);
  }
  columns.put(index, value);
  return end;
}

export function skipSpaces(body: Buffer, at: number): number {
  let next = at;
  for (let code = body[next]; code === 32 || code === 9; code = body[next]) next += 1;
  return next;
}

function wordEnd(body: Buffer, at: number): number {
  let end = at;
  while ((body[end] ?? 0) > 32) end += 1;
  return end;
}

function isLineEnd(body: Buffer, at: number): boolean {
  return at >= body.length || body[at] === LINE_END;
}

export function isBlankOrComment(body: Buffer, at: number): boolean {
  return isLineEnd(body, at) || body[at] === 35;
}

export function lineEnd(body: Buffer, at: number): number {
  const end = body.indexOf(LINE_END, at);
  return end < 0 ? body.length : end;
}

/** Something is wrong with a line. */
export function invalid(message: string): WatchkeeperError {
  return new WatchkeeperError('exposition_invalid', message);
}
