import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { AlertHistoryEntry, AlertView } from '../../config/model/api.ts';
import type { AlertInstance, Phase } from '../../config/model/alert.ts';
import type { NewMessage, NotifyRecord } from '../../alerting/ports.ts';
import { accountByName, addAccount, hasAdministrator } from '../../collector/records/accounts.ts';
import { alertHistory, createAlertStore } from '../../collector/records/alerts.ts';
import { audited, verifyAudit } from '../../collector/records/audit.ts';
import { createCareStore } from '../../collector/records/care.ts';
import {
  createNotifyStore,
  createOutboxStore,
  messagesAbout,
  outboxMessages,
} from '../../collector/records/messages.ts';
import { openRecords } from '../../collector/records/open.ts';
import { changePerson, findPeople, personById } from '../../collector/records/people.ts';
import { addSession, findSession, removeEndedSessions } from '../../collector/records/sessions.ts';
import type { Db } from '../../collector/records/tables.ts';
import { folderWith } from '../support/folder.ts';
import { stores } from '../support/stores.ts';

/** Texts that break what is glued together instead of bound. */
const HOSTILE = [
  "'; drop table account; --",
  '" or ""="',
  '<script>alert(1)</script>',
  "\\'\u2028\u202e机房 🔥",
  '${7*7}{{7*7}}',
  '%_\\',
];

const view = (name: string): AlertView => ({
  fingerprint: name,
  rule: name,
  name,
  severity: 'major',
  phase: { kind: 'firing', sinceMs: 1, firedAtMs: 2 },
  labels: { alertname: name },
  summary: { 'zh-CN': '市电中断', en: 'Mains lost' },
  response: { 'zh-CN': '', en: '' },
  consequence: { 'zh-CN': '', en: '' },
  value: 1,
});
const entry = (atMs: number, name: string): Omit<AlertHistoryEntry, 'id'> => ({
  atMs,
  transition: 'fired',
  alert: view(name),
});
const instance = (fingerprint: string, phase: Phase, value = 1): AlertInstance => ({
  rule: 'ups/UpsOnBattery',
  element: { device: 'ups-a' },
  fingerprint,
  labels: { alertname: 'UpsOnBattery', device: HOSTILE[0] ?? '' },
  annotations: { summary: HOSTILE.join('\n') },
  severity: 'critical',
  phase,
  value,
});
const message = (messageId: string, to: string, fields: Partial<NewMessage> = {}): NewMessage => ({
  messageId,
  createdAtMs: 1000,
  receiver: 'duty',
  way: 'mail[0]',
  channel: 'mail',
  alerts: ['f1'],
  to,
  subject: 'Mains lost',
  text: 'text',
  html: '<p>html</p>',
  state: 'waiting',
  ...fields,
});

