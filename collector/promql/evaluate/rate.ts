import type { Matrix, Window } from './types.ts';

interface Extrapolation {
  readonly isCounter: boolean;
  readonly isRate: boolean;
}

/**
 * What a series grew by in a span, seen as if its samples reached to both ends of it (but never below zero for a
 * counter), and as if a counter had gone on from where it was set back.
 */
export function extrapolated({ isCounter, isRate }: Extrapolation) {
  return (window: Window, { fromMs, toMs }: Matrix): number | undefined => {
    const { timesMs, values, start, end } = window;
    if (end - start < 2) return undefined;
    const lost = isCounter ? lostByResets(window) : 0;
    const first = at(values, start);
    const growth = at(values, end - 1) - first + lost;
    const sampledSeconds = (at(timesMs, end - 1) - at(timesMs, start)) / 1_000;
    const meanSeconds = sampledSeconds / (end - start - 1);
    const reach = (seconds: number) => (seconds >= meanSeconds * 1.1 ? meanSeconds / 2 : seconds);
    let beforeSeconds = reach((at(timesMs, start) - fromMs) / 1_000);
    if (isCounter && growth > 0 && first >= 0) {
      beforeSeconds = Math.min(beforeSeconds, sampledSeconds * (first / growth));
    }
    const afterSeconds = reach((toMs - at(timesMs, end - 1)) / 1_000);
    const whole = growth * ((sampledSeconds + beforeSeconds + afterSeconds) / sampledSeconds);
    return isRate ? whole / ((toMs - fromMs) / 1_000) : whole;
  };
}

/** The number at a place that is known to be there. */
function at(numbers: Float64Array, index: number): number {
  return numbers[index] ?? Number.NaN;
}

function lostByResets({ values, start, end }: Window): number {
  let lost = 0;
  let before = values[start] ?? 0;
  for (let index = start + 1; index < end; index += 1) {
    const value = values[index] ?? 0;
    if (value < before) lost += before;
    before = value;
  }
  return lost;
}

/** From the last two samples only. */
export function instantaneous({ isRate }: Pick<Extrapolation, 'isRate'>) {
  return ({ timesMs, values, start, end }: Window): number | undefined => {
    if (end - start < 2) return undefined;
    const last = values[end - 1] ?? 0;
    const before = values[end - 2] ?? 0;
    const elapsedMs = (timesMs[end - 1] ?? 0) - (timesMs[end - 2] ?? 0);
    if (elapsedMs === 0) return undefined;
    if (!isRate) return last - before;
    return (last < before ? last : last - before) / (elapsedMs / 1_000);
  };
}

/** The straight line that fits the samples best: its slope each second and its value at `atMs`. */
export function regression({ timesMs, values, start, end }: Window, atMs: number) {
  const count = end - start;
  const first = values[start] ?? 0;
  let isConstant = true;
  let sumX = 0;
  let sumY = 0;
  let sumXY = 0;
  let sumX2 = 0;
  for (let index = start; index < end; index += 1) {
    const value = values[index] ?? 0;
    const seconds = ((timesMs[index] ?? 0) - atMs) / 1_000;
    isConstant &&= value === first;
    sumX += seconds;
    sumY += value;
    sumXY += seconds * value;
    sumX2 += seconds * seconds;
  }
  if (isConstant)
    return {
      slope: Number.isFinite(first) ? 0 : Number.NaN,
      value: Number.isFinite(first) ? first : Number.NaN,
    };
  const covariance = sumXY - (sumX * sumY) / count;
  const variance = sumX2 - (sumX * sumX) / count;
  const slope = covariance / variance;
  return { slope, value: sumY / count - (slope * sumX) / count };
}
