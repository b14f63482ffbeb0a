import { copyBits, grown } from './columns.ts';

const FIRST_ROOM = 1_024;
/** Room that was needed once, at a start or after a long silence, is not kept for ever. */
const MAX_KEPT_ROOM = 65_536;

/** Numbers behind each other that are gathered again and again: its room stays, so that gathering leaves no garbage. */
export class Column {
  #numbers = new Float64Array(FIRST_ROOM);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(number: number): void {
    if (this.#length === this.#numbers.length) this.#makeRoom(1);
    this.#numbers[this.#length] = number;
    this.#length += 1;
  }

  /** Adds `start <= i < end` of others, with the bits of a staleness marker. */
  copy(from: Float64Array, start: number, end: number): void {
    this.#makeRoom(end - start);
    copyBits(from, { from: start, end }, this.#numbers, this.#length);
    this.#length += end - start;
  }

  /** All of them: the column's own room, which holds until something is added. */
  view(): Float64Array<ArrayBuffer> {
    return this.#numbers.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
    if (this.#numbers.length > MAX_KEPT_ROOM) this.#numbers = new Float64Array(FIRST_ROOM);
  }

  #makeRoom(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#numbers.length) return;
    this.#numbers = grown(this.#numbers, Math.max(needed, this.#numbers.length * 2));
  }
}

/** Bytes behind each other, likewise. */
export class ByteColumn {
  #bytes = new Uint8Array(FIRST_ROOM);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = needed;
  }

  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > 8 * MAX_KEPT_ROOM) this.#bytes = new Uint8Array(FIRST_ROOM);
  }
}
