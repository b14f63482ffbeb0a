import { chainBlock, evenPart, nextBlock, putEven, type Block, type EvenPart } from './block.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { onlyNumber } from './column.ts';
import { PACKED_SAMPLES } from './timeline.ts';

/** What a block follows on. */
export interface Before {
  readonly beforeMs: number;
  /** At what distance samples mostly come; 0 while that is not known. */
  readonly stepMs: number;
  /** What the block before says again and again, if it is one of the usual ones; NaN if it says more. */
  readonly number: number;
}

/** Below both: an even block of the usual count right behind the one before, and the length of its values. */
const WHOLE = 254;
/** The usual block once more, later: its only number did not change. */
const REPEATED = 255;

const even = new ByteWriter();

/**
 * Writes what stands for a block behind those that are there: one byte beside its values if it is like most, one in all
 * if it says what the last one said.
 * @returns the number that a usual block says again and again; else NaN.
 */
export function putLink(into: ByteWriter, block: Block, before: Before): number {
  const part = usualPart(block, before);
  if (part === undefined) {
    chainBlock(into, block, before.beforeMs, WHOLE);
    return Number.NaN;
  }
  const number = onlyNumber(block.bytes, part.valuesAt);
  if (Object.is(number, before.number) && number === number) {
    into.begin(1);
    into.byte(REPEATED);
  } else putUsual(into, block.bytes, part.valuesAt, block.bytes.length);
  return number;
}

/** The step of a block that comes evenly; 0 if it does not. */
export function stepOf(block: Block): number {
  return block.count > 1 ? (evenPart(block)?.stepMs ?? 0) : 0;
}

function putUsual(into: ByteWriter, bytes: Uint8Array, from: number, to: number): void {
  into.begin(1 + to - from);
  into.byte(to - from);
  into.copyPart(bytes, from, to);
}

function usualPart(block: Block, { beforeMs, stepMs }: Before): EvenPart | undefined {
  if (block.count !== PACKED_SAMPLES || block.fromMs !== beforeMs + stepMs) return undefined;
  const part = evenPart(block);
  return part?.stepMs === stepMs && block.bytes.length - part.valuesAt < WHOLE ? part : undefined;
}

/** The packed blocks of one series, from the oldest on. */
export class Chain {
  readonly #bytes: Uint8Array;
  readonly #reader: ByteReader;
  readonly #stepMs: number;
  #beforeMs: number;
  /** Where the values of the last usual block stand. */
  #valuesAt = 0;
  #valuesTo = 0;

  constructor(bytes: Uint8Array, { beforeMs, stepMs }: Pick<Before, 'beforeMs' | 'stepMs'>) {
    this.#bytes = bytes;
    this.#reader = new ByteReader(bytes);
    this.#beforeMs = beforeMs;
    this.#stepMs = stepMs;
  }

  get isAtEnd(): boolean {
    return this.#reader.at >= this.#bytes.length;
  }

  /** The end of the block that was read last. */
  get beforeMs(): number {
    return this.#beforeMs;
  }

  /** How many bytes were read. */
  get at(): number {
    return this.#reader.at;
  }

  /** Its bytes hold until the next block of any series. */
  next(): Block {
    const kind = this.#reader.byte();
    if (kind === WHOLE) {
      const block = nextBlock(this.#reader, this.#beforeMs);
      this.#beforeMs = block.toMs;
      return block;
    }
    if (kind !== REPEATED) {
      this.#valuesAt = this.#reader.at;
      this.#valuesTo = this.#valuesAt + kind;
      this.#reader.skip(kind);
    }
    const fromMs = this.#beforeMs + this.#stepMs;
    this.#beforeMs += PACKED_SAMPLES * this.#stepMs;
    putEven(even, this.#stepMs);
    even.copyPart(this.#bytes, this.#valuesAt, this.#valuesTo);
    return { fromMs, toMs: this.#beforeMs, count: PACKED_SAMPLES, bytes: even.written() };
  }

  /** Whether the next block cannot be read without the one that was read last. */
  get needsLast(): boolean {
    return this.#bytes[this.at] === REPEATED;
  }

  /** What stands for the next block without the one that was read last, and all behind it. */
  rest(): Uint8Array {
    putUsual(even, this.#bytes, this.#valuesAt, this.#valuesTo);
    const behind = this.#bytes.subarray(this.at + 1);
    return Uint8Array.of(...even.written(), ...behind);
  }
}
