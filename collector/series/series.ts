import type { Labels } from '../../config/model/labels.ts';
import { isStale, markStale } from '../../config/model/sample.ts';
import type { SeriesSlice } from '../../config/model/series.ts';
import { closeBlock, readBlock, type Block } from './block.ts';
import { createCells } from './cells.ts';
import type { Column } from './gathered.ts';
import { Histories } from './history.ts';
import { createSlots, type Slot, type Slots } from './slots.ts';
import { firstAfter, firstAt } from './sorted.ts';
import {
  createTimelines,
  OPEN_SAMPLES,
  PACKED_SAMPLES,
  PACKING_TURNS,
  Timeline,
  type Timelines,
} from './timeline.ts';

/** What a series said last. */
export interface LatestSample {
  /** With `__name__`. */
  readonly labels: Labels;
  readonly atMs: number;
  readonly value: number;
  /** The series ended after it. */
  readonly isEnded: boolean;
}

/** Hears of what is not open any more: who writes the head to disk. */
export interface SeriesWatcher {
  /** The oldest of the open samples were packed. */
  packed(series: Series, block: Block): void;
  /** A sample came late and was put in its place. */
  late(series: Series, atMs: number, value: number): void;
  /** Samples went that had been there: the clock was set back. */
  dropped(): void;
}

/** Where all series of a head keep their samples. */
export interface Storage {
  readonly timelines: Timelines;
  readonly slots: Slots;
  readonly histories: Histories;
  watcher: SeriesWatcher | undefined;
}

export function createStorage(): Storage {
  return {
    timelines: createTimelines(),
    slots: createSlots(),
    histories: new Histories(createCells()),
    watcher: undefined,
  };
}

const NOT_BEGUN = new Timeline();
const NO_VALUES = new Float64Array(0);
const NOWHERE = -1;

/**
 * One series in memory: packed blocks, then open samples. Whoever writes to it often keeps it instead of its labels.
 * Instants are whole milliseconds, 0 or later.
 */
export class Series {
  /** With `__name__`. */
  readonly labels: Labels;
  /** Of the head that holds it: a number that no other series has or will have, 1 or more. */
  readonly id: number;
  /** How many of the open samples are new since `drain`. */
  #unsaved = 0;
  readonly #storage: Storage;
  /** Its own slot, or one that it shares with all that said nothing but this number. */
  #values: Slot;
  #isShared = true;
  #place: number;
  /** The open samples are `from <= i < end` of both. */
  #timeline = NOT_BEGUN;
  #from = 0;
  #end = 0;

  constructor({ labels, id, storage }: Pick<Series, 'labels' | 'id'> & { storage: Storage }) {
    this.labels = labels;
    this.id = id;
    this.#storage = storage;
    this.#values = NO_VALUES;
    this.#place = storage.histories.take();
  }

