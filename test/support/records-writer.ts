import { audited } from '../../collector/records/audit.ts';
import { createNotifyStore } from '../../collector/records/messages.ts';
import { openRecords } from '../../collector/records/open.ts';

/** Writes until it is killed: a decision with its messages, and an audited write. Prints the number of each that was answered. */
const folder = process.argv[2] ?? '';
const first = Number(process.argv[3]);
const { db } = await openRecords(folder);
const notify = createNotifyStore(db);

for (let number = first; ; number += 1) {
  const message = (copy: number) => ({
    messageId: `${number}-${copy}`,
    createdAtMs: number,
    receiver: 'duty',
    way: 'mail[0]',
    channel: 'mail' as const,
    alerts: ['f1', 'f2'],
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
