import type { Labels } from '../../config/model/labels.ts';
import { isStale } from '../../config/model/sample.ts';
import type { SeriesSlice } from '../../config/model/series.ts';
import { readBlock, type Block, type Columns } from './block.ts';
import { createCells } from './cells.ts';
import { Copies } from './copies.ts';
import type { Column } from './gathered.ts';
import { Histories } from './history.ts';
import { NO_SAMPLE, OpenSamples } from './open-samples.ts';
import { Places } from './places.ts';
import { firstAfter, firstAt } from './sorted.ts';

/** What a series said last. */
export interface LatestSample {
  /** With `__name__`. */
  readonly labels: Labels;
  readonly atMs: number;
  readonly value: number;
  /** The series ended after it. */
  readonly isEnded: boolean;
}

/** The instants `afterMs < t <= toMs`. */
export interface Span {
  readonly afterMs: number;
  readonly toMs: number;
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

/** Where all series of a head keep their samples, by place. */
export interface Storage {
  readonly places: Places;
  readonly open: OpenSamples;
  readonly histories: Histories;
  readonly copies: Copies;
  watcher: SeriesWatcher | undefined;
}

export function createStorage(): Storage {
  return {
    places: new Places(),
    open: new OpenSamples(),
    histories: new Histories(createCells()),
    copies: new Copies(),
    watcher: undefined,
  };
}

/** Makes the series of one head. What all of them have in common stands with their class, not in each. */
export function seriesIn(storage: Storage): (labels: Labels, id: number) => Series {
  const { places, open, histories } = storage;
  class OwnSeries extends Series {
    protected override get storage(): Storage {
      return storage;
    }
  }
  return (labels, id) => {
    const place = places.take(id);
    open.begin(place);
    histories.begin(place);
    return new OwnSeries(labels, place);
  };
}

/**
 * One series in memory: packed blocks, then open samples. Whoever writes to it often keeps it instead of its labels.
 * Instants are whole milliseconds, 0 or later.
 */
export abstract class Series {
  /** With `__name__`. */
  readonly labels: Labels;
  /** When it is gone, its id below zero. */
  #place: number;
  protected abstract get storage(): Storage;

  constructor(labels: Labels, place: number) {
    this.labels = labels;
    this.#place = place;
  }

  /** Of the head that holds it: a number that no other series has or will have, 1 or more. */
  get id(): number {
    return this.isGone ? -this.#place : this.storage.places.idAt(this.#place);
  }

  /** The head holds it no more: ask for the series of these labels anew. */
  get isGone(): boolean {
    return this.#place < 0;
  }

  /** A small number for what is kept of each series in columns. When the series is gone, another gets it. */
  get place(): number {
    return this.#place;
  }

