import { join } from 'node:path';
import { TIER_MS, type CoarseTier, type Tier } from '../../../config/model/tiers.ts';
import { parquet, quoted } from './duck.ts';
import type { HistoryFile } from './layout.ts';

/** More rows are sorted in several goes, each with a file of its own: a sort beyond memory takes ten times its size on disk. */
const MAX_ROWS = 32_000_000;

/** The numbers of series that one file is made of; both ends count. */
export interface SeriesRange {
  readonly first: number;
  readonly last: number;
}

/** Into how many files these rows go. */
export function rangesOf(files: readonly HistoryFile[]): readonly SeriesRange[] {
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  const first = Math.min(...files.map(({ firstSeries }) => firstSeries));
  const last = Math.max(...files.map(({ lastSeries }) => lastSeries));
  const count = Math.max(1, Math.ceil(rows / MAX_ROWS));
  const width = Math.ceil((last - first + 1) / count);
  return Array.from({ length: count }, (_, index) => ({
    first: first + index * width,
    last: Math.min(last, first + (index + 1) * width - 1),
  })).filter((range) => range.first <= range.last);
}

/** What tells two lines of one series apart: of a coarse tier the end of their span. */
function keyOf(tier: Tier): string {
  return tier === 'raw' ? 't' : `(epoch_ms(t) - 1) // ${TIER_MS[tier]}`;
}

/** Whether they may have lines of the same series and span. */
function overlap(a: HistoryFile, b: HistoryFile): boolean {
  return (
    a.fromMs <= b.toMs && b.fromMs <= a.toMs && a.firstSeries <= b.lastSeries && b.firstSeries <= a.lastSeries
  );
}

/** All lines of the files, each once: of two for the same the one that was written later. In no order. */
export function linesOf(
  folder: string,
  {
    files,
    tier,
    range,
  }: { readonly files: readonly HistoryFile[]; readonly tier: Tier; readonly range: SeriesRange },
): string {
  const where = `WHERE series BETWEEN ${range.first} AND ${range.last}`;
  const bySeq = [...files].sort((a, b) => a.seq - b.seq);
  const over = bySeq.filter((file, at) => bySeq.slice(0, at).some((before) => overlap(before, file)));
  const base = bySeq.filter((file) => !over.includes(file));
  const pathOf = ({ name }: HistoryFile): string => join(folder, name);
  const plain = `SELECT * FROM ${parquet(base.map(pathOf))} ${where}`;
  if (over.length === 0) return plain;
  const key = keyOf(tier);
  const arms = over.map(
    (file) => `SELECT *, ${key} AS k, ${file.seq} AS seq FROM read_parquet(${quoted(pathOf(file))}) ${where}`,
  );
  const newer = `SELECT * EXCLUDE (seq) FROM (${arms.join(' UNION ALL ')}) QUALIFY row_number() OVER (PARTITION BY series, k ORDER BY seq DESC) = 1`;
  return `WITH newer AS MATERIALIZED (${newer}), base AS (SELECT *, ${key} AS k FROM (${plain}))
    SELECT * EXCLUDE (k) FROM base ANTI JOIN newer USING (series, k)
    UNION ALL SELECT * EXCLUDE (k) FROM newer`;
}

export function mergeQuery(lines: string): string {
  return `SELECT * FROM (${lines}) ORDER BY series, t`;
}

/** Lines of 5 minutes of samples, or of hours of lines of 5 minutes. A span ends at its instant, which belongs to it. */
export function coarseQuery(lines: string, tier: CoarseTier): string {
  const span = `(epoch_ms(t) - 1) // ${TIER_MS[tier]}`;
  const columns =
    tier === '5m'
      ? `min(value) AS min, max(value) AS max, avg(value) AS avg, count(value)::UINTEGER AS count, arg_max_null(value, t) AS last`
      : `min(min) AS min, max(max) AS max, sum(avg * count) / nullif(sum(count), 0) AS avg, sum(count)::UINTEGER AS count, arg_max_null(last, t) AS last`;
  return `SELECT series, max(t) AS t, ${columns} FROM (${lines}) GROUP BY series, ${span} ORDER BY series, t`;
}