describe.each(await stores())('records in $name', ({ place }) => {
  let db: Db;
  beforeEach(async () => {
    const records = await openRecords(folderWith(), place());
    onTestFinished(() => records.close());
    db = records.db;
  });

  const account = (name: string, fields = {}) =>
    addAccount(db, {
      name,
      displayName: name,
      roles: ['operator'],
      language: 'zh-CN',
      passwordHash: 'hash',
      createdAtMs: 1,
      isDemonstration: false,
      ...fields,
    });

  it.each(HOSTILE)('give back %j exactly as it was written, in every field that takes it', async (text) => {
    const added = await account(text, { displayName: text, passwordHash: text });
    expect(await accountByName(db, text)).toEqual({
      account: { ...added, name: text, displayName: text },
      passwordHash: text,
      isDisabled: false,
      isDemonstration: false,
    });
    await addSession(db, {
      tokenHash: text,
      accountId: added.id,
      atMs: 5,
      origin: '10.0.0.1',
      browser: 'Firefox',
    });
    expect(await findSession(db, text)).toMatchObject({ tokenHash: text, account: added });
    await createNotifyStore(db).commit({
      records: [],
      removed: [],
      messages: [message(text, text, { receiver: text, subject: text, text, html: text })],
    });
    expect(await outboxMessages(db, { limit: 5 })).toMatchObject([
      { receiver: text, to: [text], subject: text, text, html: text },
    ]);
    await audited(db, { atMs: 1, who: text, action: 'tried', target: text, after: text, origin: text }, () =>
      Promise.resolve(),
    );
    expect(await verifyAudit(db)).toMatchObject({ lines: 1 });
  });

  it('refuse a text that one of the stores could not keep as it is', async () => {
    await expect(account('nul\u0000')).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await db.selectFrom('account').selectAll().execute()).toEqual([]);
  });

  it('keep instants as exact numbers, and order texts by their code points whatever the language', async () => {
    await account('late', { createdAtMs: 8_640_000_000_000_000 });
    expect(await db.selectFrom('account').select('created_at_ms').execute()).toEqual([
      { created_at_ms: 8_640_000_000_000_000 },
    ]);
    const { count } = await db
      .selectFrom('account')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBe(1);
    const names = ['张三', 'Zoe', 'amy', '李四', 'Ä', '1'];
    for (const name of names) await account(name);
    const rows = await db.selectFrom('account').select('name').orderBy('name').execute();
    expect(rows.map(({ name }) => name)).toEqual(['1', 'Zoe', 'amy', 'late', 'Ä', '张三', '李四']);
  });

  it('take names for the same that people take for the same', async () => {
    await account('Li.Lei');
    expect((await accountByName(db, ' lI.LEI'))?.account.name).toBe('Li.Lei');
    await expect(account('ｌｉ.lei')).rejects.toMatchObject({ code: 'conflict' });
    expect(await accountByName(db, 'li%lei')).toBeUndefined();
  });

  it('know whether somebody can administer the place', async () => {
    await account('one');
    expect(await hasAdministrator(db)).toBe(false);
    await account('two', { roles: ['sysAdmin'] });
    expect(await hasAdministrator(db)).toBe(true);
  });

  it('refuse an account whose role this version does not know instead of guessing', async () => {
    await account('odd');
    await db.updateTable('account').set({ roles: '["superuser"]' }).execute();
    await expect(accountByName(db, 'odd')).rejects.toMatchObject({ code: 'records_failed' });
  });

  it('end sessions with their account, and those that are too old', async () => {
    const one = await account('one');
    const two = await account('two');
    await addSession(db, {
      tokenHash: 'a',
      accountId: one.id,
      atMs: 100,
      origin: '10.0.0.1',
      browser: 'Firefox',
    });
    await addSession(db, {
      tokenHash: 'b',
      accountId: two.id,
      atMs: 200,
      origin: '10.0.0.1',
      browser: 'Firefox',
    });
    await addSession(db, {
      tokenHash: 'c',
      accountId: two.id,
      atMs: 300,
      origin: '10.0.0.1',
      browser: 'Firefox',
    });
    await db.deleteFrom('account').where('id', '=', one.id).execute();
    await removeEndedSessions(db, { createdBeforeMs: 0, usedBeforeMs: 200 });
    const left = await Promise.all(['a', 'b', 'c'].map((tokenHash) => findSession(db, tokenHash)));
    expect(left.map((session) => session?.tokenHash)).toEqual([undefined, undefined, 'c']);
  });

  it('keep alert instances as they last stood, with values that JSON has no word for', async () => {
    const store = createAlertStore(db);
    const held: Phase = { kind: 'held', sinceMs: 1, firedAtMs: 2, heldSinceMs: 3 };
    const pending: Phase = { kind: 'pending', sinceMs: 1 };
    await store.save({ saved: [instance('a', pending), instance('b', pending)], removed: [], entries: [] });
    await store.save({
      saved: [instance('a', held, Number.NaN), instance('c', pending, -Infinity)],
      removed: ['b', 'never there'],
      entries: [],
    });
    expect(await store.instances()).toEqual([
      instance('a', held, Number.NaN),
      instance('c', pending, -Infinity),
    ]);
  });

  it('save thousands of instances in one go', async () => {
    const store = createAlertStore(db);
    const many = Array.from({ length: 3000 }, (_, index) =>
      instance(String(index).padStart(5, '0'), { kind: 'pending', sinceMs: index }),
    );
    await store.save({ saved: many, removed: [], entries: many.map((_, index) => entry(index, 'x')) });
    expect(await store.instances()).toEqual(many);
    await store.save({ saved: [], removed: many.map(({ fingerprint }) => fingerprint), entries: [] });
    expect(await store.instances()).toEqual([]);
  });

  it('page through the history without losing or repeating an entry, also where many share an instant', async () => {
    const at = [10, 20, 20, 20, 20, 30, 40, 40];
    const entries = at.map((atMs, index) => entry(atMs, `alert-${index}`));
    await createAlertStore(db).save({ saved: [], removed: [], entries });
    const seen: string[] = [];
    let last: { readonly beforeMs: number; readonly beforeId: number } | undefined;
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await alertHistory(db, { limit: 3, ...last });
      expect(page.length).toBeLessThanOrEqual(3);
      const end = page.at(-1);
      if (end === undefined) break;
      seen.push(...page.map(({ alert }) => alert.name));
      last = { beforeMs: end.atMs, beforeId: end.id };
    }
    expect(seen).toEqual(entries.map(({ alert }) => alert.name).reverse());
    const older = await alertHistory(db, { limit: 9, beforeMs: 20 });
    expect(older.map(({ alert }) => alert.name)).toEqual(['alert-0']);
  });

  it('keep who ended an alert and why', async () => {
    const ended = { ...entry(5, 'a'), transition: 'resolved' as const, person: '李雷', reason: '已更换' };
    await createAlertStore(db).save({ saved: [], removed: [], entries: [ended] });
    expect(await alertHistory(db, { limit: 1 })).toEqual([{ ...ended, id: 1 }]);
  });

  it('replace what a receiver was told, for each group and receiver alone', async () => {
    const store = createNotifyStore(db);
    const record = (group: string, receiver: string, firing: readonly string[]): NotifyRecord => ({
      group,
      receiver,
      way: 'mail[0]',
      firing,
      resolved: [],
      verdicts: [{ gate: 'silence', outcome: 'passed', reason: 'none', atMs: 1, held: [] }],
    });
    await store.commit({
      records: [record('g', 'duty', ['a']), record('g', 'boss', ['a']), record('h', 'duty', ['b'])],
      removed: [],
      messages: [],
    });
    await store.commit({
      records: [record('g', 'duty', [])],
      removed: [{ group: 'h', receiver: 'duty', way: 'mail[0]' }],
      messages: [],
    });
    const records = await store.records();
    expect(records).toHaveLength(2);
    expect(records).toContainEqual(record('g', 'boss', ['a']));
    expect(records).toContainEqual(record('g', 'duty', []));
  });

  it('add no message and no decision when one of the messages was added before', async () => {
    const store = createNotifyStore(db);
    await store.commit({ records: [], removed: [], messages: [message('m1', 'a@example')] });
    const again = store.commit({
      records: [{ group: 'g', receiver: 'duty', way: 'mail[0]', firing: [], resolved: [], verdicts: [] }],
      removed: [],
      messages: [message('m2', 'a@example'), message('m1', 'a@example')],
    });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    expect(await store.records()).toEqual([]);
    expect(await outboxMessages(db, { limit: 5 })).toHaveLength(1);
  });

  it('keep how far escalations have come, and tell which messages speak of an alert', async () => {
    const store = createNotifyStore(db);
    const record = { fingerprint: 'f1', firedAtMs: 1, baseMs: 1, taken: 1, told: [] };
    await store.commit({
      records: [],
      removed: [],
      messages: [message('m1', 'a@example')],
      escalations: [record],
    });
    await store.commit({
      records: [],
      removed: [],
      messages: [message('m2', 'a@example', { alerts: ['f2'] })],
    });
    const next = { ...record, taken: 2, told: [{ step: 1, receiver: 'duty', atMs: 5 }] };
    await store.commit({ records: [], removed: [], messages: [], escalations: [next] });
    expect(await store.escalations()).toEqual([next]);
    await store.commit({ records: [], removed: [], messages: [], ended: ['f1'] });
    expect(await store.escalations()).toEqual([]);
    expect(await messagesAbout(db, 'f1', 10)).toMatchObject([{ subject: 'Mains lost', to: ['a@example'] }]);
    expect(await messagesAbout(db, 'none', 10)).toEqual([]);
  });

  it('keep claims and silences with the audit of who made them, and drop what has long ended', async () => {
    const store = createCareStore(db, () => 1_000);
    const claim = { id: 'c', fingerprint: 'f1', person: '李雷', note: '在路上', sinceMs: 1, endsAtMs: 5_000 };
    const matchers = [{ name: 'a', op: '=~' as const, value: HOSTILE[0] ?? '' }];
    const times = { startsAtMs: 1, endsAtMs: 5_000 };
    const silence = { id: 's', kind: 'silence' as const, matchers, ...times, owner: '李雷', reason: '测试' };
    const act = { atMs: 1, who: '李雷', origin: 'local', action: 'claim_alert' as const, target: 'f1' };
    await store.save({ claims: [claim], silences: [silence], entries: [entry(1, 'a')], act });
    await store.save({ claims: [{ ...claim, ended: { atMs: 2, cause: 'over' } }] });
    expect(await store.claims()).toEqual([{ ...claim, ended: { atMs: 2, cause: 'over' } }]);
    expect(await store.silences()).toEqual([silence]);
    expect(await alertHistory(db, { limit: 9 })).toHaveLength(1);
    expect(await verifyAudit(db)).toMatchObject({ lines: 1 });
    const later = createCareStore(db, () => 5_001 + 7 * 24 * 3_600_000);
    expect([await later.claims(), await later.silences()]).toEqual([[], []]);
  });

  it('hand out the oldest waiting message of each address and follow its attempts to the end', async () => {
    const outbox = createOutboxStore(db);
    await createNotifyStore(db).commit({
      records: [],
      removed: [],
      messages: [
        message('kept', 'a@example', { state: 'kept' }),
        message('a1', 'a@example', { references: 'a0' }),
        message('b1', 'b@example'),
        message('a2', 'a@example'),
      ],
    });
    const heads = await outbox.heads();
    expect(heads.map(({ messageId }) => messageId)).toEqual(['a1', 'b1']);
    expect(heads[0]).toMatchObject({ to: 'a@example', references: 'a0', state: 'waiting', attempts: 0 });
    expect(heads[0]).not.toHaveProperty('nextAttemptAtMs');
    const [a1 = 0, b1 = 0] = heads.map(({ id }) => id);

    await outbox.saveAttempt(a1, { state: 'waiting', atMs: 5, error: 'no answer', nextAttemptAtMs: 65 });
    expect((await outbox.heads())[0]).toMatchObject({ messageId: 'a1', attempts: 1, nextAttemptAtMs: 65 });
    await outbox.saveAttempt(a1, { state: 'sent', atMs: 66 });
    await outbox.saveAttempt(b1, { state: 'failed', atMs: 67, error: '550 no such mailbox' });
    expect((await outbox.heads()).map(({ messageId }) => messageId)).toEqual(['a2']);

    const views = await outboxMessages(db, { limit: 5 });
    expect(views.map(({ state }) => state)).toEqual(['waiting', 'failed', 'sent', 'kept']);
    expect(views[1]).toMatchObject({ lastError: '550 no such mailbox', attempts: 1 });
    expect(views[2]).toMatchObject({ sentAtMs: 66, attempts: 2 });
    expect(views[2]).not.toHaveProperty('lastError');
  });

  it('find people by words in any case and any order, Chinese ones of two letters too, a part at a time', async () => {
    for (const [name, displayName, department] of [
      ['li.lei', '李雷', '信息科'],
      ['han', '韩梅梅', '漏水抢修组'],
      ['Zoe', 'Zoë 100%', 'IT_desk'],
    ] as const) {
      await account(name, { displayName, department });
    }
    const named = async (search: string) =>
      (await findPeople(db, { search, offset: 0, limit: 10 })).people.map(({ name }) => name);
    expect(await named('漏水')).toEqual(['han']);
    expect(await named('组 韩')).toEqual(['han']);
    expect(await named('ZOE')).toEqual(['Zoe']);
    expect(await named('100%')).toEqual(['Zoe']);
    expect(await named('t_d')).toEqual(['Zoe']);
    expect(await named('%')).toEqual(['Zoe']);
    const second = await findPeople(db, { role: 'operator', offset: 1, limit: 1 });
    expect(second).toMatchObject({ total: 3, people: [{ name: 'li.lei', version: 1 }] });
  });

  it('change a person only as the change took them to be', async () => {
    const { id } = await account('li.lei');
    const person = await personById(db, id);
    if (person === undefined) throw new Error('nobody');
    const qualifications = [{ training: 'business', passedOn: '2026-01-02' }] as const;
    const details = { ...person, displayName: HOSTILE[0] ?? '', vettedOn: '2026-01-01', qualifications };
    await changePerson(db, person, { details, roles: ['viewer', 'engineer'], isDisabled: true });
    const stale = changePerson(db, person, { isDisabled: false });
    await expect(stale).rejects.toMatchObject({ code: 'conflict' });
    expect(await personById(db, id)).toEqual({
      ...details,
      roles: ['viewer', 'engineer'],
      isDisabled: true,
      version: 2,
    });
  });
});
