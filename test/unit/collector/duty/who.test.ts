import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Behind } from '../../../../config/notify.ts';
import { openWho } from '../../../../collector/duty/who.ts';
import { addAccount, type NewAccount } from '../../../../collector/records/accounts.ts';
import { openRecords } from '../../../../collector/records/open.ts';
import { folderWith } from '../../../support/folder.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { silentLog } from '../../../support/silent-log.ts';

const behind = (more: Partial<Behind>): Behind => ({ people: [], fallback: [], by: ['mail'], ...more });

async function house(...accounts: readonly Partial<NewAccount>[]) {
  const records = await openRecords(join(folderWith(), 'data'));
  onTestFinished(() => records.close());
  const { db } = records;
  const clock = manualClock();
  const add = async (more: Partial<NewAccount>): Promise<void> => {
    await addAccount(db, {
      name: 'anna',
      displayName: 'Anna',
      roles: ['operator'],
      language: 'en',
      passwordHash: '',
      createdAtMs: 0,
      isDemonstration: false,
      ...more,
    });
  };
  for (const account of accounts) await add(account);
  const holders = new Map<string, readonly string[]>();
  const who = await openWho({ db, clock, log: silentLog(), onWatch: (post) => holders.get(post) ?? [] });
  onTestFinished(() => who.stop());
  return { db, clock, add, who, holders };
}

describe('who can be told', () => {
  it('is each named account that says how, however its name is written, once', async () => {
    const { who } = await house(
      { mail: 'anna@x.example' },
      { name: 'bo', phone: '110110110', roles: ['auditAdmin'] },
      { name: 'mute' },
    );
    expect(who.people(behind({ people: ['ANNA', 'anna', 'bo', 'mute', 'stranger'] }), 0)).toEqual([
      { account: 'anna', language: 'en', mail: 'anna@x.example', mayAct: true },
      { account: 'bo', language: 'en', phone: '110110110', mayAct: false },
    ]);
  });

  it('is who holds the post, and the fallback only where nobody does', async () => {
    const { who, holders } = await house({ mail: 'anna@x.example' }, { name: 'bo', mail: 'bo@x.example' });
    const duty = behind({ watch: 'operator', fallback: ['bo'] });
    expect(who.people(duty, 0).map(({ account }) => account)).toEqual(['bo']);
    holders.set('operator', ['anna']);
    expect(who.people(duty, 0).map(({ account }) => account)).toEqual(['anna']);
  });

  it('counts those who share the load of alerts, each once', async () => {
    const { who, holders } = await house();
    expect(who.onWatch?.(0)).toBe(0);
    holders.set('operator', ['anna']).set('shiftLead', ['chen']).set('standby', ['zhao']);
    expect(who.onWatch?.(0)).toBe(1);
    holders.set('deputy', ['bo']);
    expect(who.onWatch?.(0)).toBe(2);
    holders.set('deputy', ['anna']);
    expect(who.onWatch?.(0)).toBe(1);
  });

  it('follows what becomes of the accounts', async () => {
    const { who, db, clock, add } = await house({ mail: 'anna@x.example' });
    await add({ name: 'bo', mail: 'bo@x.example' });
    await db.updateTable('account').set({ is_disabled: 1 }).where('name', '=', 'anna').execute();
    await clock.advance(10_000);
    await db.selectFrom('account').select('id').execute();
    await clock.advance(0);
    expect(who.people(behind({ people: ['anna', 'bo'] }), 0).map(({ account }) => account)).toEqual(['bo']);
  });
});

describe('whose phone it is', () => {
  it.each([
    ['+8613800138000', 'anna'],
    ['13800138000', 'anna'],
    ['+8613900139000', 'bo'],
    ['+8615000150000', undefined],
    ['8000', undefined],
    ['10086', undefined],
  ])('%s is of %s', async (number, account) => {
    const { who } = await house(
      { phone: '+86 138-0013-8000' },
      { name: 'bo', phone: '13900139000' },
      { name: 'c', phone: '+8615000150000' },
      { name: 'd', phone: '15000150000' },
    );
    expect(who.byPhone(number)?.account).toBe(account);
  });
});
