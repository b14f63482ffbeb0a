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

/** The same numbers with more room behind them. */
export function grown<Column extends Numbers>(column: Column, room: number): Column {
  const Same = column.constructor as new (length: number) => Column;
  const larger = new Same(room);
  larger.set(column);
  return larger;
}
