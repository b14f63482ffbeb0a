import { describe, expect, it } from 'vitest';
import { createAsking } from '../../../../../collector/promql/elsewhere/asking.ts';
import { elsewhereQueries } from '../../../../../collector/promql/elsewhere/queries.ts';
import type { Queries } from '../../../../../collector/promql/worker/queries.ts';
import { METRIC_NAME } from '../../../../../config/model/labels.ts';
import { systemClock } from '../../../../../config/runtime/system-clock.ts';
import { encodeWrite, REMOTE_WRITE_HEADERS } from '../../../../../config/wire/remote-write.ts';
import { startPrometheus, startVictoria } from '../../../../support/peers.ts';
import { programPath } from '../../../../support/system.ts';
import { shown } from '../promql-site.ts';

const NOBODY = {} as Queries;
const never = new AbortController().signal;
/** One o'clock, and a midnight. */
const ONE_MS = Date.UTC(2026, 10, 2, 1);
const MIDNIGHT_MS = Date.UTC(2026, 10, 3);

/** Values ten seconds apart. */
const SERIES = {
  begins: [ONE_MS, [5, 5, 5]],
  counts: [ONE_MS, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ends: [ONE_MS, [1, 1, 1, 1]],
  midnight: [MIDNIGHT_MS, [1, 1]],
} as const;

/** Where VictoriaMetrics answers otherwise; README has the list. */
const QUESTIONS: readonly (readonly [what: string, query: string, atMs: number, endMs?: number])[] = [
  ['a counter that begins above zero', 'increase(begins[1m])', ONE_MS + 20_000],
  ['a counter between samples', 'increase(counts[45s])', ONE_MS + 90_000],
  ['a range after the last sample', 'ends', ONE_MS + 60_000, ONE_MS + 120_000],
  ['an instant after the last sample', 'ends', ONE_MS + 300_000],
  ['a sample of midnight itself', 'midnight', MIDNIGHT_MS],
  ['a number', '1 + 1', ONE_MS],
  ['samples of a whole range', 'count_over_time(counts[1m])', ONE_MS + 60_000],
];

const ANSWERS = {
  prometheus: ['{} 0', '{} 4.5', '7 steps', 'ends{} 1', 'midnight{} 1', '2', '{} 7'],
  'victoria-metrics': ['{} 5', '{} 5', '', 'ends{} 1', '', '{} 2', '{} 6'],
} as const;

const ENGINES = [
  ['prometheus', () => startPrometheus('storage: { tsdb: { out_of_order_time_window: 30d } }')],
  ['victoria-metrics', startVictoria],
] as const;

describe.each(ENGINES)('%s', (name, start) => {
  it.skipIf(programPath(name) === undefined)('answers as README says', async () => {
    const engine = await start();
    const settings = { url: engine.url, timeoutMs: 10_000, visibleAfterMs: 0 };
    const asking = createAsking({ settings, clock: systemClock });
    const queries = elsewhereQueries(asking, NOBODY, {});
    try {
      const series = Object.entries(SERIES).map(([metric, [startMs, values]]) => ({
        labels: { [METRIC_NAME]: metric },
        timesMs: values.map((_value, at) => startMs + at * 10_000),
        values: Float64Array.from(values),
      }));
      const body = Buffer.from(encodeWrite(series));
      const taken = await fetch(`${engine.url}/api/v1/write`, {
        method: 'POST',
        headers: REMOTE_WRITE_HEADERS,
        body,
      });
      expect(taken.status).toBe(204);
      if (name === 'victoria-metrics') await fetch(`${engine.url}/internal/force_flush`);
      const told = await Promise.all(
        QUESTIONS.map(async ([what, query, atMs, endMs]) => {
          const result =
            endMs === undefined
              ? await queries.instant(query, atMs, never)
              : await queries.range(query, { startMs: atMs, endMs, stepMs: 10_000 }, never);
          const count =
            result.value.type === 'matrix' ? result.value.series.map(({ values }) => values.length) : [];
          return [what, count.length > 0 ? `${count.join()} steps` : shown(result).join('; ')];
        }),
      );
      expect(told).toEqual(QUESTIONS.map(([what], at) => [what, ANSWERS[name][at]]));
    } finally {
      asking.close();
      await engine.stop();
    }
  });
});
