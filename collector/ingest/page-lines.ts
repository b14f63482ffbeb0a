import { NO_PREFIXES, PrefixCursor, PrefixWriter, type Prefixes } from './prefixes.ts';

/**
 * The lines of a page: the part of each before its value, taken apart once and recognised by its bytes from then on.
 * It ends in a brace, or in the space after a bare name.
 */
export interface PageLines<T> {
  readonly prefixes: Prefixes;
  /** What `interpret` made of each. */
  readonly meanings: T[];
}

export function noLines<T>(): PageLines<T> {
  return { prefixes: NO_PREFIXES, meanings: [] };
}

/** Each line; its text holds until the next one. */
function* eachLine<T>({ prefixes, meanings }: PageLines<T>): Generator<{ text: Buffer; meaning: T }> {
  const cursor = new PrefixCursor(prefixes);
  for (const meaning of meanings) {
    yield { text: cursor.text, meaning };
    cursor.next();
  }
}

/** Lines that are put behind each other. */
class GrowingLines<T> {
  readonly meanings: T[] = [];
  readonly #prefixes = new PrefixWriter();

  add(prefix: Buffer, meaning: T): void {
    this.#prefixes.add(prefix);
    this.meanings.push(meaning);
  }

  done(): PageLines<T> {
    return { prefixes: this.#prefixes.done(), meanings: this.meanings };
  }
}

/** A line that was taken apart, and where on the page before it stood, if it did. */
export interface KnownLine<T> {
  readonly meaning: T;
  readonly position: number | undefined;
}

/**
 * The lines that were taken apart, for the reading of one page: looked up by their text only where a page is not in the
 * order of the one before, which is seldom, and forgotten with it.
 */
export class KnownLines<T> {
  readonly #previous: PageLines<T>;
  /** Of a line that is new. */
  readonly #make: (prefix: Buffer) => T;
  #known: Map<string, KnownLine<T>> | undefined;

  constructor(previous: PageLines<T>, make: (prefix: Buffer) => T) {
    this.#previous = previous;
    this.#make = make;
  }

  find(prefix: Buffer): KnownLine<T> {
    const text = prefix.toString('latin1');
    const known = this.#all();
    const line = known.get(text);
    if (line !== undefined) return line;
    const made = { meaning: this.#make(prefix), position: undefined };
    known.set(text, made);
    return made;
  }

  #all(): Map<string, KnownLine<T>> {
    if (this.#known !== undefined) return this.#known;
    const known = new Map<string, KnownLine<T>>();
    let position = 0;
    for (const { text, meaning } of eachLine(this.#previous)) {
      known.set(text.toString('latin1'), { meaning, position });
      position += 1;
    }
    this.#known = known;
    return known;
  }
}

/** The lines of a page as they are found: those of the page before, until one differs. */
export class FoundLines<T> {
  count = 0;
  readonly #previous: PageLines<T>;
  /** Where on the page before the next line is looked for. */
  readonly #next: PrefixCursor;
  #own: GrowingLines<T> | undefined;

  constructor(previous: PageLines<T>) {
    this.#previous = previous;
    this.#next = new PrefixCursor(previous.prefixes);
  }

  /** The bytes of the line that comes next if this page is like the one before; 0 if it does not. */
  expectedLength(body: Buffer, at: number): number {
    return this.#next.lengthAt(body, at);
  }

  addExpected(): void {
    const next = this.#next;
    if (this.#own !== undefined) {
      const meaning = this.#previous.meanings[next.index];
      if (meaning !== undefined) this.#own.add(next.text, meaning);
    }
    this.count += 1;
    next.next();
  }

  add(prefix: Buffer, { meaning, position }: KnownLine<T>): void {
    if (this.#own === undefined && position !== this.count) this.#own = this.#copied();
    this.#own?.add(prefix, meaning);
    this.count += 1;
    if (position !== undefined) this.#next.goTo(position + 1);
  }

  /** Those of the page before if it had the same. */
  all(): PageLines<T> {
    if (this.#own === undefined && this.count === this.#previous.meanings.length) return this.#previous;
    return (this.#own ?? this.#copied()).done();
  }

  gone(): ReadonlySet<T> {
    const found = new Set(this.#own?.meanings ?? this.#previous.meanings.slice(0, this.count));
    return new Set(this.#previous.meanings.filter((meaning) => !found.has(meaning)));
  }

  /** What was found so far, to go on otherwise than the page before. */
  #copied(): GrowingLines<T> {
    const own = new GrowingLines<T>();
    for (const { text, meaning } of eachLine(this.#previous)) {
      if (own.meanings.length === this.count) break;
      own.add(text, meaning);
    }
    return own;
  }
}
