import { describe, expect, it } from 'vitest';
import { isYes, takeAnswer } from '../../../../alerting/notify/answer-by-text.ts';
import { openCare } from '../../../../alerting/care/care.ts';
import { fakeCareStore, fakeMessageStore, newMessage } from '../../../support/alert-stores.ts';
import { instance } from '../../../support/alerts.ts';
import { heardLog } from '../../../support/heard-log.ts';
import { ANNA, watchOf } from '../../../support/who.ts';

const NUMBER = '+8613800138000';
const NOW_MS = 1_000_000;

async function desk() {
  const outbox = fakeMessageStore();
  const care = fakeCareStore();
  const cared = await openCare({
    store: care,
    nowMs: () => NOW_MS,
    instances: () =>
      ['a', 'b', 'c'].map((fingerprint) =>
        instance({ fingerprint, phase: { kind: 'firing', sinceMs: 0, firedAtMs: 0 } }),
      ),
    onChange: () => undefined,
  });
  const told = async (messageId: string, alerts: readonly string[]): Promise<void> => {
    const message = newMessage({ messageId, channel: 'modem', to: NUMBER, alerts });
    await outbox.commit({ records: [], removed: [], messages: [message] });
    await outbox.saveAttempt(outbox.messages.length, { state: 'sent', atMs: NOW_MS });
  };
  await told('first', ['a']);
  await told('last', ['b', 'gone', 'c']);
  const log = heardLog();
  return {
    care,
    cared,
    log,
    text: (text: string, from = NUMBER) =>
      takeAnswer({ from, text }, { who: watchOf([ANNA]), outbox, care: cared, log: log.log }),
  };
}

describe('a text message of a person', () => {
  it('acknowledges the alerts that he was told of last, in his name', async () => {
    const { cared, care, text } = await desk();
    await text(' OK. ');
    expect(cared.claims().map(({ fingerprint, person }) => [fingerprint, person])).toEqual([
      ['b', 'anna'],
      ['c', 'anna'],
    ]);
    expect(care.changes[0]?.act).toMatchObject({ who: 'anna', origin: `sms ${NUMBER}` });
  });

  it('that says something else is his note on them', async () => {
    const { cared, care, text } = await desk();
    await text('正在路上');
    expect(cared.claims()).toEqual([]);
    expect(
      care.changes
        .flatMap(({ entries = [] }) => entries)
        .map(({ transition, reason }) => [transition, reason]),
    ).toEqual([
      ['noted', '正在路上'],
      ['noted', '正在路上'],
    ]);
  });

  it('takes nothing from who sees to it already', async () => {
    const { cared, text } = await desk();
    await cared.claim({ fingerprint: 'b', note: '', isUntilWorse: false }, { person: 'bo', origin: '' });
    await text('1');
    expect(cared.claimOf('b')?.person).toBe('bo');
    expect(cared.claimOf('c')?.person).toBe('anna');
  });

  it('is nothing where the number is nobody’s', async () => {
    const { cared, care, text } = await desk();
    await text('1', '+490000');
    expect(cared.claims()).toEqual([]);
    expect(care.changes).toEqual([]);
  });

  it('that cannot be kept is not taken from the modem', async () => {
    const { care, log, text } = await desk();
    care.failure = new Error('disk full');
    expect(await text('1')).toBe(false);
    expect(log.lines).toEqual(['error: text message could not be taken']);
    care.failure = undefined;
    expect(await text('1')).toBe(true);
  });

  it.each(['1', 'ok', 'Ok!', '１', '收到。', '确认'])('%s is a yes', (text) =>
    expect(isYes(text)).toBe(true),
  );
  it.each(['', '11', 'not ok', '不收到'])('%s is none', (text) => expect(isYes(text)).toBe(false));
});
