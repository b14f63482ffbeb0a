import { expect, it, onTestFinished } from 'vitest';
import { startOwnMetrics } from '../../../collector/own-metrics.ts';
import { createHead } from '../../../collector/series/head.ts';
import { eventually } from '../../support/eventually.ts';
import { formatSeries, metric } from '../../support/samples.ts';

it('the collector tells of itself as job="collector"', async () => {
  const head = createHead();
  const own = startOwnMetrics(head, () => ({
    startedAtMs: 2_000,
    series: 3,
    liveClients: 4,
    liveClientsCutOff: 5,
    rules: { evaluated: 9, failed: 1, missed: 2 },
    backupAgeSeconds: 77,
  }));
  onTestFinished(() => own.stop());
  let atMs = 0;
  await eventually(() => {
    atMs += 1_000;
    own.write(atMs);
    expect(formatSeries(head, metric('watchkeeper_collector_loop_delay_seconds'))).toHaveLength(2);
  });
  expect(formatSeries(head, metric('watchkeeper_collector_series'))[0]).toMatch(
    /instance="local",job="collector"} 3@1000/,
  );
  expect(formatSeries(head, metric('watchkeeper_collector_live_clients_cut_off_total'))[0]).toMatch(
    / 5@1000/,
  );
  for (const [name, count] of [
    ['watchkeeper_backup_age_seconds', 77],
    ['watchkeeper_rule_evaluations_total', 9],
    ['watchkeeper_rule_evaluations_failed_total', 1],
    ['watchkeeper_rule_evaluations_missed_total', 2],
  ] as const) {
    expect(formatSeries(head, metric(name))[0]).toMatch(new RegExp(` ${count}@1000`));
  }
  expect(formatSeries(head, metric('process_start_time_seconds'))[0]).toMatch(/ 2@1000/);
  for (const slice of head.select(metric('watchkeeper_collector_loop_delay_seconds'), 0, atMs)) {
    const delaySeconds = slice.values[slice.start] ?? Number.NaN;
    expect(delaySeconds).toBeGreaterThanOrEqual(0);
    expect(delaySeconds).toBeLessThan(5);
  }
});
