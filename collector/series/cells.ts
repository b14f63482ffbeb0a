import { grown, roomFor } from './columns.ts';

/** Bytes of a cell that hold something; the rest of it is the number of the next. */
const CELL_BYTES = 60;
const CELL_SIZE = CELL_BYTES + 4;
const CELLS_PER_SLAB = 16_384;
const NONE = -1;

/**
 * Many runs of bytes that grow at their end and go from their beginning, in few large arrays: no object of its own
 * for each, no gaps, since all cells are of one size. A run is named by a small number that its owner chooses.
 */
export interface Cells {
  /** The run is empty from now on; what it had is not given back. */
  begin(run: number): void;
  isEmpty(run: number): boolean;
  /** Adds the first so many of the bytes. */
  append(run: number, bytes: Uint8Array, count: number): void;
  /** Lets go of so many bytes from the beginning. */
  drop(run: number, count: number): void;
  clear(run: number): void;
  /** All bytes behind each other; they hold until the next call. */
  read(run: number): Uint8Array;
}

export function createCells(): Cells {
  const pool = createPool();
  const runs = createRuns();
  let scratch = new Uint8Array(4_096);
  const clear = (run: number): void => {
    for (let cell = runs.get(run, FIRST); cell !== NONE; ) {
      const next = pool.next(cell);
      pool.give(cell);
      cell = next;
    }
    runs.begin(run);
  };
  return {
    begin: (run) => runs.begin(run),
    clear,
    isEmpty: (run) => runs.get(run, LENGTH) === 0,
    append: (run, bytes, count) => appendTo(run, bytes, count, { pool, runs }),
    drop(run, count) {
      const length = runs.get(run, LENGTH);
      if (count >= length) {
        clear(run);
        return;
      }
      let first = runs.get(run, FIRST);
      let firstAt = runs.get(run, FIRST_AT) + count;
      for (; firstAt >= CELL_BYTES; firstAt -= CELL_BYTES) {
        const next = pool.next(first);
        pool.give(first);
        first = next;
      }
      runs.set(run, FIRST, first);
      runs.set(run, FIRST_AT, firstAt);
      runs.set(run, LENGTH, length - count);
    },
    read(run) {
      const length = runs.get(run, LENGTH);
      if (scratch.length < length) scratch = new Uint8Array(length * 2);
      let cell = runs.get(run, FIRST);
      for (let done = 0, at = runs.get(run, FIRST_AT); done < length; at = 0) {
        const count = Math.min(CELL_BYTES - at, length - done);
        const slab = pool.slab(cell);
        const start = startOf(cell) + at;
        // Byte by byte: so few are copied sooner than a view is made of them.
        for (let index = 0; index < count; index += 1) scratch[done + index] = slab[start + index] ?? 0;
        done += count;
        cell = pool.next(cell);
      }
      return scratch.subarray(0, length);
    },
  };
}

function appendTo(
  run: number,
  bytes: Uint8Array,
  total: number,
  { pool, runs }: { readonly pool: Pool; readonly runs: Runs },
): void {
  let last = runs.get(run, LAST);
  let length = runs.get(run, LENGTH);
  const firstAt = runs.get(run, FIRST_AT);
  for (let done = 0; done < total; ) {
    const used = (firstAt + length) % CELL_BYTES;
    if (used === 0) {
      const cell = pool.take();
      if (last === NONE) runs.set(run, FIRST, cell);
      else pool.link(last, cell);
      last = cell;
    }
    const count = Math.min(CELL_BYTES - used, total - done);
    const slab = pool.slab(last);
    const start = startOf(last) + used;
    for (let index = 0; index < count; index += 1) slab[start + index] = bytes[done + index] ?? 0;
    length += count;
    done += count;
  }
  runs.set(run, LAST, last);
  runs.set(run, LENGTH, length);
}

/** Of each run: its first cell, where in it the bytes begin, its last cell, and how many bytes there are. */
const FIRST = 0;
const FIRST_AT = 1;
const LAST = 2;
const LENGTH = 3;
const FIELDS = 4;

type Runs = ReturnType<typeof createRuns>;

function createRuns() {
  let fields = new Int32Array(0);
  const set = (run: number, field: number, value: number): void => {
    fields[FIELDS * run + field] = value;
  };
  return {
    get: (run: number, field: number): number => fields[FIELDS * run + field] ?? 0,
    set,
    begin(run: number): void {
      if (FIELDS * (run + 1) > fields.length) fields = grown(fields, FIELDS * roomFor(run + 1));
      for (const field of [FIRST, LAST]) set(run, field, NONE);
      for (const field of [FIRST_AT, LENGTH]) set(run, field, 0);
    },
  };
}

/** Where in its slab a cell begins. */
function startOf(cell: number): number {
  return (cell % CELLS_PER_SLAB) * CELL_SIZE;
}

type Pool = ReturnType<typeof createPool>;

/** The cells themselves, each with the number of the next; free ones are linked likewise. */
function createPool() {
  const slabs: Uint8Array[] = [];
  const links: Int32Array[] = [];
  let firstFree = NONE;

  const slabNumber = (cell: number): number => Math.floor(cell / CELLS_PER_SLAB);
  const linkAt = (cell: number): number => (startOf(cell) + CELL_BYTES) / 4;
  const next = (cell: number): number => links[slabNumber(cell)]?.[linkAt(cell)] ?? NONE;
  const link = (cell: number, to: number): void => {
    const own = links[slabNumber(cell)];
    if (own !== undefined) own[linkAt(cell)] = to;
  };
  const give = (cell: number): void => {
    link(cell, firstFree);
    firstFree = cell;
  };
  const addSlab = (): void => {
    const slab = new Uint8Array(CELL_SIZE * CELLS_PER_SLAB);
    const from = slabs.length * CELLS_PER_SLAB;
    slabs.push(slab);
    links.push(new Int32Array(slab.buffer));
    for (let cell = from + CELLS_PER_SLAB - 1; cell >= from; cell -= 1) give(cell);
  };
  return {
    next,
    link,
    give,
    take(): number {
      if (firstFree === NONE) addSlab();
      const cell = firstFree;
      firstFree = next(cell);
      link(cell, NONE);
      return cell;
    },
    slab: (cell: number): Uint8Array => slabs[slabNumber(cell)] ?? NOTHING,
  };
}

const NOTHING = new Uint8Array(0);
