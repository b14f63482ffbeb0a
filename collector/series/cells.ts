/** Bytes of a cell that hold something; the rest of it is the number of the next. */
const CELL_BYTES = 124;
const CELL_SIZE = CELL_BYTES + 4;
const CELLS_PER_SLAB = 8_192;
const NONE = -1;

/** A run of bytes in cells; made and changed by `Cells` alone. */
export interface Chain {
  first: number;
  /** Where in the first cell the bytes begin. */
  firstAt: number;
  last: number;
  /** How many bytes there are. */
  length: number;
}

/**
 * Many runs of bytes that grow at their end and go from their beginning, in few large arrays: no object of its own
 * for each, no gaps, since all cells are of one size.
 */
export interface Cells {
  append(chain: Chain, bytes: Uint8Array): void;
  /** Lets go of so many bytes from the beginning. */
  drop(chain: Chain, count: number): void;
  clear(chain: Chain): void;
  /** All bytes behind each other; they hold until the next call. */
  read(chain: Chain): Uint8Array;
}

export function emptyChain(): Chain {
  return { first: NONE, firstAt: 0, last: NONE, length: 0 };
}

export function createCells(): Cells {
  const pool = createPool();
  let scratch = new Uint8Array(4_096);

  const clear = (chain: Chain): void => {
    for (let cell = chain.first; cell !== NONE; ) {
      const next = pool.next(cell);
      pool.give(cell);
      cell = next;
    }
    Object.assign(chain, emptyChain());
  };

  return {
    clear,
    append(chain, bytes) {
      for (let done = 0; done < bytes.length; ) {
        const used = (chain.firstAt + chain.length) % CELL_BYTES;
        if (used === 0) {
          const cell = pool.take();
          if (chain.last === NONE) chain.first = cell;
          else pool.link(chain.last, cell);
          chain.last = cell;
        }
        const count = Math.min(CELL_BYTES - used, bytes.length - done);
        pool.slab(chain.last).set(bytes.subarray(done, done + count), startOf(chain.last) + used);
        chain.length += count;
        done += count;
      }
    },
    drop(chain, count) {
      if (count >= chain.length) {
        clear(chain);
        return;
      }
      chain.length -= count;
      chain.firstAt += count;
      for (; chain.firstAt >= CELL_BYTES; chain.firstAt -= CELL_BYTES) {
        const next = pool.next(chain.first);
        pool.give(chain.first);
        chain.first = next;
      }
    },
    read({ first, firstAt, length }) {
      if (scratch.length < length) scratch = new Uint8Array(length * 2);
      let cell = first;
      for (let done = 0, at = firstAt; done < length; at = 0) {
        const count = Math.min(CELL_BYTES - at, length - done);
        const start = startOf(cell) + at;
        scratch.set(pool.slab(cell).subarray(start, start + count), done);
        done += count;
        cell = pool.next(cell);
      }
      return scratch.subarray(0, length);
    },
  };
}

/** Where in its slab a cell begins. */
function startOf(cell: number): number {
  return (cell % CELLS_PER_SLAB) * CELL_SIZE;
}

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
