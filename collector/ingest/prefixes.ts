/** So many lines are told by what they have in common with the line before, until one stands there whole. */
const LINES_FROM_WHOLE = 64;
/** A number below it takes one byte; of a larger one, so much is in each byte but the last. */
const BYTE_PART = 128;

/**
 * Byte strings in their order, each told as how much of the beginning it shares with the one before, and the rest: of
 * lines of one page, which begin alike, it takes a small part of what they are.
 */
export interface Prefixes {
  /** Of each: how many bytes are shared, how many follow, and these. */
  readonly bytes: Uint8Array;
  /** Where those stand that share nothing, one in `LINES_FROM_WHOLE`. */
  readonly wholes: Uint32Array;
  readonly count: number;
  /** How many bytes the longest has. */
  readonly longest: number;
}

export const NO_PREFIXES: Prefixes = {
  bytes: new Uint8Array(),
  wholes: new Uint32Array(),
  count: 0,
  longest: 0,
};

/** Goes over prefixes, most of the time from one to the next. */
export class PrefixCursor {
  readonly #of: Prefixes;
  /** Holds the prefix that it stands at, and perhaps more behind. */
  readonly #text: Buffer;
  #length = 0;
  #index = -1;
  /** Where the next one stands in the bytes. */
  #at = 0;

  constructor(of: Prefixes) {
    this.#of = of;
    this.#text = Buffer.alloc(of.longest);
    this.next();
  }

  /** Which one it stands at: at their end, as many as there are. */
  get index(): number {
    return this.#index;
  }

  /** The bytes, until it goes on; none at the end. */
  get text(): Buffer {
    return this.#text.subarray(0, this.#length);
  }

  next(): void {
    this.#index += 1;
    this.#length = 0;
    if (this.#index < this.#of.count) this.#length = this.#read();
  }

  goTo(index: number): void {
    if (index === this.#index + 1) {
      this.next();
      return;
    }
    const whole = Math.min(Math.floor(index / LINES_FROM_WHOLE), this.#of.wholes.length - 1);
    this.#at = this.#of.wholes[whole] ?? 0;
    this.#index = whole * LINES_FROM_WHOLE - 1;
    while (this.#index < index) this.next();
  }

  /** How many bytes of the body from there on are those of the prefix; 0 if they are others, and at the end. */
  lengthAt(body: Buffer, at: number): number {
    const text = this.#text;
    const length = this.#length;
    if (at + length > body.length) return 0;
    for (let offset = 0; offset < length; offset += 1) {
      if (body[at + offset] !== text[offset]) return 0;
    }
    return length;
  }

  /** @returns how long the prefix is. */
  #read(): number {
    const { bytes } = this.#of;
    const text = this.#text;
    let length = this.#number();
    const end = length + this.#number();
    let at = this.#at;
    for (; length < end; length += 1) {
      text[length] = bytes[at] ?? 0;
      at += 1;
    }
    this.#at = at;
    return end;
  }

  #number(): number {
    const { bytes } = this.#of;
    let number = 0;
    for (let scale = 1; ; scale *= BYTE_PART) {
      const byte = bytes[this.#at] ?? 0;
      this.#at += 1;
      if (byte < BYTE_PART) return number + byte * scale;
      number += (byte - BYTE_PART) * scale;
    }
  }
}

/** Prefixes that are put behind each other. */
export class PrefixWriter {
  #bytes: Buffer = Buffer.alloc(1_024);
  #length = 0;
  readonly #wholes: number[] = [];
  #count = 0;
  #longest = 0;
  /** The one that was added last, and perhaps more behind. */
  #last: Buffer = Buffer.alloc(64);
  #lastLength = 0;

  add(prefix: Buffer): void {
    const isWhole = this.#count % LINES_FROM_WHOLE === 0;
    if (isWhole) this.#wholes.push(this.#length);
    const shared = isWhole ? 0 : this.#sharedWith(prefix);
    this.#reserve(prefix.length - shared + 2 * MAX_NUMBER_BYTES);
    this.#putNumber(shared);
    this.#putNumber(prefix.length - shared);
    this.#length += prefix.copy(this.#bytes, this.#length, shared);
    this.#keep(prefix, shared);
    this.#count += 1;
    this.#longest = Math.max(this.#longest, prefix.length);
  }

  done(): Prefixes {
    return {
      bytes: new Uint8Array(this.#bytes.subarray(0, this.#length)),
      wholes: Uint32Array.from(this.#wholes),
      count: this.#count,
      longest: this.#longest,
    };
  }

  #sharedWith(prefix: Buffer): number {
    const last = this.#last;
    const most = Math.min(this.#lastLength, prefix.length);
    let length = 0;
    while (length < most && last[length] === prefix[length]) length += 1;
    return length;
  }

  #keep(prefix: Buffer, shared: number): void {
    this.#last = withRoom(this.#last, prefix.length);
    prefix.copy(this.#last, shared, shared);
    this.#lastLength = prefix.length;
  }

  #reserve(more: number): void {
    this.#bytes = withRoom(this.#bytes, this.#length + more);
  }

  #putNumber(number: number): void {
    let left = number;
    for (; left >= BYTE_PART; left = Math.floor(left / BYTE_PART)) this.#put(BYTE_PART + (left % BYTE_PART));
    this.#put(left);
  }

  #put(byte: number): void {
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }
}

const MAX_NUMBER_BYTES = 5;

/** The bytes, in a larger piece of memory if they need one. */
export function withRoom(bytes: Buffer, needed: number): Buffer {
  if (needed <= bytes.length) return bytes;
  const larger = Buffer.alloc(Math.max(needed, 2 * bytes.length));
  bytes.copy(larger);
  return larger;
}
