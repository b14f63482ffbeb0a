import { readdirSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../../../config/model/errors.ts';
import { TIERS, type Tier } from '../../../config/model/tiers.ts';
import { checksum, extentOf } from './duck.ts';
import { DAY_MS, monthEnd, type FileKind, type HistoryFile, type Manifest } from './layout.ts';

const NAME = /^(raw|5m|1h)\/(\d{4}-\d\d(?:-\d\d)?)\.(\d{6,})\.(part|late|whole)\.parquet$/;

/** Every Parquet file in the folder, by its name below it. */
function namesIn(folder: string): readonly string[] {
  return TIERS.flatMap((tier) => {
    try {
      return readdirSync(join(folder, tier)).map((name) => `${tier}/${name}`);
    } catch {
      return [];
    }
  });
}

/** Takes away what a crash has left: files that no list names. Those that were set aside stay. */
export async function removeLeftovers(folder: string, { files }: Manifest): Promise<void> {
  const known = new Set(files.map(({ name }) => name));
  for (const name of namesIn(folder)) {
    if (known.has(name) || name.endsWith('.damaged')) continue;
    await rm(join(folder, name), { force: true });
  }
}

/** Makes the list of files anew from those that are there. */
export async function rebuilt(
  connection: DuckDBConnection,
  folder: string,
  before: Manifest,
): Promise<Manifest> {
  const known = new Map(before.files.map((file) => [file.name, file]));
  const files: HistoryFile[] = [];
  const aside = [...before.aside];
  for (const name of namesIn(folder)) {
    const parts = NAME.exec(name);
    if (parts === null) continue;
    const file = known.get(name) ?? (await describe(connection, folder, parts).catch(() => undefined));
    if (file !== undefined) files.push(file);
    else aside.push(await setAside(folder, name, 'cannot be read', 0));
  }
  const raw = files.filter(({ tier }) => tier === 'raw');
  const coarse = files.filter(({ tier }) => tier === '1h');
  const coarseDays = Object.fromEntries(coarse.flatMap((file) => daysOf(file).map((day) => [day, file.seq])));
  const flushedToMs = Math.max(before.flushedToMs ?? 0, ...raw.map(({ toMs }) => toMs));
  return {
    ...before,
    files,
    aside,
    coarseDays,
    lastSeq: Math.max(before.lastSeq, ...files.map(({ seq }) => seq)),
    ...(flushedToMs > 0 ? { flushedToMs } : {}),
  };
}

function daysOf({ spanFromMs, spanToMs }: HistoryFile): readonly number[] {
  return Array.from({ length: (spanToMs - spanFromMs) / DAY_MS }, (_, index) => spanFromMs + index * DAY_MS);
}

async function describe(
  connection: DuckDBConnection,
  folder: string,
  parts: RegExpExecArray,
): Promise<HistoryFile> {
  const [name, tier, span, seq, kind] = parts as unknown as readonly [string, Tier, string, string, FileKind];
  const path = join(folder, name);
  const spanFromMs = Date.parse(span.length === 7 ? `${span}-01` : span);
  return {
    name,
    tier,
    kind,
    seq: Number(seq),
    spanFromMs,
    spanToMs: span.length === 7 ? monthEnd(spanFromMs) : spanFromMs + DAY_MS,
    ...(await extentOf(connection, path)),
    ...(await checksum(path)),
  };
}

/** What is wrong with a file; `undefined` when it is as it was written. */
export async function faultIn(
  folder: string,
  { name, bytes, crc }: HistoryFile,
): Promise<string | undefined> {
  const path = join(folder, name);
  try {
    const { size } = statSync(path);
    if (size !== bytes) return `has ${size} bytes instead of ${bytes}`;
    return (await checksum(path)).crc === crc ? undefined : 'is not as it was written';
  } catch (error) {
    return `cannot be read: ${messageOf(error)}`;
  }
}

/** Out of the way and kept: somebody may want to look. */
export async function setAside(folder: string, name: string, why: string, atMs: number) {
  await rename(join(folder, name), join(folder, `${name}.damaged`)).catch(() => undefined);
  return { name, why, atMs };
}
