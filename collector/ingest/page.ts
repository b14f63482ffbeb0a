import { isUtf8 } from 'node:buffer';
import { messageOf } from '../../config/model/errors.ts';
import {
  Columns,
  invalid,
  isBlankOrComment,
  lineEnd,
  readOpenNumbers,
  readTextNumbers,
  skipSpaces,
} from './line-numbers.ts';
import { FoundLines, KnownLines, noLines, type PageLines } from './page-lines.ts';
import { withRoom } from './prefixes.ts';

/** The samples of one page in its order, for indices below `count`. All arrays hold until the next page is begun. */
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
  /** As the page states them, NaN where it states none; empty where it states none at all. */
  readonly timesMs: Float64Array;
}

export interface PageReader<T> {
  /** Begins a page: one that was begun before and not ended counts for nothing. */
  begin(isOpenMetrics?: boolean): OpenPage<T>;
}

/** A page that is read as it comes. */
export interface OpenPage<T> {
  /**
   * Reads the next bytes, whose memory may serve for others then.
   * @throws {WatchkeeperError} `exposition_invalid` naming the line; nothing of the page counts then.
   */
  take(piece: Buffer): void;
  /**
   * All of it has come.
   * @throws {WatchkeeperError} as `take` does.
   */
  end(): Page<T>;
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
  let previous = noLines<T>();
  const columns = new Columns();
  const make = (prefix: Buffer): T => {
    const meaning = isUtf8(prefix)
      ? interpret(prefix.toString('utf8').trimEnd())
      : 'the labels are not UTF-8';
    if (typeof meaning === 'string') throw invalid(meaning);
    return meaning;
  };
  return {
    begin(isOpenMetrics = false) {
      columns.begin();
      const lines = new LineReader({ previous, make, columns, maxSamples, isOpenMetrics });
      const pieces = new WholeLines((whole) => lines.read(whole));
      return {
        take: (piece) => lines.telling(() => pieces.take(piece)),
        end() {
          // A page that was cut off on the way must not pass for a whole one.
          if (isOpenMetrics && !pieces.isEof) throw invalid('the page does not end in # EOF');
          lines.telling(() => pieces.end());
          const { found } = lines;
          const all = found.all();
          const gone = all === previous ? [] : found.gone();
          previous = all;
          const { values, timesMs } = columns;
          return { count: found.count, meanings: all.meanings, gone, values, timesMs };
        },
      };
    },
  };
}

/** The page in one piece. */
export function readPage<T>(reader: PageReader<T>, body: Buffer, isOpenMetrics?: boolean): Page<T> {
  const page = reader.begin(isOpenMetrics);
  page.take(body);
  return page.end();
}

/** The page as it comes. */
export async function readPieces<T>(
  reader: PageReader<T>,
  { pieces, isOpenMetrics }: { readonly pieces: AsyncIterable<Buffer>; readonly isOpenMetrics: boolean },
): Promise<Page<T>> {
  const page = reader.begin(isOpenMetrics);
  for await (const piece of pieces) page.take(piece);
  return page.end();
}

interface LineReaderOptions<T> {
  readonly previous: PageLines<T>;
  readonly make: (prefix: Buffer) => T;
  readonly columns: Columns;
  readonly maxSamples: number;
  readonly isOpenMetrics: boolean;
}

/** Reads the lines of one page. */
class LineReader<T> {
  readonly found: FoundLines<T>;
  readonly #known: KnownLines<T>;
  readonly #columns: Columns;
  readonly #maxSamples: number;
  readonly #readNumbers: typeof readTextNumbers;
  /** Empty ones and comments. */
  #others = 0;

  constructor({ previous, make, columns, maxSamples, isOpenMetrics }: LineReaderOptions<T>) {
    this.found = new FoundLines(previous);
    this.#known = new KnownLines(previous, make);
    this.#columns = columns;
    this.#maxSamples = maxSamples;
    this.#readNumbers = isOpenMetrics ? readOpenNumbers : readTextNumbers;
  }