  get lastAtMs(): number {
    return this.storage.open.lastAtMs(this.#place);
  }

  get packedToMs(): number {
    return this.storage.histories.toMs(this.#place);
  }

  /** The last number, and whether the series ended after it; `undefined` while it has none. */
  latest(): LatestSample | undefined {
    const { open } = this.storage;
    const place = this.#place;
    const { from, end } = open.span(place);
    if (end === from) return undefined;
    const isEnded = open.isEnded(place) && end - 1 > from;
    const at = isEnded ? end - 2 : end - 1;
    return { labels: this.labels, atMs: open.atMs(place, at), value: open.valueAt(place, at), isEnded };
  }

  /** A sample that is not newer than the last is ignored and answered `false`. */
  append(atMs: number, value: number): boolean {
    const { open } = this.storage;
    const place = this.#place;
    if (open.isEmpty(place)) return begin(this, open, atMs, value);
    if (!(atMs > open.lastAtMs(place))) return false;
    if (open.isFull(place)) packOldest(this, this.storage);
    open.push(place, atMs, value);
    return true;
  }

  /**
   * Puts a sample among those that there are, for senders that come late: slower than `append`.
   * @returns `false` if there is a sample of this instant.
   */
  insert(atMs: number, value: number): boolean {
    if (this.isGone || !(atMs >= 0)) return false;
    if (!(atMs <= this.lastAtMs)) return this.append(atMs, value);
    const { open, histories, watcher } = this.storage;
    const place = this.#place;
    if (open.isFull(place)) packOldest(this, this.storage);
    const isNew =
      atMs > this.packedToMs ? open.insert(place, atMs, value) : histories.insert(place, { atMs, value });
    if (isNew) watcher?.late(this, atMs, value);
    return isNew;
  }

  /** Marks the end of the series, so that queries do not look back past it; `false` if it has ended already. */
  end(atMs: number): boolean {
    const { open } = this.storage;
    const place = this.#place;
    if (open.isEmpty(place) || open.isEnded(place) || !(atMs > open.lastAtMs(place))) return false;
    if (open.isFull(place)) packOldest(this, this.storage);
    open.pushMark(place, atMs);
    return true;
  }

  /** The samples of `fromMs <= t <= toMs`. */
  slice(fromMs: number, toMs: number): SeriesSlice {
    const { open, histories, copies } = this.storage;
    const place = this.#place;
    const packed = histories.blocks(place, fromMs, toMs);
    const span = open.within(place, fromMs, toMs);
    const total = packed.reduce((sum, { count }) => sum + count, span.end - span.from);
    const from = copies.take(total);
    const { timesMs, values } = copies;
    let at = from;
    for (const block of packed) {
      readBlock(block, copies, at);
      at += block.count;
    }
    open.read(place, span, copies, at);
    const start = packed.length === 0 ? from : firstAt(timesMs, from, from + total, fromMs);
    const end = packed.length === 0 ? from + total : firstAfter(timesMs, start, from + total, toMs);
    return { labels: this.labels, timesMs, values, start, end };
  }

  /** The last sample of `fromMs <= t <= toMs`, if there is one. */
  newest(fromMs: number, toMs: number): SeriesSlice {
    const { open, copies } = this.storage;
    const place = this.#place;
    const index = open.lastUpTo(place, toMs);
    if (index === NO_SAMPLE) {
      const { start, ...packed } = this.slice(fromMs, toMs);
      return { ...packed, start: Math.max(start, packed.end - 1) };
    }
    const atMs = open.atMs(place, index);
    const start = copies.take(1);
    const { timesMs, values } = copies;
    const value = open.valueAt(place, index);
    timesMs[start] = atMs;
    // A NaN may be the mark of the end: its bits count.
    if (value === value) values[start] = value;
    else open.read(place, { from: index, end: index + 1 }, copies, start);
    return { labels: this.labels, timesMs, values, start, end: atMs >= fromMs ? start + 1 : start };
  }

  /**
   * Writes the last sample of `afterMs < t <= toMs` into columns, at that index; `false` where there is none, or the series
   * ended after it.
   */
  readNewest(span: Span, columns: Columns, at: number): boolean {
    const { open } = this.storage;
    const place = this.#place;
    const index = open.lastUpTo(place, span.toMs);
    if (index === NO_SAMPLE) return readOnly(this.newest(span.afterMs, span.toMs), span, columns, at);
    const atMs = open.atMs(place, index);
    if (!(atMs > span.afterMs) || open.isMark(place, index)) return false;
    columns.timesMs[at] = atMs;
    columns.values[at] = open.valueAt(place, index);
    return true;
  }

  /** Lets go of the blocks that ended before the instant; `false` when nothing younger is left. */
  dropBefore(beforeMs: number): boolean {
    this.storage.histories.dropBefore(this.#place, beforeMs);
    return this.lastAtMs >= beforeMs;
  }

  /** Lets go of the samples after the instant. */
  dropAfter(afterMs: number): void {
    const { open, histories } = this.storage;
    const place = this.#place;
    if (this.lastAtMs <= afterMs || open.dropAfter(place, afterMs)) return;
    const packed = histories.blocks(place, 0, afterMs);
    const last = packed.at(-1);
    histories.replace(place, packed.slice(0, -1));
    if (last !== undefined) open.open(place, last, afterMs);
  }

  /**
   * Adds the open samples that are new since the last time to the columns, oldest first, and answers how many: from now
   * on they are not new. What was packed since is not among them.
   */
  drain(timesMs: Column, values: Column): number {
    return this.storage.open.drain(this.#place, timesMs, values);
  }

  /** All that is open counts as new again. */
  markUnsaved(): void {
    this.storage.open.markUnsaved(this.#place);
  }

  /** Puts back what was read from disk: a block that follows on all that is there, while nothing is open. */
  restore(block: Block): boolean {
    if (block.fromMs <= Math.max(this.lastAtMs, this.packedToMs)) return false;
    this.storage.histories.push(this.#place, block);
    return true;
  }

  /** All that is packed. */
  packed(): readonly Block[] {
    return this.storage.histories.blocks(this.#place);
  }

  /** Shows what is packed of `fromMs <= t <= toMs`, blocks at the ends whole; their bytes hold while they are looked at. */
  visitPacked(span: { readonly fromMs: number; readonly toMs: number }, look: (block: Block) => void): void {
    this.storage.histories.visit(this.#place, span, look);
  }

  /** Its room is given to another series. */
  leave(): void {
    const { places, open, histories } = this.storage;
    const { id } = this;
    open.clear(this.#place);
    histories.clear(this.#place);
    places.give(this.#place);
    this.#place = -id;
  }
}

function begin(series: Series, open: OpenSamples, atMs: number, value: number): boolean {
  if (series.isGone || !(atMs >= 0) || atMs <= series.packedToMs) return false;
  open.putFirst(series.place, atMs, value);
  return true;
}

/** Writes the only sample of a slice, if it has one that counts. */
function readOnly(
  { timesMs, values, start, end }: SeriesSlice,
  { afterMs }: Span,
  columns: Columns,
  at: number,
): boolean {
  const atMs = timesMs[start] ?? 0;
  if (end === start || !(atMs > afterMs) || isStale(values, start)) return false;
  columns.timesMs[at] = atMs;
  columns.values[at] = values[start] ?? 0;
  return true;
}

function packOldest(series: Series, { open, histories, watcher }: Storage): void {
  const block = open.packOldest(series.place);
  if (block === undefined) return;
  histories.push(series.place, block);
  watcher?.packed(series, block);
}
