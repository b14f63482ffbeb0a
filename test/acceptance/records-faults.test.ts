import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { audited, verifyAudit } from '../../collector/records/audit.ts';
import { openRecords, type Records } from '../../collector/records/open.ts';
import type { Db } from '../../collector/records/tables.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { eventually } from '../support/eventually.ts';
import { folderWith } from '../support/folder.ts';
import { postgresBinaries, startPostgresCluster, type PostgresCluster } from '../support/postgres-cluster.ts';
import { MAY_MOUNT, mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';

const WRITERS = 8;
const BINARIES = postgresBinaries();

/** Writers that go on, each with its next number, until they are told to stop; what was answered is noted. */
function startWriters(db: Db, textLength = 10) {
  const answered = new Set<string>();
  const failures: string[] = [];
  const stopping = new AbortController();
  const write = async (name: string): Promise<void> => {
    const entry = { atMs: 1, who: 'writer', action: 'wrote', target: name, origin: 'local' };
    await audited(db, { ...entry, after: { text: 'x'.repeat(textLength) } }, async (step) => {
      await step.insertInto('first_run_token').values({ token_hash: name, created_at_ms: 1 }).execute();
    });
  };
  onTestFinished(() => stopping.abort());
  const writing = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let number = 0; !stopping.signal.aborted; number += 1) {
      const name = `${writer}-${number}`;
      try {
        await write(name);
        answered.add(name);
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (!(error instanceof WatchkeeperError)) throw error;
        failures.push(error.message);
      }
    }
  });
  return {
    failures,
    answeredMore: async (count: number): Promise<void> => {
      const before = answered.size;
      await eventually(() => expect(answered.size).toBeGreaterThan(before + count), 60_000);
    },
    async stop(): Promise<ReadonlySet<string>> {
      stopping.abort();
      await Promise.all(writing);
      return answered;
    },
  };
}

/** Everything that was answered is there, nothing by half, and the chain holds. */
async function expectWhole(db: Db, answered: ReadonlySet<string>): Promise<void> {
  const rows = await db.selectFrom('first_run_token').select('token_hash').execute();
  const kept = new Set(rows.map((row) => row.token_hash));
  expect([...answered].filter((name) => !kept.has(name))).toEqual([]);
  const verdict = await verifyAudit(db);
  expect(verdict).toMatchObject({ lines: kept.size });
  expect(verdict).not.toHaveProperty('broken');
}

/** On the pages, and to each who wrote in vain. */
async function saysFull(
  records: Records,
  { failures }: { readonly failures: readonly string[] },
): Promise<void> {
  await eventually(() => {
    expect(records.faults().join()).toContain('the disk that holds the records is full');
    expect(failures.join()).toContain('the disk that holds the records is full');
  }, 60_000);
}

function smallDisk(folder: string, megabytes: number): SmallDisk {
  const disk = mountSmallDisk(folder, megabytes);
  onTestFinished(() => disk.unmount());
  return disk;
}

describe.skipIf(BINARIES === undefined)('a real PostgreSQL', () => {
  async function cluster(data: string, wal: string): Promise<PostgresCluster> {
    const own = await startPostgresCluster(BINARIES ?? '', { data, wal });
    onTestFinished(() => own.end('fast'));
    return own;
  }
  function folder(): string {
    const own = folderWith();
    chmodSync(own, 0o755);
    return own;
  }

  it('that is restarted, and that crashes, in the middle of writes loses nothing that was answered', async () => {
    const base = folder();
    const postgres = await cluster(join(base, 'data'), join(base, 'wal'));
    const records = await openRecords(folderWith(), { postgres: postgres.settings });
    onTestFinished(() => records.close());
    const writers = startWriters(records.db);
    for (const how of ['fast', 'crash', 'fast'] as const) {
      await writers.answeredMore(40);
      await postgres.end(how);
      await postgres.start();
    }
    await writers.answeredMore(40);
    await expectWhole(records.db, await writers.stop());
    expect(records.faults()).toEqual([]);
    for (const failure of writers.failures) {
      expect(failure).toMatch(/PostgreSQL does not answer|whether it was kept is not known/);
    }
  });

  it('whose disk is full says so, loses nothing that was answered, and goes on when there is room again', async () => {
    const base = folder();
    const disk = smallDisk(join(base, 'disk'), 120);
    const postgres = await cluster(join(disk.folder, 'data'), join(base, 'wal'));
    const records = await openRecords(folderWith(), { postgres: postgres.settings });
    onTestFinished(() => records.close());
    const writers = startWriters(records.db, 2_000);
    await writers.answeredMore(10);
    disk.fill();
    await saysFull(records, writers);
    disk.free();
    await writers.answeredMore(40);
    await expectWhole(records.db, await writers.stop());
    expect(records.faults()).toEqual([]);
  });
});

describe.skipIf(!MAY_MOUNT)('SQLite on a disk', () => {
  it('that is full says so, loses nothing that was answered, and goes on when there is room again', async () => {
    const disk = smallDisk(join(folderWith(), 'disk'), 24);
    const records = await openRecords(join(disk.folder, 'data'));
    const writers = startWriters(records.db, 2_000);
    await writers.answeredMore(10);
    disk.fill();
    await saysFull(records, writers);
    disk.free();
    await writers.answeredMore(40);
    await expectWhole(records.db, await writers.stop());
    expect(records.faults()).toEqual([]);
    await records.close();
  });
});
