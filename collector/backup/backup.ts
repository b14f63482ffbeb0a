import { mkdirSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import type { Secret } from '../../config/runtime/secret.ts';
import { configWithoutSecrets } from '../../config/without-secrets.ts';
import { dumpRecords } from '../records/dump.ts';
import type { Db } from '../records/tables.ts';
import { FORMAT, writeBackup, type BackupPart } from './backup-file.ts';
import { checkBackup, type BackupContents } from './check-backup.ts';

export interface BackupJob {
  /** Records that are open for reading beside whoever writes them. */
  readonly db: Db;
  readonly configFolder: string;
  /** Where the file goes; made where there is none. */
  readonly folder: string;
  readonly secret: Secret;
  readonly atMs: number;
  readonly onProgress?: (progress: BackupProgress) => void;
}

export interface BackupProgress {
  readonly step: 'writing' | 'checking';
  /** Rows so far. */
  readonly rows: number;
}

/** A backup that was read again after it was written, and is whole. */
export interface Backup extends BackupContents {
  readonly file: string;
}

const NAME = /^watchkeeper-\d{8}T\d{6}Z\.backup$/;

/**
 * Takes everything of one instant, writes it sealed, and reads it again before it counts as made.
 * @throws {WatchkeeperError} `backup_failed` when it cannot be written, `backup_invalid` when it cannot be read again.
 */
export async function makeBackup(job: BackupJob): Promise<Backup> {
  const { folder, secret, atMs, onProgress } = job;
  const file = join(folder, nameAt(atMs));
  const unfinished = `${file}.unfinished`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await rm(unfinished, { force: true });
  } catch (error) {
    throw new WatchkeeperError('backup_failed', `${folder} cannot be written: ${messageOf(error)}`, {
      cause: error,
    });
  }
  try {
    await writeBackup(unfinished, partsOf(job), secret);
    onProgress?.({ step: 'checking', rows: 0 });
    const contents = await checkBackup(unfinished, secret);
    await rename(unfinished, file);
    await syncFolder(folder);
    return { ...contents, file };
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
}

function nameAt(atMs: number): string {
  const stamp = new Date(atMs).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
  return `watchkeeper-${stamp}.backup`;
}

async function* partsOf({ db, configFolder, atMs, onProgress }: BackupJob): AsyncGenerator<BackupPart> {
  yield { kind: 'begin', format: FORMAT, atMs };
  for (const text of configWithoutSecrets(configFolder)) yield { kind: 'file', ...text };
  let rows = 0;
  for await (const part of dumpRecords(db)) {
    if (part.kind === 'rows') {
      rows += part.rows.length;
      onProgress?.({ step: 'writing', rows });
    }
    yield part;
  }
}

/** Without it the name may be gone after a power failure. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Removes the oldest backups until so many are left; what is no backup of ours stays. */
export async function keepNewest(folder: string, count: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => NAME.test(name)).sort();
  for (const name of names.slice(0, Math.max(0, names.length - count))) await rm(join(folder, name));
}
