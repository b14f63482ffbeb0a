import { closeBlock, readBlock, type Block, type Columns } from './block.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { emptyChain, type Cells } from './cells.ts';
import { firstAt } from './sorted.ts';

/** A block of more samples is divided when late ones have made it grow. */
const MAX_BLOCK_SAMPLES = 64;

const writer = new ByteWriter();

/** The packed samples of one series, block behind block in the head's cells. */
export class History {
  readonly #cells: Cells;
  readonly #chain = emptyChain();
  /** The end of the block before the first: each begins so far after the one before. */
  #anchorMs = 0;
  #toMs = Number.NEGATIVE_INFINITY;

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  /** The last instant of all. */
  get toMs(): number {
    return this.#toMs;
  }

  get isEmpty(): boolean {
    return this.#chain.length === 0;
  }

  /** The block must be younger than all that are there. */
  push({ fromMs, toMs, count, bytes }: Block): void {
    writer.begin(bytes.length + 48);
    writer.unsigned(bytes.length);
    writer.unsigned(count);
    writer.unsigned(fromMs - Math.max(this.#toMs, this.#anchorMs));
    writer.unsigned(toMs - fromMs);
    writer.copy(bytes);
    this.#cells.append(this.#chain, writer.written());
    this.#toMs = toMs;
  }

  /** The blocks that have something of the span. */
  blocks(fromMs = 0, toMs = Number.POSITIVE_INFINITY): readonly Block[] {
    const found: Block[] = [];
    if (this.#chain.length === 0 || this.#toMs < fromMs) return found;
    this.#walk((block) => {
      if (block.toMs >= fromMs && block.fromMs <= toMs) found.push({ ...block, bytes: block.bytes.slice() });
      return block.fromMs <= toMs;
    });
    return found;
  }

  /** Lets go of the blocks that ended before the instant. */
  dropBefore(beforeMs: number): void {
    if (this.#chain.length === 0) return;
    let bytes = 0;
    let anchorMs = this.#anchorMs;
    this.#walk((block, endsAt) => {
      if (block.toMs >= beforeMs) return false;
      bytes = endsAt;
      anchorMs = block.toMs;
      return true;
    });
    if (bytes === 0) return;
    this.#cells.drop(this.#chain, bytes);
    this.#anchorMs = anchorMs;
    if (this.isEmpty) this.#toMs = Number.NEGATIVE_INFINITY;
  }

  /** Puts one sample in its place; `false` if there is one of its instant. */
  insert(atMs: number, value: number): boolean {
    const blocks = [...this.blocks()];
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
    this.replace(blocks);
    return true;
  }

  replace(blocks: readonly Block[]): void {
    this.clear();
    for (const block of blocks) this.push(block);
  }

  clear(): void {
    this.#cells.clear(this.#chain);
    this.#anchorMs = 0;
    this.#toMs = Number.NEGATIVE_INFINITY;
  }

  /** Goes on as long as it is answered `true`. The bytes of a block hold while it is looked at. */
  #walk(visit: (block: Block, endsAt: number) => boolean): void {
    const bytes = this.#cells.read(this.#chain);
    const reader = new ByteReader(bytes);
    let beforeMs = this.#anchorMs;
    while (reader.at < bytes.length) {
      const length = reader.unsigned();
      const count = reader.unsigned();
      const fromMs = beforeMs + reader.unsigned();
      beforeMs = fromMs + reader.unsigned();
      const block = { fromMs, toMs: beforeMs, count, bytes: reader.take(length) };
      if (!visit(block, reader.at)) return;
    }
  }
}

function divided(columns: Columns, count: number): readonly Block[] {
  if (count <= MAX_BLOCK_SAMPLES) return [closeBlock({ ...columns, start: 0, end: count })];
  const middle = count >>> 1;
  return [
    closeBlock({ ...columns, start: 0, end: middle }),
    closeBlock({ ...columns, start: middle, end: count }),
  ];
}
