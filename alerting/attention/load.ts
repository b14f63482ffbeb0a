import { FLOOD_BEGINS_ABOVE, type LoadView } from '../../config/model/attention.ts';

/** A span of time of a calendar: `toMs` is the first instant after it. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Spans of one length that fill a time; the last ends with it. */
export function spansOf({ fromMs, toMs }: Span, lengthMs: number): readonly Span[] {
  const count = Math.max(0, Math.ceil((toMs - fromMs) / lengthMs));
  return Array.from({ length: count }, (_, n) => ({
    fromMs: fromMs + n * lengthMs,
    toMs: Math.min(toMs, fromMs + (n + 1) * lengthMs),
  }));
}

/** Raises per person on watch in each span. Instants and spans are in order of time. */
export function ratesOf(
  raisedAtMs: readonly number[],
  spans: readonly Span[],
  peopleAt: (atMs: number) => number,
): readonly number[] {
  let next = 0;
  return spans.map(({ fromMs, toMs }) => {
    while (next < raisedAtMs.length && (raisedAtMs[next] ?? 0) < fromMs) next += 1;
    const before = next;
    while (next < raisedAtMs.length && (raisedAtMs[next] ?? 0) < toMs) next += 1;
    return (next - before) / Math.max(1, peopleAt(fromMs));
  });
}

/** Empty spans count: the mean is of the time, not of the trouble. */
export function loadOf(rates: readonly number[], spans: readonly Span[]): LoadView {
  const most = rates.reduce((max, rate) => Math.max(max, rate), 0);
  const mean = rates.length === 0 ? 0 : rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const mostAtMs = most === 0 ? undefined : spans[rates.indexOf(most)]?.fromMs;
  return mostAtMs === undefined ? { mean, most } : { mean, most, mostAtMs };
}

/** The share of windows of ten minutes that hold more than one person can follow. */
export function busyRatioOf(rates: readonly number[]): number {
  return rates.length === 0 ? 0 : rates.filter((rate) => rate > FLOOD_BEGINS_ABOVE).length / rates.length;
}
