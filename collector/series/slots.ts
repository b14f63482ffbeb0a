import { OPEN_SAMPLES } from './timeline.ts';

const SLOTS_PER_SLAB = 512;

/**
 * Rooms for the open values of one series each, all of one width, in few large arrays: no object for each. A slot is a
 * small number.
 */
export class Slots<Slab extends Int16Array | Int32Array | Float64Array> {
  readonly #makeSlab: (length: number) => Slab;
  readonly #slabs: Slab[] = [];
  readonly #free: number[] = [];
  #count = 0;

  constructor(makeSlab: (length: number) => Slab) {
    this.#makeSlab = makeSlab;
  }

  take(): number {
    const given = this.#free.pop();
    if (given !== undefined) return given;
    if (this.#count % SLOTS_PER_SLAB === 0) this.#slabs.push(this.#makeSlab(OPEN_SAMPLES * SLOTS_PER_SLAB));
    this.#count += 1;
    return this.#count - 1;
  }

  /** The slot must not be used any more. */
  give(slot: number): void {
    this.#free.push(slot);
  }

  /** The array in which a slot is, from `startOf` on. */
  slabOf(slot: number): Slab {
    const slab = this.#slabs[Math.floor(slot / SLOTS_PER_SLAB)];
    if (slab === undefined) throw new Error('a slot is in a slab');
    return slab;
  }
}

export function startOf(slot: number): number {
  return (slot % SLOTS_PER_SLAB) * OPEN_SAMPLES;
}
