import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Labels } from '../../config/model/labels.ts';
import { TIER_MS, type Tier } from '../../config/model/tiers.ts';
import { openCatalogue } from '../../collector/series/history/catalogue.ts';
import { writeParquet } from '../../collector/series/history/duck.ts';
import {
  DAY_MS,
  dayOf,
  EMPTY_MANIFEST,
  fileName,
  monthEnd,
  monthOf,
  type HistoryFile,
  type Manifest,
} from '../../collector/series/history/layout.ts';
import { writeManifest } from '../../collector/series/history/manifest.ts';

export interface MadeSeries {
  readonly labels: Labels;
  readonly mean: number;
  /** How far it swings over a day, and over a year. */
  readonly swing: number;
}

export interface MadeSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly rawFromMs: number;
  readonly fineFromMs: number;
}

/**
 * Writes history as if it had been kept all the time: lines of hours from `fromMs`, of 5 minutes from `fineFromMs`, raw
 * days (a sample a minute) from `rawFromMs`; days and months are made, not waited for. Each series has a gap of a day.
 */
export async function makeHistory(
  folder: string,
  series: readonly MadeSeries[],
  span: MadeSpan,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const catalogue = openCatalogue(folder);
  const rows = series.map(({ labels, mean, swing }) => `(${catalogue.numberOf(labels)}, ${mean}, ${swing})`);
  await catalogue.save();
  await catalogue.close();
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB', threads: '1' });
  const connection = await instance.connect();
  await connection.run(
    `CREATE TABLE made AS SELECT s::UINTEGER AS s, m::DOUBLE AS m, w::DOUBLE AS w FROM (VALUES ${rows.join(',')}) v(s, m, w)`,
  );
  const files: HistoryFile[] = [];
  const coarseDays: Record<string, number> = {};
  let lastSeq = 0;
  const write = async (tier: Tier, fromMs: number, toMs: number): Promise<void> => {
    lastSeq += 1;
    const about = { tier, kind: 'whole', seq: lastSeq, spanFromMs: fromMs, spanToMs: toMs } as const;
    const name = fileName(about);
    const endMs = Math.min(toMs, span.toMs);
    const select = selectOf(tier, Math.max(fromMs, span.fromMs), endMs);
    const written = await writeParquet(connection, { select, path: join(folder, name) });
    if (written !== undefined) files.push({ ...about, name, ...written });
  };
  for (let month = monthOf(span.fromMs); month < span.toMs; month = monthEnd(month)) {
    await write('1h', month, monthEnd(month));
    if (monthEnd(month) > span.fineFromMs) await write('5m', month, monthEnd(month));
  }
  for (let day = dayOf(span.rawFromMs + 1); day < span.toMs; day += DAY_MS)
    await write('raw', day, day + DAY_MS);
  for (let day = dayOf(span.fromMs + 1); day < span.toMs; day += DAY_MS) coarseDays[day] = lastSeq;
  const manifest: Manifest = { ...EMPTY_MANIFEST, files, coarseDays, lastSeq, flushedToMs: span.toMs };
  await writeManifest(folder, manifest);
  connection.disconnectSync();
  instance.closeSync();
}

function selectOf(tier: Tier, fromMs: number, toMs: number): string {
  const stepMs = tier === 'raw' ? 60_000 : TIER_MS[tier];
  const steps = Math.floor((toMs - fromMs) / stepMs);
  const at = `(${fromMs} + (i + 1) * ${stepMs})`;
  const year = 365 * DAY_MS;
  const value = `round(m + w * sin(${at} / ${DAY_MS}.0 * 6.2831853) + 2 * w * cos(${at} / ${year}.0 * 6.2831853) + w * 0.2 * sin(s * 7 + i * 1.7), 1)`;
  const columns =
    tier === 'raw'
      ? `${value} AS value`
      : `${value} - w * 0.5 AS min, ${value} + w * 0.5 AS max, ${value} AS avg, ${Math.round(stepMs / 10_000)}::UINTEGER AS count, ${value} AS last`;
  // A day without samples, of each series another.
  const gap = `(${at} // ${DAY_MS} + s) % 90 <> 0`;
  return `SELECT s AS series, epoch_ms(${at})::TIMESTAMP_MS AS t, ${columns} FROM made, range(${steps}) r(i) WHERE ${gap} ORDER BY series, t`;
}
