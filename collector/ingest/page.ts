import { isUtf8 } from 'node:buffer';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { parseTimestampMs, parseValue } from './number-text.ts';

/** The part of a line before its value: taken apart once, recognised by its bytes from then on. */
export interface PageLine<T> {
  /** Each byte as one character. Ends in a brace, or in the space after a bare name. */
  readonly prefix: string;
  /** What `interpret` made of it. */
  readonly meaning: T;
  /** Where it stood on the latest page that had it, and the number of that page. */
  position: number;
  page: number;
}

/** The samples of one page in its order, for indices below `count`. All arrays hold until the next page is read. */
export interface Page<T> {
  /** Lines with another number were not on it. A page of the same lines as the one before has its number and its list. */
  readonly number: number;
  readonly count: number;
  readonly lines: readonly PageLine<T>[];
  readonly values: Float64Array;
  /** As the page states them; NaN where it states none. */
  readonly timesMs: Float64Array;
}

export interface PageReader<T> {
  /** @throws {WatchkeeperError} `exposition_invalid` naming the line; nothing of the page counts then. */
  read(body: Buffer, isOpenMetrics?: boolean): Page<T>;
}

export interface PageReaderOptions<T extends object> {
  readonly maxSamples: number;
  /** Makes something of `name{labels}`, or says in words what is wrong with it. */
  readonly interpret: (seriesText: string) => T | string;
}

const LINE_END = 10;
/** A longer line is an attack, not a sample. */
const MAX_LINE_BYTES = 262_144;
/** Two lines of a family's head for each sample, and room. More empty ones and comments are an attack, too. */
const MAX_OTHER_LINES_PER_SAMPLE = 4;
/** So much of what stands in a value's place is told. */
const MAX_TOLD_CHARS = 40;

