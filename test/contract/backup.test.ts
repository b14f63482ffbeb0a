import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keepNewest, makeBackup, type Backup } from '../../collector/backup/backup.ts';
import { checkBackup } from '../../collector/backup/check-backup.ts';
import { restoreBackup, type RestoreJob } from '../../collector/backup/restore.ts';
import { accountByName, addAccount } from '../../collector/records/accounts.ts';
import { createAlertStore } from '../../collector/records/alerts.ts';
import { audited, verifyAudit } from '../../collector/records/audit.ts';
import { openForReading, openRecords, type Records } from '../../collector/records/open.ts';
import { indexText, searchIds } from '../../collector/records/search.ts';
import type { Db } from '../../collector/records/tables.ts';
import { inTransaction } from '../../collector/records/transaction.ts';
import type { RecordsSettings } from '../../config/records.ts';
import { Secret } from '../../config/runtime/secret.ts';
import { auditOf } from '../support/audit.ts';
import { folderWith } from '../support/folder.ts';
import { dropSchemas } from '../support/postgres.ts';
import { stores } from '../support/stores.ts';

const SECRET = new Secret('correct horse battery staple');
const SITE = 'name: Room\n# 机房\ndevices:\n  - { id: a, snmp: { host: h, community: hunter2 } }\n';
const STORES = await stores();
/** What was taken out of one store goes into the other as well. */
const WAYS = STORES.flatMap((from) => STORES.map((to) => ({ from, to })));

interface Site {
  readonly data: string;
  readonly settings: RecordsSettings;
  readonly config: string;
  readonly folder: string;
}

function siteIn(settings: RecordsSettings): Site {
  const { postgres } = settings;
  if (postgres !== undefined) onTestFinished(() => dropSchemas(`${postgres.schema}_`));
  return {
    data: folderWith(),
    settings,
    config: folderWith({ 'site.yaml': SITE, 'rules/own.yaml': 'groups: []\n' }),
    folder: join(folderWith(), 'backups'),
  };
}

async function opened({ data, settings }: Site): Promise<Records> {
  const records = await openRecords(data, settings);
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await records.close();
    isOpen = false;
  };
  onTestFinished(close);
  return { ...records, close };
}

async function write(db: Db, name: string): Promise<void> {
  await audited(
    db,
    { atMs: 7, who: 'li', action: 'account_added', target: name, origin: '::1' },
    async (step) => {
      await addAccount(step, {
        name,
        displayName: `${name} 漏水`,
        roles: ['operator'],
        language: 'en',
        passwordHash: 'x',
        createdAtMs: 7,
        isDemonstration: false,
      });
    },
  );
}

async function backupOf({ data, settings, config, folder }: Site, atMs = 1_000): Promise<Backup> {
  const { db, close } = openForReading(data, settings);
  try {
    return await makeBackup({ db, configFolder: config, folder, secret: SECRET, atMs });
  } finally {
    await close();
  }
}

const jobOf = ({ data, settings }: Site, file: string, more: Partial<RestoreJob> = {}): RestoreJob => ({
  file,
  secret: SECRET,
  dataFolder: data,
  settings,
  isForced: false,
  atMs: 2_000,
  ...more,
});

describe.each(WAYS)('a backup of $from.name in $to.name', ({ from, to }) => {
  it('brings back everything of one instant, and numbers and chains on from there', async () => {
    const old = siteIn(from.place());
    const records = await opened(old);
    await inTransaction(records.db, async (step) => {
      for (let n = 0; n < 600; n += 1) await indexText(step, 'watch', { id: n + 1, text: `entry ${n} 漏水` });
    });
    for (const name of ['one', 'two', '三']) await write(records.db, name);
    const alert = { fingerprint: 'f', labels: {}, value: Number.NaN } as never;
    await createAlertStore(records.db).save({ saved: [alert], removed: [], entries: [] });
    const made = await backupOf(old);
    await write(records.db, 'after');

    const now = siteIn(to.place());
    const configTo = folderWith();
    const restored = await restoreBackup(jobOf(now, made.file, { configTo }));
    expect(restored).toMatchObject({ rows: made.rows, atMs: 1_000 });
    const { db } = await opened(now);
    expect((await accountByName(db, '三'))?.account).toEqual(
      (await accountByName(records.db, '三'))?.account,
    );
    expect(await accountByName(db, 'after')).toBeUndefined();
    expect(await createAlertStore(db).instances()).toEqual([alert]);
    expect(await searchIds(db, { scope: 'watch', text: '599 漏水', limit: 5 })).toEqual([600]);
    await write(db, 'next');
    expect((await accountByName(db, 'next'))?.account.id).toBe(4);
    expect((await auditOf(db)).map(({ action }) => action)).toEqual([
      ...Array.from({ length: 3 }, () => 'account_added'),
      'records_restored',
      'account_added',
    ]);
    const verdict = await verifyAudit(db, made.auditHead.hash);
    expect(verdict).toMatchObject({ lines: 5, anchorAt: 3 });
    expect(verdict).not.toHaveProperty('broken');
    expect(readFileSync(join(configTo, 'site.yaml'), 'utf8')).toMatch(
      /# 机房[^]*community: *\{ env: HIDDEN_IN_BACKUP \}/,
    );
    expect(readFileSync(join(configTo, 'rules/own.yaml'), 'utf8')).toBe('groups: []\n');
  });
});

