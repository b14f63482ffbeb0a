import { firstAt } from './sorted.ts';

/** How many samples are packed together. */
export const PACKED_SAMPLES = 32;
/** Series that are written together pack theirs in so many turns: all in one would keep the collector from its other work. */
export const PACKING_TURNS = 8;
/** How many samples of a series may be open: kept as they came. What is left after packing covers five minutes of scrapes each 10 s. */
export const OPEN_SAMPLES = 2 * PACKED_SAMPLES + PACKING_TURNS;

/**
 * The instants of open samples. Series that are written together have theirs in common: eight bytes for all of them
 * instead of eight for each. Whoever goes on at another instant than the others takes a copy, together with all that
 * do the same.
 */
export class Timeline {
  readonly timesMs = new Float64Array(OPEN_SAMPLES);
  #count: number;
  /** By where those end that went on. What is long past must not hold all that followed. */
  #rolled: Map<number, WeakRef<Timeline>> | undefined;
  #branch: Branch | undefined;

  constructor(before: Float64Array = NONE) {
    this.timesMs.set(before);
    this.#count = before.length;
  }

  get count(): number {
    return this.#count;
  }

  /** There must be room. */
  push(atMs: number): void {
    this.timesMs[this.#count] = atMs;
    this.#count += 1;
  }

  /** What follows for those whose samples end here when they have packed their oldest. */
  rolled(end: number): Timeline {
    const known = this.#rolled?.get(end)?.deref();
    if (known !== undefined) return known;
    const timeline = new Timeline(this.timesMs.subarray(PACKED_SAMPLES, end));
    this.#rolled ??= new Map();
    this.#rolled.set(end, new WeakRef(timeline));
    return timeline;
  }

  /** The instants before the index, with one more put in at its place among them. */
  branched(end: number, at: number, atMs: number): Timeline {
    const known = this.#branch;
    if (known?.end === end && known.at === at && known.atMs === atMs) return known.timeline;
    const timeline = new Timeline(this.timesMs.subarray(0, end));
    timeline.push(atMs);
    timeline.timesMs.copyWithin(at + 1, at, end);
    timeline.timesMs[at] = atMs;
    this.#branch = { end, at, atMs, timeline };
    return timeline;
  }
}

const NONE = new Float64Array(0);

/** The one that was made last: those who do the same come right after each other. */
interface Branch {
  readonly end: number;
  readonly at: number;
  readonly atMs: number;
  readonly timeline: Timeline;
}

/** So many timelines are looked at: those who write series one after the other come back to where the first began. */
const RECENT = 2 * PACKING_TURNS;
/** So many that series went on to are held, for those who come to them later: they go over some hours so. */
const HELD = 32 * PACKING_TURNS;

/** Where series find those that are written together with them. */
export class Timelines {
  readonly #recent: Timeline[] = [];
  /** Those that were used last stand at the end. */
  readonly #held = new Set<Timeline>();

  /** One that has this instant, and where. */
  begin(atMs: number): { readonly timeline: Timeline; readonly at: number } {
    for (const timeline of this.#recent) {
      const at = firstAt(timeline.timesMs, 0, timeline.count, atMs);
      if (at < timeline.count && timeline.timesMs[at] === atMs) return { timeline, at };
    }
    const timeline = new Timeline();
    timeline.push(atMs);
    this.#recent.unshift(timeline);
    this.#recent.length = Math.min(this.#recent.length, RECENT);
    return { timeline, at: 0 };
  }

  /** What follows for those whose samples end here when they have packed their oldest. */
  rolled(timeline: Timeline, end: number): Timeline {
    const next = timeline.rolled(end);
    this.#held.delete(next);
    this.#held.add(next);
    for (const oldest of this.#held) {
      if (this.#held.size <= HELD) break;
      this.#held.delete(oldest);
    }
    return next;
  }
}