/** A name, then perhaps labels in braces; a brace inside quotes does not close them. */
const PREFIX = /[^\s{]*[ \t]*\{(?:[^"}\n]|"(?:[^"\\\n]|\\[^\n])*")*\}|[^\s{]+[ \t]/y;

/**
 * Reads pages in Prometheus' text format 0.0.4. The pages of one target resemble each other: a line is compared with the one
 * that stood there last time, and only a new one is taken apart.
 */
export function createPageReader<T extends object>({
  maxSamples,
  interpret,
}: PageReaderOptions<T>): PageReader<T> {
  const maxOthers = maxSamples * MAX_OTHER_LINES_PER_SAMPLE;
  let previous: PageLine<T>[] = [];
  let columns: Columns = { values: new Float64Array(64), timesMs: new Float64Array(64) };
  let pageNumber = 0;

  const readLines = (body: Buffer, readNumbers: ReadNumbers): PageLine<T>[] => {
    const found = new FoundLines(previous);
    const known = createKnownLines(previous, interpret);
    let others = 0;
    for (let at = 0; at < body.length; ) {
      const expected = found.expected(body, at);
      const start = expected === undefined ? skipSpaces(body, at) : at;
      if (expected === undefined && isBlankOrComment(body, start)) {
        others += 1;
        if (others > maxOthers) throw invalid(body, at, 'there are too many lines without a sample');
        at = lineEnd(body, start) + 1;
        continue;
      }
      if (found.count >= maxSamples) throw invalid(body, at, `there are more than ${maxSamples} samples`);
      if (found.count === columns.values.length) columns = grown(columns);
      const line = expected ?? known.at(body, start);
      at = readNumbers(body, start + line.prefix.length, columns, found.count);
      found.add(line);
    }
    return found.all();
  };

  return {
    read(body, isOpenMetrics = false) {
      if (isOpenMetrics) requireEnd(body);
      const lines = readLines(body, isOpenMetrics ? readOpenNumbers : readTextNumbers);
      if (lines !== previous) {
        pageNumber += 1;
        lines.forEach((line, position) => {
          line.position = position;
          line.page = pageNumber;
        });
        previous = lines;
      }
      return { number: pageNumber, count: previous.length, lines: previous, ...columns };
    },
  };
}

/** The lines of a page as they are found: those of the page before, until one differs. */
class FoundLines<T> {
  count = 0;
  readonly #previous: PageLine<T>[];
  #lines: PageLine<T>[];
  /** Where on the page before the next line is looked for. */
  #next = 0;

  constructor(previous: PageLine<T>[]) {
    this.#previous = previous;
    this.#lines = previous;
  }

  /** The line that comes next if this page is like the one before. */
  expected(body: Buffer, at: number): PageLine<T> | undefined {
    const candidate = this.#previous[this.#next];
    return candidate !== undefined && startsWith(body, at, candidate.prefix) ? candidate : undefined;
  }

  add(line: PageLine<T>): void {
    this.#next = line === this.#previous[this.#next] ? this.#next + 1 : line.position + 1;
    if (this.#lines === this.#previous && line !== this.#previous[this.count]) {
      this.#lines = this.#previous.slice(0, this.count);
    }
    if (this.#lines !== this.#previous) this.#lines.push(line);
    this.count += 1;
  }

  /** The list of the page before if it has the same lines. */
  all(): PageLine<T>[] {
    const isShorter = this.#lines === this.#previous && this.count < this.#previous.length;
    return isShorter ? this.#previous.slice(0, this.count) : this.#lines;
  }
}

/** A page of OpenMetrics that was cut off on the way must not pass for a whole one. */
function requireEnd(body: Buffer): void {
  if (/(^|\n)# EOF\n?$/.test(body.toString('latin1', Math.max(0, body.length - 8)))) return;
  throw new WatchkeeperError('exposition_invalid', 'the page does not end in # EOF');
}

/**
 * The lines that were taken apart, for the reading of one page: looked up by their text only where a page is not in the
 * order of the one before, which is seldom, and forgotten with it.
 */
function createKnownLines<T extends object>(
  previous: readonly PageLine<T>[],
  interpret: PageReaderOptions<T>['interpret'],
) {
  let known: Map<string, PageLine<T>> | undefined;
  return {
    at(body: Buffer, at: number): PageLine<T> {
      const length = prefixLength(body, at);
      const prefix = body.toString('latin1', at, at + length);
      known ??= new Map(previous.map((line) => [line.prefix, line]));
      const line = known.get(prefix);
      if (line !== undefined) return line;
      const bytes = body.subarray(at, at + length);
      const meaning = isUtf8(bytes)
        ? interpret(bytes.toString('utf8').trimEnd())
        : 'the labels are not UTF-8';
      if (typeof meaning === 'string') throw invalid(body, at, meaning);
      const made = { prefix, meaning, position: -1, page: -1 };
      known.set(prefix, made);
      return made;
    },
  };
}

/** How long the part of a line before its value is. */
function prefixLength(body: Buffer, at: number): number {
  const end = lineEnd(body, at);
  if (end - at > MAX_LINE_BYTES) throw invalid(body, at, 'it is too long');
  PREFIX.lastIndex = 0;
  if (!PREFIX.test(body.toString('latin1', at, end))) throw invalid(body, at, 'there is no value');
  return PREFIX.lastIndex;
}

/** Whether the bytes there are the characters of the prefix. */
function startsWith(body: Buffer, at: number, prefix: string): boolean {
  const { length } = prefix;
  if (at + length > body.length) return false;
  for (let index = 0; index < length; index += 1) {
    if (body[at + index] !== prefix.charCodeAt(index)) return false;
  }
  return true;
}

interface Columns {
  readonly values: Float64Array;
  readonly timesMs: Float64Array;
}

type ReadNumbers = typeof readTextNumbers;

/** Reads value and perhaps time of a line from `at` on into the columns; answers where the next line begins. */
function readTextNumbers(body: Buffer, at: number, columns: Columns, index: number): number {
  const end = readValue(body, at, columns, index);
  if (isLineEnd(body, end)) return end + 1;
  const timeStart = skipSpaces(body, end);
  if (isLineEnd(body, timeStart)) return timeStart + 1;
  const timeEnd = wordEnd(body, timeStart);
  const atMs = parseTimestampMs(body.toString('latin1', timeStart, timeEnd));
  const after = skipSpaces(body, timeEnd);
  if (atMs === undefined || !isLineEnd(body, after))
    throw invalid(body, at, 'the time is not in milliseconds');
  columns.timesMs[index] = atMs;
  return after + 1;
}

/** The same in OpenMetrics: times are in seconds, and an example may follow. */
function readOpenNumbers(body: Buffer, at: number, columns: Columns, index: number): number {
  const end = readValue(body, at, columns, index);
  const next = skipSpaces(body, end);
  if (isBlankOrComment(body, next)) return lineEnd(body, next) + 1;
  const timeEnd = wordEnd(body, next);
  const atSeconds = parseValue(body, next, timeEnd) ?? Number.NaN;
  if (!Number.isFinite(atSeconds) || !isBlankOrComment(body, skipSpaces(body, timeEnd))) {
    throw invalid(body, at, 'the time is not in seconds');
  }
  columns.timesMs[index] = Math.round(atSeconds * 1_000);
  return lineEnd(body, timeEnd) + 1;
}

/** Answers where the value ends. */
function readValue(body: Buffer, at: number, { values, timesMs }: Columns, index: number): number {
  const start = skipSpaces(body, at);
  const end = wordEnd(body, start);
  const value = parseValue(body, start, end);
  if (value === undefined) {
    const told = body.toString('latin1', start, Math.min(end, start + MAX_TOLD_CHARS));
    throw invalid(body, at, `${JSON.stringify(told)} is no value`);
  }
  values[index] = value;
  timesMs[index] = Number.NaN;
  return end;
}

function grown({ values, timesMs }: Columns): Columns {
  const larger = {
    values: new Float64Array(values.length * 2),
    timesMs: new Float64Array(values.length * 2),
  };
  larger.values.set(values);
  larger.timesMs.set(timesMs);
  return larger;
}

function skipSpaces(body: Buffer, at: number): number {
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

function isBlankOrComment(body: Buffer, at: number): boolean {
  return isLineEnd(body, at) || body[at] === 35;
}

function lineEnd(body: Buffer, at: number): number {
  const end = body.indexOf(LINE_END, at);
  return end < 0 ? body.length : end;
}

function invalid(body: Buffer, at: number, message: string): WatchkeeperError {
  let lineNumber = 1;
  for (let end = body.indexOf(LINE_END); end >= 0 && end < at; end = body.indexOf(LINE_END, end + 1)) {
    lineNumber += 1;
  }
  return new WatchkeeperError('exposition_invalid', `line ${lineNumber}: ${message}`);
}
