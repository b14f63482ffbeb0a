import { closeBlock, readBlock, type Block, type Columns } from './block.ts';
import { ByteWriter } from './bytes.ts';
import type { Cells } from './cells.ts';
import { Chain, putLink, stepOf } from './chain.ts';
import { grown, roomFor } from './columns.ts';
import { firstAt } from './sorted.ts';

/** A block of more samples is divided when late ones have made it grow. */
const MAX_BLOCK_SAMPLES = 64;

const writer = new ByteWriter();

/**
 * The packed samples of all series of a head, block behind block in its cells. A series has a place; what is known of
 * each place stands in columns, since there are so many.
 */
export class Histories {
  readonly #cells: Cells;
  /** The end of the block before the first: each begins so far after the one before. */
  #anchorsMs = new Float64Array(0);
  #tosMs = new Float64Array(0);
  /** At what distance its samples came when the first block did. */
  #stepsMs = new Float64Array(0);
  /** What the last block says again and again; NaN if it says more. */
  #numbers = new Float64Array(0);

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  /** Makes room for a place; it has no samples. */
  begin(place: number): void {
    if (place >= this.#tosMs.length) this.#makeRoom(roomFor(place + 1));
    this.#cells.begin(place);
    this.#forget(place);
  }

  /** Lets go of all samples. */
  clear(place: number): void {
    this.#cells.clear(place);
    this.#forget(place);
  }

  /** The last instant of all; −∞ where there is none. */
  toMs(place: number): number {
    return this.#tosMs[place] ?? Number.NEGATIVE_INFINITY;
  }

  /** The block must be younger than all that are there. */
  push(place: number, block: Block): void {
    if (this.#cells.isEmpty(place)) {
      this.#stepsMs[place] = stepOf(block);
      this.#numbers[place] = Number.NaN;
    }
    const beforeMs = Math.max(this.toMs(place), this.#anchorMs(place));
    const stepMs = this.#stepsMs[place] ?? 0;
    const number = this.#numbers[place] ?? Number.NaN;
    this.#numbers[place] = putLink(writer, block, { beforeMs, stepMs, number });
    this.#cells.append(place, writer.room, writer.length);
    this.#tosMs[place] = block.toMs;
  }

  /** The blocks that have something of the span. */
  blocks(place: number, fromMs = 0, toMs = Number.POSITIVE_INFINITY): readonly Block[] {
    if (this.toMs(place) < fromMs || this.#cells.isEmpty(place)) return NONE;
    const found: Block[] = [];
    this.visit(place, { fromMs, toMs }, (block) => found.push({ ...block, bytes: block.bytes.slice() }));
    return found;
  }

  /** Shows the blocks that have something of the span; their bytes hold while they are looked at. */
  visit(
    place: number,
    { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
    look: (block: Block) => void,
  ): void {
    if (this.toMs(place) < fromMs || this.#cells.isEmpty(place)) return;
    for (const chain = this.#chain(place); !chain.isAtEnd; ) {
      const block = chain.next();
      if (block.fromMs > toMs) return;
      if (block.toMs >= fromMs) look(block);
    }
  }

  /** Lets go of the blocks that ended before the instant. */
  dropBefore(place: number, beforeMs: number): void {
    // The first block began after the anchor: most have nothing so old.
    if (this.#cells.isEmpty(place) || this.#anchorMs(place) >= beforeMs) return;
    const chain = this.#chain(place);
    let anchorMs = this.#anchorMs(place);
    let bytes = 0;
    let rest: Uint8Array | undefined;
    while (!chain.isAtEnd && chain.next().toMs < beforeMs) {
      anchorMs = chain.beforeMs;
      bytes = chain.at;
      rest = chain.needsLast ? chain.rest() : undefined;
    }
    if (bytes === 0) return;
    if (rest === undefined) this.#cells.drop(place, bytes);
    else {
      this.#cells.clear(place);
      this.#cells.append(place, rest, rest.length);
    }
    this.#anchorsMs[place] = anchorMs;
    if (this.#cells.isEmpty(place)) this.#tosMs[place] = Number.NEGATIVE_INFINITY;
  }

  /** Puts one sample in its place; `false` if there is one of its instant. */
  insert(place: number, { atMs, value }: { readonly atMs: number; readonly value: number }): boolean {
    const blocks = [...this.blocks(place)];
    const index = blocks.findIndex(({ toMs }) => toMs >= atMs);
    const block = blocks[index];
    if (block === undefined) return false;
    const { count } = block;
    const columns = { timesMs: new Float64Array(count + 1), values: new Float64Array(count + 1) };
    readBlock(block, columns, 0);
    const at = firstAt(columns.timesMs, 0, count, atMs);
    if (columns.timesMs[at] === atMs) return false;
    columns.timesMs.copyWithin(at + 1, at, count);
    columns.values.copyWithin(at + 1, at, count);
    columns.timesMs[at] = atMs;
    columns.values[at] = value;
    blocks.splice(index, 1, ...divided(columns, count + 1));
    this.replace(place, blocks);
    return true;
  }

  replace(place: number, blocks: readonly Block[]): void {
    this.clear(place);
    for (const block of blocks) this.push(place, block);
  }

  #forget(place: number): void {
    this.#anchorsMs[place] = 0;
    this.#tosMs[place] = Number.NEGATIVE_INFINITY;
  }

  #chain(place: number): Chain {
    const stepMs = this.#stepsMs[place] ?? 0;
    return new Chain(this.#cells.read(place), { beforeMs: this.#anchorMs(place), stepMs });
  }

  #anchorMs(place: number): number {
    return this.#anchorsMs[place] ?? 0;
  }

  #makeRoom(room: number): void {
    this.#anchorsMs = grown(this.#anchorsMs, room);
    this.#tosMs = grown(this.#tosMs, room);
    this.#stepsMs = grown(this.#stepsMs, room);
    this.#numbers = grown(this.#numbers, room);
  }
}

const NONE: readonly Block[] = [];

function divided(columns: Columns, count: number): readonly Block[] {
  if (count <= MAX_BLOCK_SAMPLES) return [closeBlock({ ...columns, start: 0, end: count })];
  const middle = count >>> 1;
  return [
    closeBlock({ ...columns, start: 0, end: middle }),
    closeBlock({ ...columns, start: middle, end: count }),
  ];
}
