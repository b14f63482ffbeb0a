import { chainBlock, closeBlock, nextBlock, readBlock, type Block, type Columns } from './block.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import type { Cells } from './cells.ts';
import { firstAt } from './sorted.ts';

/** A block of more samples is divided when late ones have made it grow. */
const MAX_BLOCK_SAMPLES = 64;
const FIRST_PLACES = 1_024;

const writer = new ByteWriter();

/**
 * The packed samples of all series of a head, block behind block in its cells. A series has a place; what is known of
 * each place stands in columns, since there are so many.
 */
export class Histories {
  readonly #cells: Cells;
  readonly #free: number[] = [];
  #count = 0;
  /** The end of the block before the first: each begins so far after the one before. */
  #anchorsMs = new Float64Array(FIRST_PLACES);
  #tosMs = new Float64Array(FIRST_PLACES);

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  /** A place without samples. */
  take(): number {
    const place = this.#free.pop() ?? this.#count;
    if (place === this.#count) {
      this.#count += 1;
      if (this.#count > this.#tosMs.length) this.#makeRoom();
    }
    this.#cells.begin(place);
    this.#tosMs[place] = Number.NEGATIVE_INFINITY;
    this.#anchorsMs[place] = 0;
    return place;
  }

  /** Lets go of all samples; the place must not be used any more. */
  give(place: number): void {
    this.#clear(place);
    this.#free.push(place);
  }

  /** The last instant of all; −∞ where there is none. */
  toMs(place: number): number {
    return this.#tosMs[place] ?? Number.NEGATIVE_INFINITY;
  }

  /** The block must be younger than all that are there. */
  push(place: number, block: Block): void {
    chainBlock(writer, block, Math.max(this.toMs(place), this.#anchorMs(place)));
    this.#cells.append(place, writer.written());
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
    this.#walk(place, (block) => {
      if (block.toMs >= fromMs && block.fromMs <= toMs) look(block);
      return block.fromMs <= toMs;
    });
  }

  /** Lets go of the blocks that ended before the instant. */
  dropBefore(place: number, beforeMs: number): void {
    // The first block began after the anchor: most have nothing so old.
    if (this.#cells.isEmpty(place) || this.#anchorMs(place) >= beforeMs) return;
    let bytes = 0;
    let anchorMs = this.#anchorMs(place);
    this.#walk(place, (block, endsAt) => {
      if (block.toMs >= beforeMs) return false;
      bytes = endsAt;
      anchorMs = block.toMs;
      return true;
    });
    if (bytes === 0) return;
    this.#cells.drop(place, bytes);
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
    this.#clear(place);
    for (const block of blocks) this.push(place, block);
  }

  #clear(place: number): void {
    this.#cells.clear(place);
    this.#anchorsMs[place] = 0;
    this.#tosMs[place] = Number.NEGATIVE_INFINITY;
  }

  #anchorMs(place: number): number {
    return this.#anchorsMs[place] ?? 0;
  }

  #makeRoom(): void {
    const { length } = this.#tosMs;
    this.#anchorsMs = grown(this.#anchorsMs, length * 2);
    this.#tosMs = grown(this.#tosMs, length * 2);
  }

  /** Goes on as long as it is answered `true`. The bytes of a block hold while it is looked at. */
  #walk(place: number, visit: (block: Block, endsAt: number) => boolean): void {
    const bytes = this.#cells.read(place);
    const reader = new ByteReader(bytes);
    let beforeMs = this.#anchorMs(place);
    while (reader.at < bytes.length) {
      const block = nextBlock(reader, beforeMs);
      beforeMs = block.toMs;
      if (!visit(block, reader.at)) return;
    }
  }
}

const NONE: readonly Block[] = [];

function grown(numbers: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(numbers);
  return larger;
}

function divided(columns: Columns, count: number): readonly Block[] {
  if (count <= MAX_BLOCK_SAMPLES) return [closeBlock({ ...columns, start: 0, end: count })];
  const middle = count >>> 1;
  return [
    closeBlock({ ...columns, start: 0, end: middle }),
    closeBlock({ ...columns, start: middle, end: count }),
  ];
}
