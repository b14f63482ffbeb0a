import { createReceiver } from '../../collector/ingest/receiver.ts';
import { createHead } from '../../collector/series/head.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { DEFAULT_WRITE_LIMITS, encodeWrite } from '../../config/wire/remote-write.ts';
import { PROMETHEUS_WRITES } from '../support/prometheus-writes.ts';
import { must, type Target } from './target.ts';

const NOW_MS = 1_795_809_800_000;
const MAX_SERIES = 2_000;

/** The receiver of remote_write, before bodies that nobody should send. */
export function writesTarget(): Target {
  const head = createHead({ maxSeries: MAX_SERIES });
  const limits = { ...DEFAULT_WRITE_LIMITS, maxBytes: 1_000_000 };
  const clock = { nowMs: () => NOW_MS };
  const receiver = createReceiver({ head, clock, outOfOrderMs: () => 600_000, limits });
  const codes = new Map<string, number>();
  const own = encodeWrite([
    {
      labels: { __name__: 'device_up', device: 'ups-a', job: 'agent', instance: 'local' },
      timesMs: [NOW_MS - 2_000, NOW_MS - 1_000],
      values: Float64Array.of(0, 1),
    },
  ]);
  return {
    name: 'writes',
    corpus: [PROMETHEUS_WRITES.first, PROMETHEUS_WRITES.second, PROMETHEUS_WRITES.metadata, own],
    take(body) {
      try {
        receiver.write(body, { name: 'stranger', labels: { job: 'agent', instance: 'local' } });
        codes.set('taken', (codes.get('taken') ?? 0) + 1);
      } catch (error) {
        must(error instanceof WatchkeeperError, `it failed instead of refusing: ${String(error)}`);
        codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
      }
    },
    counts() {
      must(head.size.series <= MAX_SERIES, 'the head holds more series than it may');
      for (const series of head.all()) {
        must(
          series.labels['job'] === 'agent' && series.labels['instance'] === 'local',
          'a writer passed for another',
        );
      }
      return { series: head.size.series, ...Object.fromEntries(codes) };
    },
  };
}
