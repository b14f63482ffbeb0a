/** How many samples of a series are open: kept as they came. When they are full, the older half is packed. */
export const OPEN_SAMPLES = 64;
export const PACKED_SAMPLES = OPEN_SAMPLES / 2;

/**
 * The instants of open samples. Series that are written together have theirs in common: eight bytes for all of them
 * instead of eight for each. Whoever goes on at another instant than the others takes a copy, together with all that
 * do the same.
 */
export class Timeline {
  readonly timesMs = new Float64Array(OPEN_SAMPLES);
  #count: number;
  #rolled: Timeline | undefined;
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

  /** What follows when all is full: the younger half, and room. */
  rolled(): Timeline {
    this.#rolled ??= new Timeline(this.timesMs.subarray(PACKED_SAMPLES));
    return this.#rolled;
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

/** Where series find those that begin at the same instant. */
export interface Timelines {
  /** One whose latest instant is this. */
  begin(atMs: number): Timeline;
}

export function createTimelines(): Timelines {
  let latest = new Timeline();
  return {
    begin(atMs) {
      if (latest.count > 0 && latest.timesMs[latest.count - 1] === atMs) return latest;
      latest = new Timeline();
      latest.push(atMs);
      return latest;
    },
  };
}