describe.each(STORES)('a backup in $name', ({ place }) => {
  it('does not wait for those who write, nor they for it', async () => {
    const site = siteIn(place());
    const { db } = await opened(site);
    await write(db, 'zero');
    let written = 0;
    const done = new AbortController();
    const writing = (async () => {
      for (; !done.signal.aborted; written += 1) await write(db, `name ${written}`);
    })();
    const made = await backupOf(site).finally(() => done.abort());
    await writing;
    expect(written).toBeGreaterThan(2);
    const { files, auditHead } = await checkBackup(made.file, SECRET);
    expect(files).toEqual(['rules/own.yaml', 'site.yaml']);
    expect((await verifyAudit(db, auditHead.hash)).anchorAt).toBe(auditHead.seq);
  });

  it('replaces what is there only when forced, keeps that beside, and touches nothing when something is wrong', async () => {
    const site = siteIn(place());
    const records = await opened(site);
    await write(records.db, 'old');
    const { file } = await backupOf(site);
    await expect(restoreBackup(jobOf(site, file, { isForced: true }))).rejects.toMatchObject({
      code: 'already_running',
    });
    await write(records.db, 'newer');
    await records.close();
    await expect(restoreBackup(jobOf(site, file))).rejects.toMatchObject({ code: 'conflict' });
    const wrong = { isForced: true, secret: new Secret('another key, long enough') };
    await expect(restoreBackup(jobOf(site, file, wrong))).rejects.toMatchObject({ code: 'backup_invalid' });
    const still = await opened(site);
    expect(await accountByName(still.db, 'newer')).toBeDefined();
    await still.close();
    const { kept } = await restoreBackup(jobOf(site, file, { isForced: true }));
    expect(kept).toMatch(/replaced/);
    const { db } = await opened(site);
    expect(await accountByName(db, 'newer')).toBeUndefined();
    expect(await accountByName(db, 'old')).toBeDefined();
  });
});

describe('the file of a backup', () => {
  it('is nobody else’s to read, and tells nothing', async () => {
    const site = siteIn({});
    const { db } = await opened(site);
    await write(db, 'one');
    const { file, folder } = { ...site, ...(await backupOf(site)) };
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['watchkeeper-19700101T000001Z.backup']);
    const bytes = readFileSync(file);
    expect(bytes.includes('hunter2')).toBe(false);
    expect(bytes.includes('account')).toBe(false);
  });

  it('is not there when it could not be written whole', async () => {
    const site = siteIn({});
    const records = await opened(site);
    await write(records.db, 'one');
    await records.close();
    writeFileSync(site.folder, 'a file in the place of the folder');
    await expect(backupOf(site)).rejects.toMatchObject({ code: 'backup_failed' });
  });

  it('makes way for newer ones, but nothing else does', async () => {
    const names = [
      'watchkeeper-20260101T000000Z.backup',
      'watchkeeper-20260102T000000Z.backup',
      'watchkeeper-20260103T000000Z.backup',
      'notes.txt',
    ];
    const folder = folderWith(Object.fromEntries(names.map((name) => [name, ''])));
    await keepNewest(folder, 2);
    expect(readdirSync(folder).sort()).toEqual(['notes.txt', ...names.slice(1, 3)]);
  });
});
