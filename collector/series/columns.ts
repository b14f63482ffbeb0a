type Numbers =
  | Uint8Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

const FIRST_ROOM = 1_024;

/** How many numbers a column has room for when it needs room for so many: some more, few enough to lie idle. */
export function roomFor(count: number): number {
  return Math.max(FIRST_ROOM, count + Math.floor(count / 8));
}

/** Writes `from <= i < end` of numbers into others, from `at` on, with the bits of a staleness marker. */
export function copyBits(
  numbers: Float64Array,
  { from, end }: { readonly from: number; readonly end: number },
  into: Float64Array,
  at: number,
): void {
  for (let index = from; index < end; index += 1) {
    const number = numbers[index] ?? 0;
    if (number === number) into[at + index - from] = number;
    else into.set(numbers.subarray(index, index + 1), at + index - from);
  }
}

/** The same numbers with more room behind them. */
export function grown<Column extends Numbers>(column: Column, room: number): Column {
  const Same = column.constructor as new (length: number) => Column;
  const larger = new Same(room);
  larger.set(column);
  return larger;
}
