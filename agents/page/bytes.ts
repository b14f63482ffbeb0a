import { formatValue } from './text.ts';

/** Pieces are added as a page grows: one that grew as a whole would be copied and leave its older selves behind. */
const PIECE_BYTES = 256 * 1024;
/** The longest number: a sign, 17 digits, a point, an exponent. */
const NUMBER_BYTES = 32;
/** From here on copying by the engine beats a loop. */
const LONG_TEXT_BYTES = 160;
const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
const NEW_LINE = 0x0a;

/**
 * Bytes that a page is written into, one piece behind the other. Made to be used again: what it took once it keeps, and writing makes
 * no garbage, for on a page of 66,000 series the collection of that is what costs.
 */
export class PageBytes {
  readonly #pieces: Uint8Array[] = [new Uint8Array(PIECE_BYTES)];
  /** How much of each piece before the present one is written. */
  readonly #lengths: number[] = [];
  #at = 0;

  /** Where writing stands. */
  get place(): Place {
    return { piece: this.#lengths.length, at: this.#at };
  }

  /** What was written, in pieces; to be read before the next `clear`. */
  get written(): readonly Uint8Array[] {
    return [...this.#lengths, this.#at].map((length, index) => this.#piece(index).subarray(0, length));
  }

  clear(): void {
    this.cutBack({ piece: 0, at: 0 });
  }

  /** Takes back what was written behind that place. */
  cutBack({ piece, at }: Place): void {
    this.#lengths.length = piece;
    this.#at = at;
  }

  #piece(index: number): Uint8Array {
    return (this.#pieces[index] ??= new Uint8Array(PIECE_BYTES));
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

  /** The present piece, with room for so many more bytes. */
  #room(more: number): Uint8Array {
    const piece = this.#piece(this.#lengths.length);
    if (this.#at + more <= piece.length) return piece;
    this.#lengths.push(this.#at);
    this.#at = 0;
    const index = this.#lengths.length;
    // A text that is longer than a piece gets one of its own length.
    if (more > PIECE_BYTES) this.#pieces[index] = new Uint8Array(more);
    return this.#piece(index);
  }
}

export interface Place {
  readonly piece: number;
  readonly at: number;
}
