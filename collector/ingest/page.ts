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
  /** Lines with another number were not on it. */
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
  const known = createKnownLines(interpret);
  let previous: PageLine<T>[] = [];
  let columns: Columns = { values: new Float64Array(64), timesMs: new Float64Array(64) };
  let pageNumber = 0;

  const readLines = (body: Buffer, readNumbers: ReadNumbers): PageLine<T>[] => {
    const text = body.toString('latin1');
    const lines: PageLine<T>[] = [];
    let expected = 0;
    let others = 0;
    for (let at = 0; at < text.length; ) {
      const candidate = previous[expected];
      const isExpected = candidate !== undefined && text.startsWith(candidate.prefix, at);
      const start = isExpected ? at : skipSpaces(text, at);
      if (!isExpected && isBlankOrComment(text, start)) {
        others += 1;
        if (others > maxOthers) throw invalid(text, at, 'there are too many lines without a sample');
        at = lineEnd(text, start) + 1;
        continue;
      }
      const line = isExpected ? candidate : known.at(body, text, start);
      if (lines.length >= maxSamples) throw invalid(text, at, `there are more than ${maxSamples} samples`);
      if (lines.length === columns.values.length) columns = grown(columns);
      at = readNumbers(text, start + line.prefix.length, columns, lines.length);
      lines.push(line);
      expected = line.position + 1;
    }
    return lines;
  };

  return {
    read(body, isOpenMetrics = false) {
      let lines: PageLine<T>[];
      try {
        if (isOpenMetrics) requireEnd(body);
        lines = readLines(body, isOpenMetrics ? readOpenNumbers : readTextNumbers);
      } catch (error) {
        // Else a target that is always wrong, and each time in other lines, would fill the memory.
        known.forgetUnseen(pageNumber);
        throw error;
      }
      pageNumber += 1;
      lines.forEach((line, position) => {
        line.position = position;
        line.page = pageNumber;
      });
      previous = lines;
      if (known.size > lines.length) known.forgetUnseen(pageNumber);
      return { number: pageNumber, count: lines.length, lines, ...columns };
    },
  };
}

/** A page of OpenMetrics that was cut off on the way must not pass for a whole one. */
function requireEnd(body: Buffer): void {
  if (/(^|\n)# EOF\n?$/.test(body.toString('latin1', Math.max(0, body.length - 8)))) return;
  throw new WatchkeeperError('exposition_invalid', 'the page does not end in # EOF');
}

/** The lines that were taken apart. */
function createKnownLines<T extends object>(interpret: PageReaderOptions<T>['interpret']) {
  const known = new Map<string, PageLine<T>>();
  return {
    get size() {
      return known.size;
    },
    at(body: Buffer, text: string, at: number): PageLine<T> {
      const length = prefixLength(text, at);
      const line = known.get(text.slice(at, at + length));
      if (line !== undefined) return line;
      const bytes = body.subarray(at, at + length);
      const meaning = isUtf8(bytes)
        ? interpret(bytes.toString('utf8').trimEnd())
        : 'the labels are not UTF-8';
      if (typeof meaning === 'string') throw invalid(text, at, meaning);
      // Not the text's own slice: that would keep the whole page in memory.
      const made = { prefix: bytes.toString('latin1'), meaning, position: -1, page: -1 };
      known.set(made.prefix, made);
      return made;
    },
    forgetUnseen(page: number): void {
      for (const line of known.values()) if (line.page !== page) known.delete(line.prefix);
    },
  };
}

/** How long the part of a line before its value is. */
function prefixLength(text: string, at: number): number {
  if (lineEnd(text, at) - at > MAX_LINE_BYTES) throw invalid(text, at, 'it is too long');
  PREFIX.lastIndex = at;
  if (!PREFIX.test(text)) throw invalid(text, at, 'there is no value');
  return PREFIX.lastIndex - at;
}

interface Columns {
  readonly values: Float64Array;
  readonly timesMs: Float64Array;
}

type ReadNumbers = typeof readTextNumbers;

/** Reads value and perhaps time of a line from `at` on into the columns; answers where the next line begins. */
function readTextNumbers(text: string, at: number, columns: Columns, index: number): number {
  const end = readValue(text, at, columns, index);
  if (isLineEnd(text, end)) return end + 1;
  const timeStart = skipSpaces(text, end);
  if (isLineEnd(text, timeStart)) return timeStart + 1;
  const timeEnd = wordEnd(text, timeStart);
  const atMs = parseTimestampMs(text.slice(timeStart, timeEnd));
  const after = skipSpaces(text, timeEnd);
  if (atMs === undefined || !isLineEnd(text, after))
    throw invalid(text, at, 'the time is not in milliseconds');
  columns.timesMs[index] = atMs;
  return after + 1;
}

/** The same in OpenMetrics: times are in seconds, and an example may follow. */
function readOpenNumbers(text: string, at: number, columns: Columns, index: number): number {
  const end = readValue(text, at, columns, index);
  const next = skipSpaces(text, end);
  if (isBlankOrComment(text, next)) return lineEnd(text, next) + 1;
  const timeEnd = wordEnd(text, next);
  const atSeconds = parseValue(text, next, timeEnd) ?? Number.NaN;
  if (!Number.isFinite(atSeconds) || !isBlankOrComment(text, skipSpaces(text, timeEnd))) {
    throw invalid(text, at, 'the time is not in seconds');
  }
  columns.timesMs[index] = Math.round(atSeconds * 1_000);
  return lineEnd(text, timeEnd) + 1;
}

/** Answers where the value ends. */
function readValue(text: string, at: number, { values, timesMs }: Columns, index: number): number {
  const start = skipSpaces(text, at);
  const end = wordEnd(text, start);
  const value = parseValue(text, start, end);
  if (value === undefined) {
    const told = text.slice(start, Math.min(end, start + MAX_TOLD_CHARS));
    throw invalid(text, at, `${JSON.stringify(told)} is no value`);
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

function skipSpaces(text: string, at: number): number {
  let next = at;
  for (let code = text.charCodeAt(next); code === 32 || code === 9; code = text.charCodeAt(next)) next += 1;
  return next;
}

function wordEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && text.charCodeAt(end) > 32) end += 1;
  return end;
}

function isLineEnd(text: string, at: number): boolean {
  return at >= text.length || text.charCodeAt(at) === 10;
}

function isBlankOrComment(text: string, at: number): boolean {
  return isLineEnd(text, at) || text.charCodeAt(at) === 35;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function invalid(text: string, at: number, message: string): WatchkeeperError {
  let lineNumber = 1;
  for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', end + 1)) lineNumber += 1;
  return new WatchkeeperError('exposition_invalid', `line ${lineNumber}: ${message}`);
}
