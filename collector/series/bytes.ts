/** Writes numbers of any length behind each other; used again and again, so that packing leaves no garbage. */
export class ByteWriter {
  #bytes = new Uint8Array(0);
  #at = 0;

  /** Begins anew, with room for so many bytes. */
  begin(capacity: number): void {
    if (this.#bytes.length < capacity) this.#bytes = new Uint8Array(capacity);
    this.#at = 0;
  }

  byte(value: number): void {
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  /** A whole number of at most 52 bits, seven of them in each byte, the lowest first. */
  unsigned(value: number): void {
    let left = value;
    while (left >= 128) {
      this.byte((left % 128) + 128);
      left = Math.floor(left / 128);
    }
    this.byte(left);
  }

  /** Small steps in either direction become small numbers. */
  signed(value: number): void {
    this.unsigned(value >= 0 ? 2 * value : -2 * value - 1);
  }

  copy(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Bytes from `from` to `to`; so few that a view of them would take longer. */
  copyPart(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; at += 1) this.byte(bytes[at] ?? 0);
  }

  get length(): number {
    return this.#at;
  }

  /** Where all is written; what counts is before `length`. */
  get room(): Uint8Array {
    return this.#bytes;
  }

  /** What was written; it holds until `begin`. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  toBytes(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }
}

/** Reads what a `ByteWriter` wrote, in the same order. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get at(): number {
    return this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at] ?? 0;
    this.#at += 1;
    return value;
  }

  unsigned(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      if (byte < 128) return value + byte * factor;
      value += (byte - 128) * factor;
    }
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  skip(length: number): void {
    this.#at += length;
  }

  take(length: number): Uint8Array {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
