/** Adds up without losing small numbers beside great ones (Neumaier's way of Kahan summation). */
export function sumOf(values: ArrayLike<number>, start = 0, end = values.length): number {
  let sum = 0;
  let lost = 0;
  for (let index = start; index < end; index += 1) {
    const value = values[index] ?? Number.NaN;
    const next = sum + value;
    if (!Number.isFinite(next)) lost = 0;
    else lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

/** The mean, also where the sum is too great for a number. */
export function meanOf(values: ArrayLike<number>, start = 0, end = values.length): number {
  const count = end - start;
  const sum = sumOf(values, start, end);
  if (Math.abs(sum) !== Number.POSITIVE_INFINITY) return sum / count;
  let hasInfinite = false;
  for (let index = start; index < end; index += 1) {
    if (!Number.isFinite(values[index] ?? 0)) hasInfinite = true;
  }
  if (hasInfinite) return sum;
  const parts = Array.from({ length: count }, (_, index) => (values[start + index] ?? 0) / count);
  return sumOf(parts);
}

/** The mean of the squared distances from the mean (Welford's way). */
export function varianceOf(values: ArrayLike<number>, start = 0, end = values.length): number {
  let mean = 0;
  let squares = 0;
  for (let index = start; index < end; index += 1) {
    const value = values[index] ?? Number.NaN;
    const distance = value - mean;
    mean += distance / (index - start + 1);
    squares += distance * (value - mean);
  }
  return squares / (end - start);
}

export function minOf(values: ArrayLike<number>, start = 0, end = values.length): number {
  let least = values[start] ?? Number.NaN;
  for (let index = start + 1; index < end; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (value < least || Number.isNaN(least)) least = value;
  }
  return least;
}

export function maxOf(values: ArrayLike<number>, start = 0, end = values.length): number {
  let most = values[start] ?? Number.NaN;
  for (let index = start + 1; index < end; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (value > most || Number.isNaN(most)) most = value;
  }
  return most;
}

/** Ascending, NaN before all numbers. */
export function ascending(left: number, right: number): number {
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1;
  if (Number.isNaN(right)) return 1;
  return left === right ? 0 : left < right ? -1 : 1;
}

/** The quantile with the values between two ranks interpolated; infinite for a share outside of 0 … 1. */
export function quantileOf(share: number, values: ArrayLike<number>, start = 0, end = values.length): number {
  if (end === start || Number.isNaN(share)) return Number.NaN;
  if (share < 0) return Number.NEGATIVE_INFINITY;
  if (share > 1) return Number.POSITIVE_INFINITY;
  const sorted = Array.from({ length: end - start }, (_, index) => values[start + index] ?? Number.NaN).sort(
    ascending,
  );
  const rank = share * (sorted.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  return (sorted[lower] ?? 0) * (1 - weight) + (sorted[upper] ?? 0) * weight;
}
