import { defined } from '../../../config/model/defined.ts';
import { parseDurationMs } from '../../../config/model/duration.ts';

/** What an engine tells of its own room, whoever its samples are from; what it does not tell is absent. */
export interface EngineRoom {
  readonly storedBytes?: number;
  /** Until it takes no more. */
  readonly freeBytes?: number;
  /** Prometheus: those in its memory; VictoriaMetrics: those of today. */
  readonly series?: number;
  readonly keepMs?: number;
}

/** A page of the engine as text; `undefined` where there is none. */
export type Look = (path: string) => Promise<string | undefined>;

/** Prometheus' and VictoriaMetrics' own figures, which both show without being asked by PromQL. */
export async function engineRoom(look: Look): Promise<EngineRoom> {
  const [page = '', status = '', runtime = ''] = await Promise.all([
    look('metrics'),
    look('api/v1/status/tsdb'),
    look('api/v1/status/runtimeinfo'),
  ]);
  const free = smallest(page, 'vm_free_disk_space_bytes');
  return defined({
    storedBytes: sum(page, STORED),
    // At its limit VictoriaMetrics only reads.
    freeBytes:
      free === undefined
        ? undefined
        : Math.max(0, free - (sum(page, ['vm_free_disk_space_limit_bytes']) ?? 0)),
    series: numberAt(status, 'headStats', 'numSeries') ?? numberAt(status, 'totalSeries'),
    keepMs: keptOf(page, runtime),
  });
}

const STORED = [
  'prometheus_tsdb_storage_blocks_bytes',
  'prometheus_tsdb_head_chunks_storage_size_bytes',
  'prometheus_tsdb_wal_storage_size_bytes',
  'vm_data_size_bytes',
];
/** VictoriaMetrics' months, where its retention has no unit. */
const MONTH_MS = 31 * 86_400_000;

/** The values of a metric on a page of figures. */
function valuesOf(page: string, metric: string): readonly number[] {
  const lines = page.matchAll(new RegExp(`^${metric}(?:\\{[^\\n]*\\})? +(\\S+)`, 'gm'));
  return [...lines].map(([, text]) => Number(text)).filter((value) => value >= 0 && Number.isFinite(value));
}

function sum(page: string, metrics: readonly string[]): number | undefined {
  const values = metrics.flatMap((metric) => valuesOf(page, metric));
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
}

function smallest(page: string, metric: string): number | undefined {
  const values = valuesOf(page, metric);
  return values.length === 0 ? undefined : Math.min(...values);
}

function keptOf(page: string, runtime: string): number | undefined {
  const [, retention] = /^flag\{name="retentionPeriod", ?value="([^"]+)"/m.exec(page) ?? [];
  if (retention !== undefined)
    return /^\d+$/.test(retention) ? Number(retention) * MONTH_MS : parseDurationMs(retention);
  const said = at(runtime, 'storageRetention');
  // `15d or 50GiB`
  return typeof said === 'string' ? parseDurationMs(said.split(' ')[0] ?? '') : undefined;
}

function numberAt(text: string, ...path: readonly string[]): number | undefined {
  const found = at(text, ...path);
  return typeof found === 'number' && found >= 0 ? found : undefined;
}

/** What stands in the data of an answer; `undefined` where it is not there. */
function at(text: string, ...path: readonly string[]): unknown {
  try {
    let found: unknown = JSON.parse(text);
    for (const name of ['data', ...path]) {
      if (typeof found !== 'object' || found === null) return undefined;
      found = (found as Readonly<Record<string, unknown>>)[name];
    }
    return found;
  } catch {
    return undefined;
  }
}
