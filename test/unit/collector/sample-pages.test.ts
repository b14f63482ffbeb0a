import { expect, it } from 'vitest';
import { timeOf } from '../../../collector/cli/export.ts';
import { samplePage } from '../../../collector/sample-pages.ts';
import { createHead } from '../../../collector/series/head.ts';

it('a page has the samples of a span, what is no number as a text, and where a series ended', async () => {
  const head = createHead();
  const series = head.seriesOf({ __name__: 'm', device: 'd' });
  series?.append(1_000, 1.5);
  series?.append(2_000, Number.POSITIVE_INFINITY);
  series?.end(3_000);
  expect(await samplePage(head, { selector: 'm{device="d"}', fromMs: 0, toMs: 5_000 })).toEqual({
    series: [
      {
        labels: { __name__: 'm', device: 'd' },
        timesMs: [1_000, 2_000, 3_000],
        values: [1.5, 'Infinity', null],
      },
    ],
  });
});

it.each([
  [{ selector: 'rate(m[5m])', fromMs: 0, toMs: 1 }, 'is no selector'],
  [{ selector: 'm', fromMs: 0 }, 'Say selector'],
  [{ selector: 'm{', fromMs: 0, toMs: 1 }, 'parse error'],
])('%j is refused', async (request, message) => {
  await expect(samplePage(createHead(), request)).rejects.toThrow(message);
});

it('a page that would be too large is refused', async () => {
  const head = createHead();
  const series = head.seriesOf({ __name__: 'm' });
  for (let atMs = 0; atMs < 41_000; atMs += 1) series?.append(atMs, 1);
  await expect(samplePage(head, { selector: 'm', fromMs: 0, toMs: 50_000 })).rejects.toThrow('too much');
});

it.each([
  ['7d', 1e12 - 7 * 86_400_000],
  ['2026-11-01', Date.UTC(2026, 10, 1)],
  ['2026-11-01T08:00:00+08:00', Date.UTC(2026, 10, 1)],
])('--from %s is an instant', (text, atMs) => {
  expect(timeOf('--from', text, 1e12)).toBe(atMs);
});

it.each(['yesterday', '2026-11-01T08:00:00', '-5'])('--from %s is none', (text) => {
  expect(() => timeOf('--from', text, 0)).toThrow('--from');
});
