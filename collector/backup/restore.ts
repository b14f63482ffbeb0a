import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { RecordsSettings } from '../../config/records.ts';
import type { Secret } from '../../config/runtime/secret.ts';
import type { ConfigText } from '../../config/without-secrets.ts';
import { audited, verifyAudit } from '../records/audit.ts';
import { goOnNumbering, putRows, shapes, stepsOf } from '../records/dump.ts';
import { MIGRATIONS } from '../records/migrations/index.ts';
import { migrate } from '../records/migrate.ts';
import { prepareReplacement } from '../records/replacement.ts';
import type { Db } from '../records/tables.ts';
import { giveVault, openVault, sealFactors } from '../records/vault.ts';
import { readBackup } from './backup-file.ts';
import { checkBackup, type BackupContents } from './check-backup.ts';

export interface RestoreJob {
  readonly file: string;
  readonly secret: Secret;
  readonly dataFolder: string;
  readonly settings: RecordsSettings;
  /** Where the files of the configuration go; they stay in the backup when absent. */
  readonly configTo?: string;
  /** Puts the backup in the place of records that are there; those are kept beside. */
  readonly isForced: boolean;
  readonly atMs: number;
  readonly onProgress?: (progress: {
    readonly step: 'checking' | 'restoring';
    readonly rows: number;
  }) => void;
}

export interface Restored extends BackupContents {
  /** Where the records that were there before are now. */
  readonly kept?: string;
}

/**
 * Puts the records of a backup in the place of those that are there: the backup is read whole first, then put beside
 * what is there, held against its audit, and only then takes its place, at once.
 * @throws {WatchkeeperError} `backup_invalid`; `conflict` where there are records and nothing was forced;
 *   `already_running` while a collector works on them. Nothing was changed then.
 */
export async function restoreBackup(job: RestoreJob): Promise<Restored> {
  const { file, secret, dataFolder, settings, isForced, atMs, configTo, onProgress } = job;
  onProgress?.({ step: 'checking', rows: 0 });
  const contents = await checkBackup(file, secret);
  const steps = stepsOf(contents.steps);
  if (configTo !== undefined) requireEmpty(configTo, isForced);
  const replacement = await prepareReplacement(dataFolder, settings, { isForced, atMs });
  try {
    const { db } = replacement;
    await migrate(db, MIGRATIONS.slice(0, steps));
    const texts = await fill(db, job);
    await migrate(db);
    giveVault(db, openVault(dataFolder, settings.key));
    await sealFactors(db);
    await hold(db, contents);
    const restored = { backup: file, madeAtMs: contents.atMs, rows: contents.rows };
    const entry = { atMs, who: 'system', action: 'records_restored', target: contents.auditHead.hash };
    await audited(db, { ...entry, after: restored, origin: 'local' }, async () => undefined);
    if (configTo !== undefined) writeConfig(configTo, texts);
    const kept = await replacement.takePlace();
    return { ...contents, ...(kept === undefined ? {} : { kept }) };
  } catch (error) {
    await replacement.abandon();
    throw error;
  }
}

/** Puts the rows in; what it gives are the files of the configuration. */
async function fill(db: Db, { file, secret, onProgress }: RestoreJob): Promise<readonly ConfigText[]> {
  const texts: ConfigText[] = [];
  const known = await shapes(db);
  let rows = 0;
  let table = { table: '', columns: [] as readonly string[] };
  await db.transaction().execute(async (step) => {
    for await (const part of readBackup(file, secret)) {
      if (part.kind === 'table') {
        const columns = known.get(part.table);
        if (columns === undefined || part.columns.some((name) => !columns.includes(name))) {
          throw new WatchkeeperError(
            'backup_invalid',
            `The backup has a table ${part.table} that is not known here.`,
          );
        }
        table = part;
      } else if (part.kind === 'rows') {
        await putRows(step, table, part.rows);
        rows += part.rows.length;
        onProgress?.({ step: 'restoring', rows });
      } else if (part.kind === 'file') texts.push(part);
    }
    await goOnNumbering(step);
  });
  return texts;
}

/** What was put in must be what was taken out. */
async function hold(db: Db, { auditHead }: BackupContents): Promise<void> {
  const { broken, head } = await verifyAudit(db);
  if (broken === undefined && head === auditHead.hash) return;
  const at = broken === undefined ? '' : ` at line ${broken.at}`;
  throw new WatchkeeperError(
    'backup_invalid',
    `The audit of the backup does not hold${at}; nothing was replaced.`,
  );
}

function requireEmpty(folder: string, isForced: boolean): void {
  if (isForced || !existsSync(join(folder, 'site.yaml'))) return;
  throw new WatchkeeperError(
    'conflict',
    `There is a configuration in ${folder} already; --force replaces it.`,
  );
}

function writeConfig(folder: string, texts: readonly ConfigText[]): void {
  for (const { path: name, text } of texts) {
    const path = resolve(folder, name);
    // A backup is ours, but no file may lead out of the folder all the same.
    if (relative(folder, path).startsWith('..')) continue;
    mkdirSync(dirname(path), { recursive: true });
    const beside = `${path}.restoring`;
    rmSync(beside, { force: true });
    writeFileSync(beside, text, { mode: 0o600 });
    renameSync(beside, path);
  }
}
