/** How many samples a slot holds: the open block of one series. When it is full, its older half becomes a closed block. */
export const SLOT_SAMPLES = 128;

const SLOTS_PER_SLAB = 256;

/** Room for the open block of one series, inside arrays that it shares with others. */
export interface Slot {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  readonly base: number;
}

/** Slots for open blocks: few large arrays instead of two small ones for each series. */
export interface Slots {
  take(): Slot;
  /** The slot must not be used any more. */
  give(slot: Slot): void;
}

export function createSlots(): Slots {
  const free: Slot[] = [];
  const addSlab = (): void => {
    const timesMs = new Float64Array(SLOT_SAMPLES * SLOTS_PER_SLAB);
    const values = new Float64Array(SLOT_SAMPLES * SLOTS_PER_SLAB);
    for (let index = SLOTS_PER_SLAB - 1; index >= 0; index -= 1) {
      free.push({ timesMs, values, base: index * SLOT_SAMPLES });
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
