import { isUtf8 } from 'node:buffer';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { parseTimestampMs, parseValue } from './number-text.ts';

/** The samples of one page in its order, for indices below `count`. All arrays hold until the next page is read. */
export interface Page<T> {
  readonly count: number;
  /**
   * What `interpret` made of each line, or what was put in its place since then. A page of the same lines as the one
   * before has the very same list.
   */
  readonly meanings: T[];
  /** What the page before had and this one has not. */
  readonly gone: Iterable<T>;
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
  let previous = new PageLines<T>();
  let columns: Columns = { values: new Float64Array(64), timesMs: new Float64Array(64) };

  const readLines = (body: Buffer, readNumbers: ReadNumbers): FoundLines<T> => {
    const found = new FoundLines(previous, body.length);
    const known = createKnownLines(previous, interpret);
    let others = 0;
    for (let at = 0; at < body.length; ) {
      const expectedLength = found.expectedLength(body, at);
      const start = expectedLength === 0 ? skipSpaces(body, at) : at;
      if (expectedLength === 0 && isBlankOrComment(body, start)) {
        others += 1;
        if (others > maxOthers) throw invalid(body, at, 'there are too many lines without a sample');
        at = lineEnd(body, start) + 1;
        continue;
      }
      if (found.count >= maxSamples) throw invalid(body, at, `there are more than ${maxSamples} samples`);
      if (found.count === columns.values.length) columns = grown(columns);
      if (expectedLength > 0) {
        at = readNumbers(body, start + expectedLength, columns, found.count);
        found.addExpected();
        continue;
      }
      const prefix = body.subarray(start, start + prefixLength(body, start));
      const line = known.find(body, prefix, start);
      at = readNumbers(body, start + prefix.length, columns, found.count);
      found.add(prefix, line);
    }
    return found;
  };

  return {
    read(body, isOpenMetrics = false) {
      if (isOpenMetrics) requireEnd(body);
      const found = readLines(body, isOpenMetrics ? readOpenNumbers : readTextNumbers);
      const lines = found.all();
      const gone = lines === previous ? [] : found.gone();
      previous = lines;
      return { count: lines.count, meanings: lines.meanings, gone, ...columns };
    },
  };
}

/**
 * The lines of a page: the part of each before its value, taken apart once and recognised by its bytes from then on.
 * It ends in a brace, or in the space after a bare name. All of them lie behind each other in one piece of memory.
 */
class PageLines<T> {
  readonly meanings: T[];
  readonly #bytes: Buffer;
  /** Where each ends in the bytes. */
  readonly #ends: Uint32Array;

  constructor(meanings: T[] = [], bytes = Buffer.alloc(0), ends = new Uint32Array()) {
    this.meanings = meanings;
    this.#bytes = bytes;
    this.#ends = ends;
  }

  get count(): number {
    return this.meanings.length;
  }

  prefix(index: number): Buffer {
    return this.#bytes.subarray(this.#start(index), this.#ends[index]);
  }

  /** How many bytes of the body from there on are those of the line; 0 if they are others. */
  lengthAt(index: number, body: Buffer, at: number): number {
    const start = this.#start(index);
    const length = (this.#ends[index] ?? 0) - start;
    if (at + length > body.length) return 0;
    for (let offset = 0; offset < length; offset += 1) {
      if (body[at + offset] !== this.#bytes[start + offset]) return 0;
    }
    return length;
  }

  #start(index: number): number {
    return index === 0 ? 0 : (this.#ends[index - 1] ?? 0);
  }
}

/** Lines that are put behind each other. */
class GrowingLines<T> {
  readonly meanings: T[] = [];
  readonly #bytes: Buffer;
  #length = 0;
  readonly #ends: number[] = [];

  constructor(mostBytes: number) {
    this.#bytes = Buffer.alloc(mostBytes);
  }

  add(prefix: Buffer, meaning: T): void {
    this.#length += prefix.copy(this.#bytes, this.#length);
    this.#ends.push(this.#length);
    this.meanings.push(meaning);
  }

  done(): PageLines<T> {
    const bytes = Buffer.from(this.#bytes.subarray(0, this.#length));
    return new PageLines(this.meanings, bytes, Uint32Array.from(this.#ends));
  }
}

/** A line that was taken apart, and where on the page before it stood, if it did. */
interface KnownLine<T> {
  readonly meaning: T;
  readonly position: number | undefined;
}

/** The lines of a page as they are found: those of the page before, until one differs. */
class FoundLines<T> {
  count = 0;
  readonly #previous: PageLines<T>;
  readonly #mostBytes: number;
  #own: GrowingLines<T> | undefined;
  /** Where on the page before the next line is looked for. */
  #next = 0;

  /** All prefixes together take no more bytes than the page. */
  constructor(previous: PageLines<T>, mostBytes: number) {
    this.#previous = previous;
    this.#mostBytes = mostBytes;
  }

  /** The bytes of the line that comes next if this page is like the one before; 0 if it does not. */
  expectedLength(body: Buffer, at: number): number {
    return this.#next < this.#previous.count ? this.#previous.lengthAt(this.#next, body, at) : 0;
  }

  addExpected(): void {
    const position = this.#next;
    const meaning = this.#previous.meanings[position];
    if (meaning !== undefined) this.#put(position, meaning, undefined);
    this.#next = position + 1;
  }

  add(prefix: Buffer, { meaning, position }: KnownLine<T>): void {
    this.#put(position, meaning, prefix);
    if (position !== undefined) this.#next = position + 1;
  }

  /** Those of the page before if it had the same. */
  all(): PageLines<T> {
    if (this.#own === undefined && this.count === this.#previous.count) return this.#previous;
    return (this.#own ?? this.#copied()).done();
  }

  gone(): ReadonlySet<T> {
    const found = new Set(this.#own?.meanings ?? this.#previous.meanings.slice(0, this.count));
    return new Set(this.#previous.meanings.filter((meaning) => !found.has(meaning)));
  }

  #put(position: number | undefined, meaning: T, prefix: Buffer | undefined): void {
    if (this.#own === undefined && position !== this.count) this.#own = this.#copied();
    this.#own?.add(prefix ?? this.#previous.prefix(position ?? 0), meaning);
    this.count += 1;
  }

  /** What was found so far, to go on otherwise than the page before. */
  #copied(): GrowingLines<T> {
    const own = new GrowingLines<T>(this.#mostBytes);
    this.#previous.meanings
      .slice(0, this.count)
      .forEach((meaning, position) => own.add(this.#previous.prefix(position), meaning));
    return own;
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
  previous: PageLines<T>,
  interpret: PageReaderOptions<T>['interpret'],
) {
  let known: Map<string, KnownLine<T>> | undefined;
  const ofPrevious = (): Map<string, KnownLine<T>> =>
    new Map(
      previous.meanings.map((meaning, position) => [
        previous.prefix(position).toString('latin1'),
        { meaning, position },
      ]),
    );
  return {
    /** The line of this prefix, which stands there in the body. */
    find(body: Buffer, prefix: Buffer, at: number): KnownLine<T> {
      const text = prefix.toString('latin1');
      known ??= ofPrevious();
      const line = known.get(text);
      if (line !== undefined) return line;
      const meaning = isUtf8(prefix)
        ? interpret(prefix.toString('utf8').trimEnd())
        : 'the labels are not UTF-8';
      if (typeof meaning === 'string') throw invalid(body, at, meaning);
      const made = { meaning, position: undefined };
      known.set(text, made);
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
