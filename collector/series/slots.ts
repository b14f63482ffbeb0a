import { OPEN_SAMPLES } from './timeline.ts';

const SLOTS_PER_SLAB = 512;

/** Room for the open values of one series: a window onto an array that it shares with others. */
export type Slot = Float64Array;

/** Slots for open values: few large arrays instead of a small one for each series. */
export interface Slots {
  take(): Slot;
  /**
   * A slot that holds nothing but this number, for all series that say nothing else: most states never change. Not to be
   * written, not to be given back. `undefined` for what is no number, and when too many numbers have such a slot already.
   */
  shared(value: number): Slot | undefined;
  /** The slot must not be used any more. */
  give(slot: Slot): void;
}

/** Half a kilobyte each. */
const MAX_SHARED = 4_096;

export function createSlots(): Slots {
  const free: Slot[] = [];
  const shared = new Map<number, Slot>();
  const addSlab = (): void => {
    const slab = new Float64Array(OPEN_SAMPLES * SLOTS_PER_SLAB);
    for (let index = SLOTS_PER_SLAB - 1; index >= 0; index -= 1) {
      free.push(slab.subarray(index * OPEN_SAMPLES, (index + 1) * OPEN_SAMPLES));
    }
  };
  return {
    take() {
      if (free.length === 0) addSlab();
      const slot = free.pop();
      if (slot === undefined) throw new Error('a slab has slots');
      return slot;
    },
    shared(value) {
      // A staleness marker is one of many NaN, and 0 has a sign.
      if (Number.isNaN(value) || Object.is(value, -0)) return undefined;
      const known = shared.get(value);
      if (known !== undefined || shared.size >= MAX_SHARED) return known;
      const slot = new Float64Array(OPEN_SAMPLES).fill(value);
      shared.set(value, slot);
      return slot;
    },
    give: (slot) => void free.push(slot),
  };
}