  get #histories(): Histories {
    return this.#storage.histories;
  }

  /** The head holds it no more: ask for the series of these labels anew. */
  get isGone(): boolean {
    return this.#place === NOWHERE;
  }

  /** A small number for what is kept of each series in columns. When the series is gone, another gets it. */
  get place(): number {
    return this.#place;
  }

  get lastAtMs(): number {
    return this.#end > this.#from ? (this.#timeline.timesMs[this.#end - 1] ?? 0) : Number.NEGATIVE_INFINITY;
  }

  /** The last number, and whether the series ended after it; `undefined` while it has none. */
  latest(): LatestSample | undefined {
    if (this.#end === this.#from) return undefined;
    const last = this.#end - 1;
    const isEnded = isStale(this.#values, last) && last > this.#from;
    const at = isEnded ? last - 1 : last;
    const atMs = this.#timeline.timesMs[at] ?? 0;
    return { labels: this.labels, atMs, value: this.#values[at] ?? Number.NaN, isEnded };
  }

  /** A sample that is not newer than the last is ignored and answered `false`. */
  append(atMs: number, value: number): boolean {
    if (this.#end === this.#from) return this.#begin(atMs, value);
    if (!(atMs > (this.#timeline.timesMs[this.#end - 1] ?? 0))) return false;
    if (this.#end >= this.#room) this.#packOldest();
    const timeline = this.#timeline;
    if (this.#end === timeline.count) timeline.push(atMs);
    else if (timeline.timesMs[this.#end] !== atMs) {
      this.#timeline = timeline.branched(this.#end, this.#end, atMs);
    }
    this.#put(value);
    this.#unsaved += 1;
    return true;
  }

  /**
   * Puts a sample among those that there are, for senders that come late: slower than `append`.
   * @returns `false` if there is a sample of this instant.
   */
  insert(atMs: number, value: number): boolean {
    if (this.isGone || !(atMs >= 0)) return false;
    if (!(atMs <= this.lastAtMs)) return this.append(atMs, value);
    if (this.#end >= this.#room) this.#packOldest();
    const isNew =
      atMs > this.packedToMs
        ? this.#insertIntoOpen(atMs, value)
        : this.#histories.insert(this.#place, { atMs, value });
    if (isNew) this.#storage.watcher?.late(this, atMs, value);
    return isNew;
  }

  /** Marks the end of the series, so that queries do not look back past it; `false` if it has ended already. */
  end(atMs: number): boolean {
    if (this.#end === this.#from || isStale(this.#values, this.#end - 1)) return false;
    if (!this.append(atMs, Number.NaN)) return false;
    markStale(this.#values, this.#end - 1);
    return true;
  }

  /** The samples of `fromMs <= t <= toMs`: the open ones themselves where they reach back far enough, else a copy. */
  slice(fromMs: number, toMs: number): SeriesSlice {
    const { labels } = this;
    const packed = this.#histories.blocks(this.#place, fromMs, toMs);
    if (packed.length === 0) {
      const { timesMs } = this.#timeline;
      const start = firstAt(timesMs, this.#from, this.#end, fromMs);
      return {
        labels,
        timesMs,
        values: this.#values,
        start,
        end: firstAfter(timesMs, start, this.#end, toMs),
      };
    }
    const total = packed.reduce((sum, { count }) => sum + count, this.#end - this.#from);
    const copy = { timesMs: new Float64Array(total), values: new Float64Array(total) };
    let at = 0;
    for (const block of packed) {
      readBlock(block, copy, at);
      at += block.count;
    }
    copy.timesMs.set(this.#timeline.timesMs.subarray(this.#from, this.#end), at);
    copy.values.set(this.#values.subarray(this.#from, this.#end), at);
    const start = firstAt(copy.timesMs, 0, total, fromMs);
    return { labels, ...copy, start, end: firstAfter(copy.timesMs, start, total, toMs) };
  }

  /** The last sample of `fromMs <= t <= toMs`, if there is one. */
  newest(fromMs: number, toMs: number): SeriesSlice {
    const { timesMs } = this.#timeline;
    let end = this.#end;
    // What is looked at is mostly now.
    if (end > this.#from && (timesMs[end - 1] ?? 0) > toMs) end = firstAfter(timesMs, this.#from, end, toMs);
    if (end === this.#from) {
      const { start, ...packed } = this.slice(fromMs, toMs);
      return { ...packed, start: Math.max(start, packed.end - 1) };
    }
    const start = (timesMs[end - 1] ?? 0) >= fromMs ? end - 1 : end;
    return { labels: this.labels, timesMs, values: this.#values, start, end };
  }

  /** Lets go of the blocks that ended before the instant; `false` when nothing younger is left. */
  dropBefore(beforeMs: number): boolean {
    this.#histories.dropBefore(this.#place, beforeMs);
    return this.lastAtMs >= beforeMs;
  }

  /** Lets go of the samples after the instant. */
  dropAfter(afterMs: number): void {
    if (this.lastAtMs <= afterMs) return;
    this.#end = firstAfter(this.#timeline.timesMs, this.#from, this.#end, afterMs);
    this.#unsaved = Math.min(this.#unsaved, this.#end - this.#from);
    if (this.#end > this.#from) return;
    const packed = this.#histories.blocks(this.#place, 0, afterMs);
    const last = packed.at(-1);
    this.#histories.replace(this.#place, packed.slice(0, -1));
    if (last !== undefined) this.#open(last, afterMs);
  }

  /**
   * Adds the open samples that are new since the last time to the columns, oldest first, and answers how many: from now
   * on they are not new. What was packed since is not among them.
   */
  drain(timesMs: Column, values: Column): number {
    const start = Math.max(this.#from, this.#end - this.#unsaved);
    this.#unsaved = 0;
    if (start === this.#end) return 0;
    timesMs.copy(this.#timeline.timesMs, start, this.#end);
    values.copy(this.#values, start, this.#end);
    return this.#end - start;
  }

  /** All that is open counts as new again. */
  markUnsaved(): void {
    this.#unsaved = this.#end - this.#from;
  }

  /** Puts back what was read from disk: a block that follows on all that is there, while nothing is open. */
  restore(block: Block): boolean {
    if (block.fromMs <= Math.max(this.lastAtMs, this.packedToMs)) return false;
    this.#histories.push(this.#place, block);
    return true;
  }

  /** All that is packed. */
  packed(): readonly Block[] {
    return this.#histories.blocks(this.#place);
  }

  /** Shows what is packed of `fromMs <= t <= toMs`, blocks at the ends whole; their bytes hold while they are looked at. */
  visitPacked(span: { readonly fromMs: number; readonly toMs: number }, look: (block: Block) => void): void {
    this.#histories.visit(this.#place, span, look);
  }

  get packedToMs(): number {
    return this.#histories.toMs(this.#place);
  }

  /** Its room is given to another series. */
  leave(): void {
    this.#from = 0;
    this.#end = 0;
    this.#unsaved = 0;
    this.#histories.give(this.#place);
    this.#place = NOWHERE;
    if (!this.#isShared) this.#storage.slots.give(this.#values);
    this.#values = NO_VALUES;
    this.#isShared = true;
  }

  #begin(atMs: number, value: number): boolean {
    if (this.isGone || !(atMs >= 0) || atMs <= this.packedToMs) return false;
    const { timeline, at } = this.#storage.timelines.begin(atMs);
    this.#timeline = timeline;
    this.#from = at;
    this.#end = at;
    this.#values = this.#storage.slots.shared(value) ?? this.#ownSlot();
    this.#put(value);
    this.#unsaved = 1;
    return true;
  }

  /** The next open sample. */
  #put(value: number): void {
    if (this.#isShared && !Object.is(this.#values[0], value)) this.#leaveShared();
    if (!this.#isShared) this.#values[this.#end] = value;
    this.#end += 1;
  }

  #ownSlot(): Slot {
    if (this.#isShared) this.#values = this.#storage.slots.take();
    this.#isShared = false;
    return this.#values;
  }

  #leaveShared(): void {
    const shared = this.#values;
    this.#ownSlot().set(shared.subarray(0, this.#end));
  }

  /** A number that stands in all open samples needs no slot. */
  #tryShared(): void {
    const first = this.#values[this.#from] ?? Number.NaN;
    for (let index = this.#from; index < this.#end; index += 1) {
      if (!Object.is(this.#values[index], first)) return;
    }
    const shared = this.#storage.slots.shared(first);
    if (shared === undefined) return;
    this.#storage.slots.give(this.#values);
    this.#values = shared;
    this.#isShared = true;
  }

  #insertIntoOpen(atMs: number, value: number): boolean {
    const at = firstAt(this.#timeline.timesMs, this.#from, this.#end, atMs);
    if (this.#timeline.timesMs[at] === atMs) return false;
    this.#timeline = this.#timeline.branched(this.#end, at, atMs);
    if (this.#isShared) this.#leaveShared();
    this.#values.copyWithin(at + 1, at, this.#end);
    this.#values[at] = value;
    this.#end += 1;
    if (at >= this.#end - 1 - this.#unsaved) this.#unsaved += 1;
    return true;
  }

  /** What of a packed block is not after the instant is open again. */
  #open(block: Block, afterMs: number): void {
    const columns = { timesMs: new Float64Array(block.count), values: new Float64Array(block.count) };
    readBlock(block, columns, 0);
    const end = firstAfter(columns.timesMs, 0, block.count, afterMs);
    this.#timeline = new Timeline(columns.timesMs.subarray(0, end));
    this.#ownSlot().set(columns.values.subarray(0, end));
    this.#from = 0;
    this.#end = end;
  }

  /** With how many open samples the oldest are packed: another number for neighbours, so that not all do so in one scrape. */
  get #room(): number {
    return OPEN_SAMPLES - (this.id % PACKING_TURNS);
  }

  #packOldest(): void {
    const end = this.#end;
    if (this.#from < PACKED_SAMPLES) {
      const { timesMs } = this.#timeline;
      const block = closeBlock({ timesMs, values: this.#values, start: this.#from, end: PACKED_SAMPLES });
      this.#histories.push(this.#place, block);
      this.#storage.watcher?.packed(this, block);
    }
    this.#timeline = this.#timeline.rolled(end);
    this.#from = Math.max(0, this.#from - PACKED_SAMPLES);
    this.#end = end - PACKED_SAMPLES;
    if (this.#isShared) return;
    this.#values.copyWithin(0, PACKED_SAMPLES, end);
    this.#tryShared();
  }
}
