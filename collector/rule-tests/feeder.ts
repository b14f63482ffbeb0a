import type { Head } from '../series/head.ts';
import type { PlannedTest } from './plan.ts';

/** Writes the samples of a test up to an instant, from where it stopped the time before. */
export function feeder(head: Head, { series, startMs, intervalMs }: PlannedTest): (untilMs: number) => void {
  let next = 0;
  const length = Math.max(0, ...series.map(({ values }) => values.length));
  return (untilMs) => {
    for (; next < length && next * intervalMs <= untilMs; next += 1) {
      const atMs = startMs + next * intervalMs;
      for (const { labels, values } of series) {
        const value = values[next];
        if (value === 'stale') head.seriesOf(labels)?.end(atMs);
        else if (value !== undefined) head.append(labels, atMs, value);
      }
    }
  };
}
