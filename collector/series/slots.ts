import { OPEN_SAMPLES } from './timeline.ts';

const SLOTS_PER_SLAB = 512;

/** Room for the open values of one series: a window onto an array that it shares with others. */
export type Slot = Float64Array;

/** Slots for open values: few large arrays instead of a small one for each series. */
export interface Slots {
  take(): Slot;
  /** The slot must not be used any more. */
  give(slot: Slot): void;
}

export function createSlots(): Slots {
  const free: Slot[] = [];
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
    give: (slot) => void free.push(slot),
  };
}