  /** With the line at which it failed. */
  telling(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw invalid(`line ${this.found.count + this.#others + 1}: ${messageOf(error)}`);
    }
  }

  read(whole: Buffer): void {
    for (let at = 0; at < whole.length; ) at = this.#readLine(whole, at);
  }

  /** @returns where the next line begins. */
  #readLine(body: Buffer, at: number): number {
    const { found } = this;
    const expectedLength = found.expectedLength(body, at);
    if (expectedLength > 0) {
      this.#requireRoom();
      const next = this.#readNumbers(body, at + expectedLength, this.#columns, found.count);
      requireShort(at, next - 1);
      found.addExpected();
      return next;
    }
    requireShort(at, lineEnd(body, at));
    const start = skipSpaces(body, at);
    return isBlankOrComment(body, start) ? this.#readOther(body, start) : this.#readOwn(body, start);
  }

  #readOther(body: Buffer, start: number): number {
    if (this.#others >= this.#maxSamples * MAX_OTHER_LINES_PER_SAMPLE)
      throw invalid('there are too many lines without a sample');
    this.#others += 1;
    return lineEnd(body, start) + 1;
  }

  /** One that does not stand where it stood on the page before, or not at all. */
  #readOwn(body: Buffer, start: number): number {
    const { found } = this;
    this.#requireRoom();
    const prefix = body.subarray(start, start + prefixLength(body, start));
    const line = this.#known.find(prefix);
    const next = this.#readNumbers(body, start + prefix.length, this.#columns, found.count);
    found.add(prefix, line);
    return next;
  }

  #requireRoom(): void {
    if (this.found.count >= this.#maxSamples)
      throw invalid(`there are more than ${this.#maxSamples} samples`);
  }
}

/** Makes whole lines of pieces: what lies in one piece is read there, and only a line that is cut is put together. */
class WholeLines {
  readonly #read: (whole: Buffer) => void;
  /** The beginning of a line whose end is still to come, and perhaps more behind. */
  #cut: Buffer = Buffer.alloc(1_024);
  #cutLength = 0;
  /** The end of what was read last. */
  #last = '';

  constructor(read: (whole: Buffer) => void) {
    this.#read = read;
  }

  /** The last line is the one that OpenMetrics wants there. */
  get isEof(): boolean {
    return EOF.test(this.#cutLength > 0 ? endOf(this.#ownCut()) : this.#last);
  }

  take(piece: Buffer): void {
    let from = 0;
    if (this.#cutLength > 0) {
      from = piece.indexOf(LINE_END) + 1;
      this.#keep(from === 0 ? piece : piece.subarray(0, from));
      if (from === 0) return;
      this.end();
    }
    const end = piece.lastIndexOf(LINE_END) + 1;
    if (end > from) this.#readWhole(piece.subarray(from, end));
    if (end < piece.length) this.#keep(piece.subarray(end));
  }

  /** What is left is a line, too. */
  end(): void {
    const whole = this.#ownCut();
    this.#cutLength = 0;
    if (whole.length > 0) this.#readWhole(whole);
  }

  #ownCut(): Buffer {
    return this.#cut.subarray(0, this.#cutLength);
  }

  #readWhole(whole: Buffer): void {
    this.#last = endOf(whole);
    this.#read(whole);
  }

  #keep(piece: Buffer): void {
    const length = this.#cutLength + piece.length;
    // Its line end perhaps among them.
    requireShort(1, length);
    this.#cut = withRoom(this.#cut, length);
    piece.copy(this.#cut, this.#cutLength);
    this.#cutLength = length;
  }
}

const EOF = /(^|\n)# EOF\n?$/;

function endOf(whole: Buffer): string {
  return whole.toString('latin1', Math.max(0, whole.length - 8));
}

/** How long the part of a line before its value is. */
function prefixLength(body: Buffer, at: number): number {
  const end = lineEnd(body, at);
  PREFIX.lastIndex = 0;
  if (!PREFIX.test(body.toString('latin1', at, end))) throw invalid('there is no value');
  return PREFIX.lastIndex;
}

function requireShort(start: number, end: number): void {
  if (end - start > MAX_LINE_BYTES) throw invalid('it is too long');
}
