/** How many observations were not above a bound. */
export interface Bucket {
  readonly upperBound: number;
  readonly count: number;
}

/** A share by which a count may fall behind the one before it and pass as a rounding error. */
const TOLERANCE = 1e-12;

/** Ascending, equal bounds added up, and counts never falling. */
export function mendedBuckets(buckets: readonly Bucket[]) {
  let wasRepaired = false;
  let before = Number.NEGATIVE_INFINITY;
  const mended = merged(buckets).map(({ upperBound, count }): Bucket => {
    const isClose = isAlmostEqual(before, count);
    if (count < before && !isClose) wasRepaired = true;
    before = count < before || isClose ? before : count;
    return { upperBound, count: before };
  });
  return { buckets: mended, wasRepaired };
}

function merged(buckets: readonly Bucket[]): readonly Bucket[] {
  const whole: { upperBound: number; count: number }[] = [];
  for (const { upperBound, count } of [...buckets].sort(
    (left, right) => left.upperBound - right.upperBound,
  )) {
    const last = whole.at(-1);
    if (last?.upperBound === upperBound) last.count += count;
    else whole.push({ upperBound, count });
  }
  return whole;
}

function isAlmostEqual(left: number, right: number): boolean {
  if (left === right) return true;
  return Math.abs(left - right) / (Math.abs(left) + Math.abs(right)) < TOLERANCE;
}

/** The value below which this share of the observations lies, spread evenly within a bucket. */
export function quantileWithin(share: number, buckets: readonly Bucket[]): number {
  if (Number.isNaN(share)) return Number.NaN;
  if (share < 0) return Number.NEGATIVE_INFINITY;
  if (share > 1) return Number.POSITIVE_INFINITY;
  const observations = observationsOf(buckets);
  return observations > 0 ? valueAtRank(share * observations, buckets) : Number.NaN;
}

function valueAtRank(rank: number, buckets: readonly Bucket[]): number {
  const found = buckets.slice(0, -1).findIndex(({ count }) => count >= rank);
  const end = buckets[found];
  if (end === undefined) return buckets.at(-2)?.upperBound ?? Number.NaN;
  if (found === 0 && end.upperBound <= 0) return end.upperBound;
  const start = buckets[found - 1] ?? { upperBound: 0, count: 0 };
  const within = (rank - start.count) / (end.count - start.count);
  return start.upperBound + (end.upperBound - start.upperBound) * within;
}

/** The share of the observations between two values. */
export function fractionWithin(lower: number, upper: number, buckets: readonly Bucket[]): number {
  const observations = observationsOf(buckets);
  if (!(observations > 0) || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN;
  return lower >= upper ? 0 : (rankOf(upper, buckets) - rankOf(lower, buckets)) / observations;
}

/** All observations of a histogram, NaN where its buckets are not a whole one. */
function observationsOf(buckets: readonly Bucket[]): number {
  const last = buckets.at(-1);
  return buckets.length >= 2 && last?.upperBound === Number.POSITIVE_INFINITY ? last.count : Number.NaN;
}

/** How many observations lie below a value, as far as the buckets tell. */
function rankOf(value: number, buckets: readonly Bucket[]): number {
  let start = { upperBound: (buckets[0]?.upperBound ?? 0) > 0 ? 0 : Number.NEGATIVE_INFINITY, count: 0 };
  if (value <= start.upperBound) return 0;
  for (const bucket of buckets) {
    if (value < bucket.upperBound) {
      const width = bucket.upperBound - start.upperBound;
      // What lies below the first bound counts as far below it, what lies above the last one as far above.
      if (!Number.isFinite(width)) return Number.isFinite(start.upperBound) ? start.count : bucket.count;
      return start.count + (bucket.count - start.count) * ((value - start.upperBound) / width);
    }
    start = bucket;
  }
  return start.count;
}
