/** What is taken from the system at once. */
const BLOCK_NUMBERS = 8_192;

/** Gives room for numbers, all zero: many small arrays in one piece of memory, which goes when the last of them does. */
export function createNumbers(): (count: number) => Float64Array {
  let block = new Float64Array(0);
  let taken = 0;
  return (count) => {
    if (count > BLOCK_NUMBERS / 8) return new Float64Array(count);
    if (taken + count > block.length) {
      block = new Float64Array(BLOCK_NUMBERS);
      taken = 0;
    }
    taken += count;
    return block.subarray(taken - count, taken);
  };
}
