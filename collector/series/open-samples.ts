import { closeBlock, readBlock, type Block, type Columns } from './block.ts';
import { grown, roomFor } from './columns.ts';
import type { Column } from './gathered.ts';
import { OpenValues, type OpenSpan } from './open-values.ts';
import { firstAfter, firstAt } from './sorted.ts';
import { OPEN_SAMPLES, PACKED_SAMPLES, PACKING_TURNS, Timeline, Timelines } from './timeline.ts';

const NOT_BEGUN = new Timeline();

/** The values of one series while they are put in order. */
const scratch = new Float64Array(OPEN_SAMPLES);

/** What stands in the place of an index where there is no sample. */
export const NO_SAMPLE = -1;

/**
 * The samples of all series of a head to which more are added: what came last of each. What is known of each series
 * stands in columns, by place, since there are so many.
 */
export class OpenSamples {
  readonly #known = new Timelines();
  readonly #values = new OpenValues();
  /** The samples are `from <= i < end` of their instants and of their values. */
  readonly #timelines: Timeline[] = [];
  #froms = new Uint8Array(0);
  #ends = new Uint8Array(0);
  /** How many of them are new since they were drained. */
  #unsaved = new Uint8Array(0);

  /** Makes room for a place; it has no samples. */
  begin(place: number): void {
    if (place >= this.#ends.length) this.#makeRoom(roomFor(place + 1));
    this.#timelines[place] = NOT_BEGUN;
    this.#empty(place);
    this.#values.begin(place);
  }

  /** Lets go of all samples. */
  clear(place: number): void {
    this.#timelines[place] = NOT_BEGUN;
    this.#empty(place);
    this.#values.clear(place);
  }

  isEmpty(place: number): boolean {
    return this.#ends[place] === this.#froms[place];
  }

  /** All of them. */
  span(place: number): OpenSpan {
    return { from: this.#froms[place] ?? 0, end: this.#ends[place] ?? 0 };
  }

  /** −∞ where there is none. */
  lastAtMs(place: number): number {
    const { from, end } = this.span(place);
    return end > from ? (this.#timesMs(place)[end - 1] ?? 0) : Number.NEGATIVE_INFINITY;
  }

  /** The oldest have to be packed before there is room for another. Neighbours pack theirs in different turns. */
  isFull(place: number): boolean {
    return (this.#ends[place] ?? 0) >= OPEN_SAMPLES - (place % PACKING_TURNS);
  }

  /** The first sample, of a place that has none. */
  putFirst(place: number, atMs: number, value: number): void {
    const { timeline, at } = this.#known.begin(atMs);
    this.#timelines[place] = timeline;
    this.#froms[place] = at;
    this.#ends[place] = at + 1;
    this.#unsaved[place] = 1;
    this.#values.putFirst(place, at, value);
  }

  /** A sample that is newer than the last; there must be room. */
  push(place: number, atMs: number, value: number): void {
    const end = this.#goOn(place, atMs);
    if (this.#values.put(place, end, value)) return;
    this.#values.add(place, { from: this.#froms[place] ?? 0, end }, value);
  }

  /** Likewise, the mark of the end of the series. */
  pushMark(place: number, atMs: number): void {
    const end = this.#goOn(place, atMs);
    this.#values.addMark(place, { from: this.#froms[place] ?? 0, end });
  }

  /** Whether the last sample is the mark of the end of the series. */
  isEnded(place: number): boolean {
    return this.isMark(place, (this.#ends[place] ?? 0) - 1);
  }

  /** Whether the sample is the mark of the end of the series. */
  isMark(place: number, index: number): boolean {
    return this.#values.isMark(place, index);
  }

  /** Puts a sample among those that there are; `false` if there is one of this instant. There must be room. */
  insert(place: number, atMs: number, value: number): boolean {
    const { from, end } = this.span(place);
    const timeline = this.#timelineOf(place);
    const at = firstAt(timeline.timesMs, from, end, atMs);
    if (timeline.timesMs[at] === atMs) return false;
    this.#timelines[place] = timeline.branched(end, at, atMs);
    this.#values.read(place, { from, end }, scratch, from);
    scratch.copyWithin(at + 1, at, end);
    scratch[at] = value;
    this.#values.write(place, { from, end: end + 1 }, scratch);
    this.#ends[place] = end + 1;
    const unsaved = this.#unsaved[place] ?? 0;
    if (at >= end - unsaved) this.#unsaved[place] = unsaved + 1;
    return true;
  }

  /** The index of the last sample up to and including the instant. */
  lastUpTo(place: number, toMs: number): number {
    const { from, end } = this.span(place);
    const timesMs = this.#timesMs(place);
    // What is looked at is mostly now.
    if (end === from || (timesMs[end - 1] ?? 0) <= toMs) return end > from ? end - 1 : NO_SAMPLE;
    const after = firstAfter(timesMs, from, end, toMs);
    return after > from ? after - 1 : NO_SAMPLE;
  }

  atMs(place: number, index: number): number {
    return this.#timesMs(place)[index] ?? 0;
  }

  /** NaN for the mark of the end. */
  valueAt(place: number, index: number): number {
    return this.#values.at(place, index);
  }

  /** The samples of `fromMs <= t <= toMs`. */
  within(place: number, fromMs: number, toMs: number): OpenSpan {
    const { from, end } = this.span(place);
    const timesMs = this.#timesMs(place);
    const start = firstAt(timesMs, from, end, fromMs);
    return { from: start, end: firstAfter(timesMs, start, end, toMs) };
  }

  /** Writes the samples of a span into columns, from `at` on. */
  read(place: number, { from, end }: OpenSpan, { timesMs, values }: Columns, at: number): void {
    const own = this.#timesMs(place);
    for (let index = from; index < end; index += 1) timesMs[at + index - from] = own[index] ?? 0;
    this.#values.read(place, { from, end }, values, at);
  }

  /** Lets go of the samples after the instant; `false` when none are left. */
  dropAfter(place: number, afterMs: number): boolean {
    const { from, end } = this.span(place);
    const left = firstAfter(this.#timesMs(place), from, end, afterMs);
    this.#ends[place] = left;
    this.#unsaved[place] = Math.min(this.#unsaved[place] ?? 0, left - from);
    return left > from;
  }

  /** What of a packed block is not after the instant is open again, at a place that has none. */
  open(place: number, block: Block, afterMs: number): void {
    const columns = { timesMs: new Float64Array(block.count), values: new Float64Array(block.count) };
    readBlock(block, columns, 0);
    const end = firstAfter(columns.timesMs, 0, block.count, afterMs);
    this.#timelines[place] = new Timeline(columns.timesMs.subarray(0, end));
    this.#froms[place] = 0;
    this.#ends[place] = end;
    this.#values.write(place, { from: 0, end }, columns.values);
  }

  /** Adds what is new since the last time to the columns, oldest first, and answers how many: now they are not new. */
  drain(place: number, timesMs: Column, values: Column): number {
    const { from, end } = this.span(place);
    const start = Math.max(from, end - (this.#unsaved[place] ?? 0));
    this.#unsaved[place] = 0;
    if (start === end) return 0;
    timesMs.copy(this.#timesMs(place), start, end);
    this.#values.read(place, { from: start, end }, scratch, start);
    values.copy(scratch, start, end);
    return end - start;
  }

  /** All count as new again. */
  markUnsaved(place: number): void {
    const { from, end } = this.span(place);
    this.#unsaved[place] = end - from;
  }

  /** Makes room at the end. @returns the oldest samples, packed; nothing where the first begins after them. */
  packOldest(place: number): Block | undefined {
    const { from, end } = this.span(place);
    const timeline = this.#timelineOf(place);
    let block: Block | undefined;
    if (from < PACKED_SAMPLES) {
      this.#values.read(place, { from, end: PACKED_SAMPLES }, scratch, from);
      block = closeBlock({ timesMs: timeline.timesMs, values: scratch, start: from, end: PACKED_SAMPLES });
    }
    this.#timelines[place] = this.#known.rolled(timeline, end);
    const first = Math.max(from, PACKED_SAMPLES);
    this.#values.move(place, { from: first, end }, -PACKED_SAMPLES);
    this.#froms[place] = first - PACKED_SAMPLES;
    this.#ends[place] = end - PACKED_SAMPLES;
    this.#unsaved[place] = Math.min(this.#unsaved[place] ?? 0, end - first);
    return block;
  }

  /** Where the next sample goes; others that go on at another instant have another timeline. */
  #goOn(place: number, atMs: number): number {
    const end = this.#ends[place] ?? 0;
    const timeline = this.#timelineOf(place);
    if (end === timeline.count) timeline.push(atMs);
    else if (timeline.timesMs[end] !== atMs) this.#timelines[place] = timeline.branched(end, end, atMs);
    this.#ends[place] = end + 1;
    this.#unsaved[place] = (this.#unsaved[place] ?? 0) + 1;
    return end;
  }

  #timelineOf(place: number): Timeline {
    return this.#timelines[place] ?? NOT_BEGUN;
  }

  #timesMs(place: number): Float64Array {
    return this.#timelineOf(place).timesMs;
  }

  #empty(place: number): void {
    this.#froms[place] = 0;
    this.#ends[place] = 0;
    this.#unsaved[place] = 0;
  }

  #makeRoom(room: number): void {
    this.#froms = grown(this.#froms, room);
    this.#ends = grown(this.#ends, room);
    this.#unsaved = grown(this.#unsaved, room);
  }
}
