import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { NewMessage } from '../../alerting/ports.ts';
import { createNotifyStore, createOutboxStore, outboxMessages } from '../../collector/records/messages.ts';
import { openRecords } from '../../collector/records/open.ts';
import type { Db } from '../../collector/records/tables.ts';
import { newMessage } from '../support/alert-stores.ts';
import { folderWith } from '../support/folder.ts';
import { stores } from '../support/stores.ts';

const message = (messageId: string, to: string, more: Partial<NewMessage> = {}): NewMessage =>
  newMessage({ messageId, to, alerts: ['f1'], ...more });

describe.each(await stores())('messages in $name', ({ place }) => {
  let db: Db;
  beforeEach(async () => {
    const records = await openRecords(join(folderWith(), 'data'), place());
    onTestFinished(() => records.close());
    db = records.db;
  });

  it('fold what was over before it could leave into the message that tells its end, and nothing else', async () => {
    const outbox = createOutboxStore(db);
    const store = createNotifyStore(db);
    const add = (...messages: readonly NewMessage[]) => store.commit({ records: [], removed: [], messages });
    const thread = { references: 't1' };
    await add(
      message('sent', 'a@example', thread),
      message('fired', 'a@example', thread),
      message('repeated', 'a@example', thread),
      message('other-alert', 'a@example', { ...thread, alerts: ['f1', 'f2'] }),
      message('other-address', 'b@example', thread),
      message('other-way', 'a@example', { ...thread, way: 'mail[1]' }),
      message('other-thread', 'a@example', { references: 't2' }),
    );
    const [first] = await outbox.heads();
    await outbox.saveAttempt(first?.id ?? 0, { state: 'sent', atMs: 5 });
    const [tried] = await outbox.heads();
    await add(message('end', 'a@example', { ...thread, isEnd: true }));
    // It was on its way meanwhile, in vain.
    await outbox.saveAttempt(tried?.id ?? 0, {
      state: 'waiting',
      atMs: 6,
      error: 'down',
      nextAttemptAtMs: 7,
    });
    const states = (await outboxMessages(db, { limit: 9 })).map(({ state }) => state).reverse();
    expect(states).toEqual([
      'sent',
      'folded',
      'folded',
      'waiting',
      'waiting',
      'waiting',
      'waiting',
      'waiting',
    ]);
  });

  it('know what a phone was told of by the last message that reached it', async () => {
    const outbox = createOutboxStore(db);
    const phone = { channel: 'modem', way: 'anna/modem' } as const;
    await createNotifyStore(db).commit({
      records: [],
      removed: [],
      messages: [
        message('m1', '+86138', { ...phone, alerts: ['f1', 'f2'] }),
        message('m2', '+86138', { ...phone, alerts: ['f3'] }),
      ],
    });
    expect(await outbox.lastTold('+86138')).toEqual([]);
    const [head] = await outbox.heads();
    await outbox.saveAttempt(head?.id ?? 0, { state: 'sent', atMs: 5 });
    expect([...(await outbox.lastTold('+86138'))].sort()).toEqual(['f1', 'f2']);
  });
});
