import { expect, it, onTestFinished } from 'vitest';
import { startOwnMetrics, type OwnFigures } from '../../../collector/own-metrics.ts';
import { METRIC_NAME, type Labels } from '../../../config/model/labels.ts';
import { createHead } from '../../../collector/series/head.ts';
import { eventually } from '../../support/eventually.ts';
import { formatSeries, metric } from '../../support/samples.ts';

const FIGURES: OwnFigures = {
  startedAtMs: 2_000,
  series: 3,
  liveClients: 4,
  liveClientsCutOff: 5,
  rules: { evaluated: 9, failed: 1, missed: 2 },
  backupAgeSeconds: 77,
  certificateEnds: [{ certificate: 'server', endsAtMs: 99_000 }],
  waysDown: [],
  modem: undefined,
  dutyFacts: [],
  zones: [{ zone: 'annex', devices: 2, isReported: false }],
  attention: {
    view: {
      people: 2,
      tenMinutes: 4,
      hour: 6,
      day: 8,
      chattering: 1,
      stale: 3,
      flood: { sinceMs: 0, raised: 4 },
    },
    raised: { own: 13, folded: 14, silenced: 15 },
    unexplained: 16,
  },
  isHeadFull: true,
  headUsedRatio: 0.9,
  headDiskFaults: 6,
  history: undefined,
  recordsFaults: 7,
  remote: { queueBytes: 21, maxQueueBytes: 22, sent: 23, dropped: 24, failed: 25, behindSeconds: 26 },
  elsewhere: { asked: 31, failed: 32, awaySeconds: 33, isFromMemory: true },
  writes: { requests: 12, refusedRequests: 8, refusedSamples: 11 },
};

it('the collector tells of itself as job="collector"', async () => {
  const head = createHead();
  const own = startOwnMetrics(head, () => FIGURES);
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
    ['watchkeeper_certificate_end_timestamp_seconds', 99],
    ['watchkeeper_alert_flood', 1],
    ['watchkeeper_alerts_chattering', 1],
    ['watchkeeper_alerts_stale', 3],
    ['watchkeeper_rules_unexplained', 16],
    ['watchkeeper_head_full', 1],
    ['watchkeeper_head_used_ratio', 0.9],
    ['watchkeeper_zone_reported', 0],
    ['watchkeeper_head_disk_faults', 6],
    ['watchkeeper_remote_write_queue_bytes', 21],
    ['watchkeeper_remote_write_queue_max_bytes', 22],
    ['watchkeeper_remote_write_sent_total', 23],
    ['watchkeeper_remote_write_dropped_total', 24],
    ['watchkeeper_remote_write_failed_total', 25],
    ['watchkeeper_remote_write_behind_seconds', 26],
    ['watchkeeper_query_engine_requests_total', 31],
    ['watchkeeper_query_engine_requests_failed_total', 32],
    ['watchkeeper_query_engine_away_seconds', 33],
    ['watchkeeper_rules_from_memory', 1],
    ['watchkeeper_records_faults', 7],
    ['watchkeeper_writes_total', 12],
    ['watchkeeper_writes_refused_total', 8],
    ['watchkeeper_written_samples_refused_total', 11],
    ['watchkeeper_clock_set_back_total', 0],
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

it('a way out that is down is told of, and that it is back; so is the modem', () => {
  const head = createHead();
  const down = { channel: 'mail', receiver: 'desk', way: 'mail[0]', sinceMs: 0, reason: 'refused' } as const;
  let figures: OwnFigures = {
    ...FIGURES,
    waysDown: [down, { ...down, channel: 'webhook', way: 'webhook[0]' }],
    modem: { kind: 'down', reason: 'gone' },
  };
  const own = startOwnMetrics(head, () => figures);
  onTestFinished(() => own.stop());
  own.write(1_000);
  figures = { ...FIGURES, waysDown: [down], modem: { kind: 'up', isRegistered: true, signalDbm: -73 } };
  own.write(2_000);
  const told = (name: string): readonly string[] =>
    formatSeries(head, metric(name)).map((line) =>
      line.replace(/^.*?({|way=)/, '').replace(/job="collector"/, ''),
    );
  expect([...told('watchkeeper_notify_way_down')].sort()).toEqual([
    expect.stringMatching(/desk webhook\[0\]"} 1@1000 0@2000/),
    expect.stringMatching(/mail"} 1@1000 1@2000/),
  ]);
  expect(told('watchkeeper_modem_up')[0]).toMatch(/0@1000 1@2000/);
  expect(told('watchkeeper_modem_signal_dbm')[0]).toMatch(/-73@2000/);
});

it('the collector counts how often its clock was set back', () => {
  const told: number[] = [];
  const sink = {
    append: (labels: Labels, _atMs: number, value: number) => {
      if (labels[METRIC_NAME] === 'watchkeeper_clock_set_back_total') told.push(value);
      return true;
    },
  };
  const own = startOwnMetrics(sink, () => FIGURES);
  onTestFinished(() => own.stop());
  for (const atMs of [10_000, 15_000, 15_000, 4_000, 9_000, 1_000]) own.write(atMs);
  expect(told).toEqual([0, 0, 0, 1, 1, 2]);
});
