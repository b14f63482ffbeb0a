import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is known of backups over restarts, in a file of the data folder: also of those that were made without the collector. */
export interface BackupStatus {
  /** The instant of the last one that was read again and was whole. */
  readonly lastGoodAtMs?: number;
  readonly file?: string;
  /** Since when there should have been one and was none. */
  readonly waitingSinceMs?: number;
}

const NAME = 'backup.json';

/** Nothing is known where the file is missing or damaged. */
export function readBackupStatus(dataFolder: string): BackupStatus {
  try {
    const status: unknown = JSON.parse(readFileSync(join(dataFolder, NAME), 'utf8'));
    if (typeof status !== 'object' || status === null) return {};
    const { lastGoodAtMs, file, waitingSinceMs } = status as Readonly<Record<string, unknown>>;
    return {
      ...(typeof lastGoodAtMs === 'number' ? { lastGoodAtMs } : {}),
      ...(typeof file === 'string' ? { file } : {}),
      ...(typeof waitingSinceMs === 'number' ? { waitingSinceMs } : {}),
    };
  } catch {
    return {};
  }
}

export function writeBackupStatus(dataFolder: string, status: BackupStatus): void {
  const file = join(dataFolder, NAME);
  writeFileSync(`${file}.new`, JSON.stringify(status), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Seconds since the last good backup, or since there should have been one; `undefined` when nobody asked for any. */
export function backupAgeSeconds(
  { lastGoodAtMs, waitingSinceMs }: BackupStatus,
  nowMs: number,
): number | undefined {
  const sinceMs = lastGoodAtMs ?? waitingSinceMs;
  return sinceMs === undefined ? undefined : Math.max(0, nowMs - sinceMs) / 1000;
}
