import type { Labels } from '../../config/model/labels.ts';
import { isStale, markStale } from '../../config/model/sample.ts';
import type { SeriesSlice } from '../../config/model/series.ts';
import { closeBlock, readBlock, type Block } from './block.ts';
import { SLOT_SAMPLES, type Slot } from './slots.ts';

/** What a full slot gives away as one closed block; the rest stays open, so that a look back finds it uncopied. */
const BLOCK_SAMPLES = SLOT_SAMPLES / 2;

/** What a series said last. */
export interface LatestSample {
  /** With `__name__`. */
  readonly labels: Labels;
  readonly atMs: number;
  readonly value: number;
  /** The series ended after it. */
  readonly isEnded: boolean;
}

/** One series in memory: closed blocks, then an open slot. Whoever writes to it often keeps it instead of its labels. */
export class Series {
  /** With `__name__`. */
  readonly labels: Labels;
  /** Changes with the head that holds it. */
  readonly symbols: readonly number[];
  readonly slot: Slot;
  #blocks: Block[] = [];
  #open = 0;
  #lastAtMs = Number.NEGATIVE_INFINITY;
  #isGone = false;

  constructor({ labels, symbols, slot }: Pick<Series, 'labels' | 'symbols' | 'slot'>) {
    this.labels = labels;
    this.symbols = symbols;
    this.slot = slot;
  }

  /** The head holds it no more: ask for the series of these labels anew. */
  get isGone(): boolean {
    return this.#isGone;
  }

  get lastAtMs(): number {
    return this.#lastAtMs;
  }

