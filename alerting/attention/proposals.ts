import type { Proposal } from '../../config/model/attention.ts';

/** One time that a point was raised. */
export interface Episode {
  readonly firedAtMs: number;
  /** Absent: it still stands. */
  readonly endedAtMs?: number;
}

const SECOND_MS = 1_000;
/** As people write them into rules. */
const WAITS_MS = [15, 30, 60, 120, 300, 600, 900, 1_800].map((seconds) => seconds * SECOND_MS);
/** A change is worth it when it spares so large a part. */
const WORTH_RATIO = 0.5;
/** Of fewer raises nothing can be learned. */
const FEWEST = 3;

/**
 * What would quieten a point, learned from when it was raised and ended: waiting longer before it is raised where it is
 * mostly over by itself, letting it stand where it comes back at once. The one that spares more; of equals the second,
 * which delays nothing. The shortest time that spares enough.
 * @param forMs what the rule waits already
 */
export function proposalOf(episodes: readonly Episode[], forMs: number): Proposal | undefined {
  const of = episodes.length;
  if (of < FEWEST) return undefined;
  const lengths = episodes.flatMap(({ firedAtMs, endedAtMs }) =>
    endedAtMs === undefined ? [] : [endedAtMs - firedAtMs],
  );
  const gaps = episodes.flatMap(({ firedAtMs }, index) => {
    const before = episodes[index - 1]?.endedAtMs;
    return before === undefined ? [] : [firedAtMs - before];
  });
  const delay = shortest(lengths, of);
  const hold = shortest(gaps, of);
  if (hold !== undefined && hold.spared >= (delay?.spared ?? 0))
    return { kind: 'hold', keepFiringForMs: hold.waitMs, spared: hold.spared, of };
  return delay && { kind: 'delay', forMs: forMs + delay.waitMs, spared: delay.spared, of };
}

function shortest(
  timesMs: readonly number[],
  of: number,
): { readonly waitMs: number; readonly spared: number } | undefined {
  const sparedBy = (waitMs: number): number => timesMs.filter((time) => time < waitMs).length;
  const waitMs = WAITS_MS.find((wait) => sparedBy(wait) >= of * WORTH_RATIO);
  return waitMs === undefined ? undefined : { waitMs, spared: sparedBy(waitMs) };
}

/** A rule that compares a value with a number. */
export interface Limit {
  readonly limit: number;
  /** Raised above the limit, not below. */
  readonly isAbove: boolean;
}

/** How far from the limit the end may lie, in shares of the swing of the values about it. */
const BANDS = [0.1, 0.25, 0.5, 0.75, 1, 1.25] as const;

/**
 * The end that would have spared most raises of values that dance about a limit; `undefined` where a dead band spares too
 * little. Each list holds the values of one series in order of time.
 */
export function deadBandOf(series: readonly (readonly number[])[], rule: Limit): Proposal | undefined {
  const of = raisesIn(series, rule, rule.limit);
  if (of < FEWEST) return undefined;
  const near = swingOf(series, rule);
  for (const band of BANDS) {
    const ends = rounded(rule.isAbove ? rule.limit - band * near : rule.limit + band * near, near);
    const spared = of - raisesIn(series, rule, ends);
    if (spared >= of * WORTH_RATIO) return { kind: 'dead_band', limit: rule.limit, ends, spared, of };
  }
  return undefined;
}

/** How often it is raised where it ends only at another value than it begins at. */
function raisesIn(series: readonly (readonly number[])[], { limit, isAbove }: Limit, ends: number): number {
  let raises = 0;
  for (const values of series) {
    let isOn = false;
    for (const value of values) {
      const isBeyond = (mark: number): boolean => (isAbove ? value > mark : value < mark);
      if (!isOn && isBeyond(limit)) raises += 1;
      isOn = isOn ? isBeyond(ends) || isBeyond(limit) : isBeyond(limit);
    }
  }
  return raises;
}

/** How far values fall behind the limit between two raises, at most: nine of ten dips are smaller. */
function swingOf(series: readonly (readonly number[])[], { limit, isAbove }: Limit): number {
  const dips: number[] = [];
  for (const values of series) {
    let deepest = 0;
    let hasBegun = false;
    for (const value of values) {
      const behind = isAbove ? limit - value : value - limit;
      if (behind < 0) {
        if (hasBegun && deepest > 0) dips.push(deepest);
        hasBegun = true;
        deepest = 0;
      } else deepest = Math.max(deepest, behind);
    }
  }
  return quantile(dips, 0.9) ?? 0;
}

/** To two digits of the swing: nobody writes a limit of 58.3172. */
function rounded(value: number, swing: number): number {
  if (swing <= 0) return value;
  const step = 10 ** (Math.floor(Math.log10(swing)) - 1);
  return Number((Math.round(value / step) * step).toPrecision(12));
}

/** The nearest-rank quantile; `undefined` of nothing. */
export function quantile(values: readonly number[], ratio: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(ratio * sorted.length) - 1)];
}
