import { makeBackup } from '../../collector/backup/backup.ts';
import { audited } from '../../collector/records/audit.ts';
import { createNotifyStore } from '../../collector/records/messages.ts';
import { openForReading, openRecords } from '../../collector/records/open.ts';
import type { RecordsSettings } from '../../config/records.ts';
import { Secret } from '../../config/runtime/secret.ts';

/** What the process is told to do, in JSON as its argument, until it is killed. */
export interface WriterOrder {
  readonly act: 'write' | 'open' | 'backup';
  readonly folder: string;
  readonly settings: RecordsSettings;
  /** The number that `write` begins with. */
  readonly first: number;
  /** Where `backup` puts its files, and what seals them. */
  readonly backups: string;
  readonly key: string;
}

const order = JSON.parse(process.argv[2] ?? '') as WriterOrder;
const { folder, settings } = order;

/** Writes a decision with its messages, then something that is audited, and prints the number of each pair that was answered. */
async function write(): Promise<void> {
  const { db } = await openRecords(folder, settings);
  const notify = createNotifyStore(db);
  for (let number = order.first; ; number += 1) {
    const message = (copy: number) => ({
      messageId: `${number}-${copy}`,
      createdAtMs: number,
      receiver: 'duty',
      way: 'mail[0]',
      channel: 'mail' as const,
      alerts: [],
      to: `${copy}@example`,
      subject: String(number),
      text: 'x'.repeat(2_000),
      html: '',
      state: 'waiting' as const,
    });
    await notify.commit({
      records: [
        { group: String(number), receiver: 'duty', way: 'mail[0]', firing: [], resolved: [], verdicts: [] },
      ],
      removed: [],
      messages: [message(1), message(2), message(3)],
    });
    await audited(
      db,
      { atMs: number, who: 'writer', action: 'wrote', target: String(number), origin: 'local' },
      async (step) => {
        await step
          .insertInto('first_run_token')
          .values({ token_hash: String(number), created_at_ms: number })
          .execute();
      },
    );
    process.stdout.write(`${number}\n`);
  }
}

/** Brings records to this version's schema; says when it begins and when it has answered. */
async function open(): Promise<void> {
  process.stdout.write('0\n');
  await openRecords(folder, settings);
  process.stdout.write('1\n');
  setInterval(() => undefined, 1_000);
}

/** Makes one backup after the other, and prints the number of each that counts as made. */
async function backup(): Promise<void> {
  process.stdout.write('0\n');
  for (let number = 1; ; number += 1) {
    const { db, close } = openForReading(folder, settings);
    const atMs = (order.first + number) * 1_000;
    await makeBackup({
      db,
      configFolder: folder,
      folder: order.backups,
      secret: new Secret(order.key),
      atMs,
    });
    await close();
    process.stdout.write(`${number}\n`);
  }
}

const ACTS = { write, open, backup };
await ACTS[order.act]();
