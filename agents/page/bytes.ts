import { formatValue } from './text.ts';

/** A page is written and sent in parts of about this size: what a thousand devices tell is never in memory as a whole. */
const PART_BYTES = 128 * 1024;
/** What is written before it is seen that a part is full: a device's lines of one metric, of nearly all devices. */
const SPARE_BYTES = 8 * 1024;
/** The longest number: a sign, 17 digits, a point, an exponent. */
const NUMBER_BYTES = 32;
/** From here on copying by the engine beats a loop. */
const LONG_TEXT_BYTES = 160;
const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
const NEW_LINE = 0x0a;

/**
 * Bytes that the parts of a page are written into, one over the other. Writing makes no garbage, for on a page of 66,000 series the
 * collection of that is what costs.
 */
export class PageBytes {
  #bytes = new Uint8Array(PART_BYTES + SPARE_BYTES);
  #at = 0;

  /** How much is written. */
  get length(): number {
    return this.#at;
  }

  /** Whether it is time to send what is written. */
  get isFull(): boolean {
    return this.#at >= PART_BYTES;
  }

  /** What is written, to be read before anything else is written. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  clear(): void {
    this.#at = 0;
  }

  /** Takes back what was written behind that place. */
  cutBack(length: number): void {
    this.#at = length;
  }

  raw(text: Uint8Array): void {
    const { length } = text;
    const bytes = this.#room(length);
    let at = this.#at;
    if (length < LONG_TEXT_BYTES) for (let from = 0; from < length; from += 1) bytes[at++] = text[from] ?? 0;
    else bytes.set(text, at);
    this.#at += length;
  }

  /** Ends the line of a series with its value. */
  value(value: number): void {
    const bytes = this.#room(NUMBER_BYTES);
    this.#number(bytes, value);
    bytes[this.#at++] = NEW_LINE;
  }

  #number(bytes: Uint8Array, value: number): void {
    const thousandths = value * 1000;
    if (value === Math.trunc(value) && value > -1e9 && value < 1e9) this.#whole(bytes, value);
    // A number of at most three decimals is what its thousandths are, divided: nearly all that devices tell.
    else if (Math.abs(thousandths) < 1e9 && Math.round(thousandths) / 1000 === value)
      this.#decimal(bytes, Math.round(thousandths));
    else this.#text(bytes, formatValue(value));
  }

  #whole(bytes: Uint8Array, value: number): void {
    let rest = value;
    if (rest < 0) {
      bytes[this.#at++] = MINUS;
      rest = -rest;
    }
    let end = this.#at + 1;
    for (let above = rest; above >= 10; above = (above / 10) | 0) end += 1;
    this.#at = end;
    do {
      const above = (rest / 10) | 0;
      bytes[--end] = ZERO + (rest - above * 10);
      rest = above;
    } while (rest > 0);
  }

  #decimal(bytes: Uint8Array, thousandths: number): void {
    let rest = thousandths;
    if (rest < 0) {
      bytes[this.#at++] = MINUS;
      rest = -rest;
    }
    const above = (rest / 1000) | 0;
    this.#whole(bytes, above);
    bytes[this.#at++] = POINT;
    let below = rest - above * 1000;
    for (let unit = 100; below > 0; unit = (unit / 10) | 0) {
      const digit = (below / unit) | 0;
      bytes[this.#at++] = ZERO + digit;
      below -= digit * unit;
    }
  }

  #text(bytes: Uint8Array, text: string): void {
    for (let from = 0; from < text.length; from += 1) bytes[this.#at++] = text.charCodeAt(from);
  }

  /** The bytes, with room for so many more. */
  #room(more: number): Uint8Array {
    if (this.#at + more > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + more));
      longer.set(this.written);
      this.#bytes = longer;
    }
    return this.#bytes;
  }
}