  /** The last number, and whether the series ended after it; `undefined` while it has none. */
  latest(): LatestSample | undefined {
    const { timesMs, values, base } = this.slot;
    if (this.#open === 0) return undefined;
    const last = base + this.#open - 1;
    const isEnded = isStale(values, last);
    const at = isEnded ? last - 1 : last;
    return { labels: this.labels, atMs: timesMs[at] ?? 0, value: values[at] ?? Number.NaN, isEnded };
  }

  /** A sample that is not newer than the last is ignored and answered `false`. */
  append(atMs: number, value: number): boolean {
    if (!(atMs > this.#lastAtMs) || this.#isGone) return false;
    if (this.#open === SLOT_SAMPLES) this.#closeOlderHalf();
    const { timesMs, values, base } = this.slot;
    timesMs[base + this.#open] = atMs;
    values[base + this.#open] = value;
    this.#open += 1;
    this.#lastAtMs = atMs;
    return true;
  }

  /**
   * Puts a sample among those that there are, for senders that come late: slower than `append`.
   * @returns `false` if there is a sample of this instant.
   */
  insert(atMs: number, value: number): boolean {
    if (atMs > this.#lastAtMs) return this.append(atMs, value);
    if (this.#isGone) return false;
    if (this.#open === SLOT_SAMPLES) this.#closeOlderHalf();
    const closedToMs = this.#blocks.at(-1)?.toMs ?? Number.NEGATIVE_INFINITY;
    return atMs > closedToMs ? this.#insertIntoOpen(atMs, value) : this.#insertIntoBlock(atMs, value);
  }

  #insertIntoOpen(atMs: number, value: number): boolean {
    const { timesMs, values, base } = this.slot;
    const end = base + this.#open;
    const at = firstAt(timesMs, base, end, atMs);
    if (at < end && timesMs[at] === atMs) return false;
    timesMs.copyWithin(at + 1, at, end);
    values.copyWithin(at + 1, at, end);
    timesMs[at] = atMs;
    values[at] = value;
    this.#open += 1;
    return true;
  }

  #insertIntoBlock(atMs: number, value: number): boolean {
    const index = this.#blocks.findIndex(({ toMs }) => toMs >= atMs);
    const block = this.#blocks[index];
    if (block === undefined) return false;
    const { count } = block;
    const copy = { timesMs: new Float64Array(count + 1), values: new Float64Array(count + 1) };
    readBlock(block, copy, 0);
    const at = firstAt(copy.timesMs, 0, count, atMs);
    if (copy.timesMs[at] === atMs) return false;
    copy.timesMs.copyWithin(at + 1, at, count);
    copy.values.copyWithin(at + 1, at, count);
    copy.timesMs[at] = atMs;
    copy.values[at] = value;
    this.#blocks[index] = closeBlock({ ...copy, start: 0, end: count + 1 });
    return true;
  }

  /** Marks the end of the series, so that queries do not look back past it; `false` if it has ended already. */
  end(atMs: number): boolean {
    const { values, base } = this.slot;
    if (this.#open === 0 || isStale(values, base + this.#open - 1)) return false;
    if (!this.append(atMs, Number.NaN)) return false;
    markStale(values, base + this.#open - 1);
    return true;
  }

  /** The samples of `fromMs <= t <= toMs`: the slot itself where it reaches back far enough, else a copy. */
  slice(fromMs: number, toMs: number): SeriesSlice {
    const { labels } = this;
    const { timesMs, values, base } = this.slot;
    const older = this.#blocks.filter((block) => block.toMs >= fromMs && block.fromMs <= toMs);
    if (older.length === 0) {
      const start = firstAt(timesMs, base, base + this.#open, fromMs);
      const end = firstAfter(timesMs, start, base + this.#open, toMs);
      return { labels, timesMs, values, start, end };
    }
    const total = older.reduce((sum, { count }) => sum + count, this.#open);
    const copy = { timesMs: new Float64Array(total), values: new Float64Array(total) };
    let at = 0;
    for (const block of older) {
      readBlock(block, copy, at);
      at += block.count;
    }
    copy.timesMs.set(timesMs.subarray(base, base + this.#open), at);
    copy.values.set(values.subarray(base, base + this.#open), at);
    const start = firstAt(copy.timesMs, 0, total, fromMs);
    return { labels, ...copy, start, end: firstAfter(copy.timesMs, start, total, toMs) };
  }

  /** Lets go of the blocks that ended before the instant; `false` when nothing younger is left. */
  dropBefore(beforeMs: number): boolean {
    let ended = 0;
    while ((this.#blocks[ended]?.toMs ?? beforeMs) < beforeMs) ended += 1;
    if (ended > 0) this.#blocks = this.#blocks.slice(ended);
    return this.#lastAtMs >= beforeMs;
  }

  /** Lets go of the samples after the instant. */
  dropAfter(afterMs: number): void {
    if (this.#lastAtMs <= afterMs) return;
    const { timesMs, values, base } = this.slot;
    this.#open = firstAfter(timesMs, base, base + this.#open, afterMs) - base;
    while (this.#open === 0) {
      const block = this.#blocks.pop();
      if (block === undefined) break;
      // What is left of a closed block is open again.
      const copy = { timesMs: new Float64Array(block.count), values: new Float64Array(block.count) };
      readBlock(block, copy, 0);
      this.#open = firstAfter(copy.timesMs, 0, block.count, afterMs);
      timesMs.set(copy.timesMs.subarray(0, this.#open), base);
      values.set(copy.values.subarray(0, this.#open), base);
    }
    this.#lastAtMs = this.#open === 0 ? Number.NEGATIVE_INFINITY : (timesMs[base + this.#open - 1] ?? 0);
  }

  /** The slot is given to another series. */
  leave(): void {
    this.#isGone = true;
    this.#open = 0;
    this.#blocks = [];
  }

  #closeOlderHalf(): void {
    const { timesMs, values, base } = this.slot;
    this.#blocks.push(closeBlock({ timesMs, values, start: base, end: base + BLOCK_SAMPLES }));
    timesMs.copyWithin(base, base + BLOCK_SAMPLES, base + SLOT_SAMPLES);
    values.copyWithin(base, base + BLOCK_SAMPLES, base + SLOT_SAMPLES);
    this.#open = SLOT_SAMPLES - BLOCK_SAMPLES;
  }
}

/** The first index of a sorted run whose time is not before the instant; `end` if there is none. */
function firstAt(timesMs: Float64Array, start: number, end: number, atMs: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first index of a sorted run whose time is after the instant; `end` if there is none. */
function firstAfter(timesMs: Float64Array, start: number, end: number, atMs: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
