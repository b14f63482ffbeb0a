import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { NewMessage } from '../../alerting/ports.ts';
import {
  answerLinkState,
  removeOldAnswerLinks,
  useAnswerLink,
} from '../../collector/records/answer-links.ts';
import { bouncedAddresses, waysTaken } from '../../collector/records/ways-taken.ts';
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

  it('tell of each way what waits, what arrived and what failed, and which address refuses', async () => {
    const outbox = createOutboxStore(db);
    await createNotifyStore(db).commit({
      records: [],
      removed: [],
      messages: [
        message('m1', 'a@example', { createdAtMs: 10 }),
        message('m2', 'a@example', { createdAtMs: 11 }),
        message('m3', 'b@example', { way: 'mail[1]', createdAtMs: 12 }),
      ],
    });
    const [one, other] = await outbox.heads();
    await outbox.saveAttempt(one?.id ?? 0, { state: 'sent', atMs: 20 });
    await outbox.saveAttempt(other?.id ?? 0, { state: 'failed', atMs: 21, error: '550' });
    const taken = await waysTaken(db, 30);
    expect([...taken].sort((a, b) => a.way.localeCompare(b.way))).toEqual([
      { receiver: 'desk', way: 'mail[0]', waiting: 1, lastSentAtMs: 20 },
      { receiver: 'desk', way: 'mail[1]', waiting: 0, lastFailure: { createdAtMs: 12, error: '550' } },
    ]);
    expect(await bouncedAddresses(db, 30)).toEqual([
      { kind: 'mail', to: 'b@example', receiver: 'desk', createdAtMs: 12, error: '550' },
    ]);
  });

  it('give a link whose token is known by its hash, that is used once by whichever of its copies', async () => {
    const link = { messageId: 'm1', account: 'li', endsAtMs: 100 };
    await createNotifyStore(db).commit({ records: [], removed: [], messages: [message('m1', 'a@example')] });
    const outbox = createOutboxStore(db);
    await outbox.giveLink({ ...link, tokenHash: 'h1' });
    await outbox.giveLink({ ...link, tokenHash: 'h1', endsAtMs: 200 });
    await outbox.giveLink({ ...link, tokenHash: 'h2' });
    expect(await answerLinkState(db, 'h1', 150)).toEqual({
      kind: 'open',
      account: 'li',
      endsAtMs: 200,
      alerts: ['f1'],
    });
    expect(await answerLinkState(db, 'h2', 150)).toMatchObject({ kind: 'ended' });
    expect(await answerLinkState(db, 'h3', 150)).toEqual({ kind: 'unknown' });
    expect([await useAnswerLink(db, 'h1', 150), await useAnswerLink(db, 'h1', 151)]).toEqual([true, false]);
    expect(await answerLinkState(db, 'h2', 50)).toEqual({ kind: 'used', account: 'li', usedAtMs: 150 });
    await removeOldAnswerLinks(db, 400 * 86_400_000);
    expect(await answerLinkState(db, 'h1', 150)).toEqual({ kind: 'unknown' });
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
