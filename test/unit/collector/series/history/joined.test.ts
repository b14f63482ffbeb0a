import { expect, it } from 'vitest';
import { createHead } from '../../../../../collector/series/head.ts';
import { joinSeries } from '../../../../../collector/series/history/joined.ts';
import { NEWEST } from '../../../../../config/model/series.ts';

it('reads no more than the newest sample of each series for who looks at no other', () => {
  const head = createHead();
  for (let atMs = 0; atMs <= 900_000; atMs += 10_000) head.append({ __name__: 'm' }, atMs, atMs / 10_000);
  const joined = joinSeries({ head, history: undefined, headFromMs: () => 0, maxSamples: 1_000 });
  const matchers = [{ name: '__name__', op: '=', value: 'm' } as const];
  const [newest] = joined.select(matchers, 0, 900_000, NEWEST) as Iterable<{ start: number; end: number }>;
  expect(newest).toMatchObject({ end: (newest?.start ?? 0) + 1 });
  const [all] = joined.select(matchers, 0, 900_000) as Iterable<{ start: number; end: number }>;
  expect((all?.end ?? 0) - (all?.start ?? 0)).toBe(91);
});
