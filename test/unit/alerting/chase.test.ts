import { describe, expect, it } from 'vitest';
import { alertsOverdue, silencesDue } from '../../../alerting/chase/alert-source.ts';
import { chase } from '../../../alerting/chase/chase.ts';
import { startChaser } from '../../../alerting/chase/chaser.ts';
import { CALM } from '../../../alerting/attention/flood.ts';
import { outlookOf, putInForce } from '../../../alerting/notify/outlook.ts';
import type { ChaseStore, NewMessage } from '../../../alerting/ports.ts';
import type { ChaseRecord, Overdue } from '../../../config/model/chase.ts';
import type { Claim } from '../../../config/model/claim.ts';
import type { Silence } from '../../../config/model/silence.ts';
import { instance, SITE } from '../../support/alerts.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { dispatchSettings, notifyFaults } from '../../support/notify.ts';
import { seenOf } from '../../../alerting/notify/seen.ts';
import { silentLog } from '../../support/silent-log.ts';
import { ANNA, BO, watchOf } from '../../support/who.ts';

const MINUTE = 60_000;
const WAITS = { remindEachMs: 15 * MINUTE, supervisorAfterMs: 30 * MINUTE };
const TASK: Overdue = {
  id: 't',
  kind: 'task',
  title: { 'zh-CN': '巡检', en: 'Round' },
  dueAtMs: 10 * MINUTE,
  whose: ['li'],
  supervisors: ['wang'],
  path: '/rounds',
};

/** Goes on through the minutes; who was told at each. */
function play(minutes: readonly number[], overdueAt: (minute: number) => readonly Overdue[] = () => [TASK]) {
  const records = new Map<string, ChaseRecord>();
  let untilMs: number | undefined;
  const told = minutes.map((minute) => {
    const turn = chase(overdueAt(minute), records, WAITS, minute * MINUTE);
    for (const record of turn.changed) records.set(record.id, record);
    untilMs = turn.untilMs;
    return turn.calls.map(({ as }) => as).join(' ');
  });
  return { told, records, untilMinute: (untilMs ?? Number.NaN) / MINUTE };
}

describe('what is overdue', () => {
  it('is recalled to whose it is, again and again, and from a while on to who answers for him', () => {
    const { told, records, untilMinute } = play([9, 10, 11, 25, 39, 40, 41, 55]);
    expect(told).toEqual(['', 'person', '', 'person', '', 'person supervisor', '', 'person supervisor']);
    expect(records.get('t')?.chased.at(-1)).toEqual({ as: 'supervisor', to: ['wang'], atMs: 55 * MINUTE });
    expect(untilMinute).toBe(70);
  });

  it('is over once it is done, and begins anew when it is overdue again', () => {
    const { told, records } = play([10, 12, 13, 14], (minute) =>
      minute === 12 || minute === 13 ? [] : [TASK],
    );
    expect(told).toEqual(['person', '', '', 'person']);
    expect(records.get('t')?.chased).toHaveLength(1);
    expect(play([10, 12], (minute) => (minute === 12 ? [] : [TASK])).records.get('t')?.endedAtMs).toBe(
      12 * MINUTE,
    );
  });

  it('waits for who has answered, and then goes on', () => {
    const answered: ChaseRecord = {
      ...TASK,
      chased: [{ as: 'person', to: ['li'], atMs: 10 * MINUTE }],
      answer: { person: 'li', atMs: 12 * MINUTE, text: 'on it' },
    };
    const at = (minute: number) => chase([TASK], new Map([['t', answered]]), WAITS, minute * MINUTE);
    expect(at(25).calls).toEqual([]);
    expect(at(25).untilMs).toBe(42 * MINUTE);
    expect(at(42).calls.map(({ as }) => as)).toEqual(['person', 'supervisor']);
  });

  it('is only recalled once to the owner of a silence', () => {
    const { told } = play([10, 30, 60], () => [{ ...TASK, kind: 'silence_ends' }]);
    expect(told).toEqual(['person', '', '']);
  });
});

describe('of alerts', () => {
  const FIRING = { kind: 'firing', sinceMs: 0, firedAtMs: 0 } as const;
  const told = seenOf([instance({ phase: FIRING })], SITE);
  const settings = { unacknowledgedMs: { critical: 10 * MINUTE } };
  const claim: Claim = {
    id: 'c',
    fingerprint: 'f0',
    person: 'li',
    note: '',
    sinceMs: MINUTE,
    endsAtMs: 20 * MINUTE,
  };
  const overdue = (claims: readonly Claim[], nowMs: number) =>
    alertsOverdue({ told, claims, settings, nowMs });

  it('those are overdue that nobody acknowledged in time, and those whose acknowledgement ran out', () => {
    expect(overdue([], 0)).toMatchObject([{ kind: 'unacknowledged', dueAtMs: 10 * MINUTE, whose: [] }]);
    expect(overdue([claim], 5 * MINUTE)).toEqual([]);
    expect(overdue([claim], 20 * MINUTE)).toMatchObject([
      { kind: 'claim_expired', dueAtMs: 20 * MINUTE, whose: ['li'], alert: 'f0' },
    ]);
    const released = { ...claim, ended: { atMs: 5 * MINUTE, cause: 'released' as const } };
    expect(overdue([released], 20 * MINUTE)).toMatchObject([{ kind: 'unacknowledged' }]);
    expect(alertsOverdue({ told, claims: [], settings: { unacknowledgedMs: {} }, nowMs: 0 })).toEqual([]);
  });

  it('a silence is recalled before its end, and when it matches nothing', () => {
    const silence: Silence = {
      id: 's',
      kind: 'silence',
      matchers: [],
      startsAtMs: 0,
      endsAtMs: 60 * MINUTE,
      owner: 'li',
      reason: 'battery test',
    };
    const due = (idle: boolean, more: Partial<Silence> = {}) =>
      silencesDue([{ ...silence, ...more }], () => idle, MINUTE).map(({ kind, dueAtMs }) => [
        kind,
        dueAtMs / MINUTE,
      ]);
    expect(due(false)).toEqual([['silence_ends', 45]]);
    expect(due(true)).toEqual([
      ['silence_ends', 45],
      ['silence_idle', 1],
    ]);
    expect(due(false, { endsAtMs: 20 * MINUTE })).toEqual([]);
    expect(due(true, { endsAtMs: MINUTE })).toEqual([]);
  });
});

describe('the chaser', () => {
  const YAML = `
smtp: { host: mail, security: none, from: "Watch <watch@centre.example>" }
receivers:
  - { name: watch, mail: [desk@x.example], language: en }
  - { name: leaders, mail: [leader@x.example], language: en }
chase: { receiver: watch, supervisor: leaders, unacknowledged_after: { critical: 10m } }`;

  async function bench(yaml = YAML) {
    const clock = manualClock(0);
    const messages: NewMessage[] = [];
    const kept = new Map<string, ChaseRecord>();
    const here = { failure: undefined as Error | undefined, overdue: [] as Overdue[] };
    const store: ChaseStore = {
      records: async () => [...kept.values()],
      async commit(change) {
        if (here.failure !== undefined) throw here.failure;
        for (const record of change.records) kept.set(record.id, record);
        messages.push(...change.messages);
      },
    };
    const inForce = putInForce(dispatchSettings(yaml));
    const who = watchOf([ANNA, BO]);
    const instances = [instance({ phase: { kind: 'firing', sinceMs: 0, firedAtMs: 0 } })];
    const chaser = await startChaser({
      clock,
      log: silentLog(),
      store,
      sources: [async () => here.overdue],
      outlook: () =>
        outlookOf(
          inForce,
          { instances, silences: [], isAcknowledged: () => false, who, flood: CALM },
          clock.nowMs(),
        ),
      care: { claims: () => [], silences: () => [], tally: () => ({ swallowed: 0, now: 0, isIdle: false }) },
      who,
      onMessages: () => undefined,
    });
    chaser.wake();
    await clock.advance(0);
    return { clock, messages, chaser, here, kept };
  }

  it('mails the watch what nobody acknowledged, and then the supervisor, with a link to it', async () => {
    const { clock, messages, chaser } = await bench();
    await clock.advance(10 * MINUTE);
    expect(messages.map(({ to, subject }) => [to, subject])).toEqual([
      ['desk@x.example', '[Overdue] UPS on battery'],
    ]);
    expect(messages[0]?.text).toContain('/alerts?alert=f0');
    await clock.advance(30 * MINUTE);
    expect(messages.filter(({ to }) => to === 'leader@x.example')).toHaveLength(1);
    expect(messages.at(-1)?.text).toContain('overdue for 30');
    expect(chaser.records()).toMatchObject([{ kind: 'unacknowledged' }]);
    await chaser.stop();
  });

  it('does not say that a supervisor was told where the settings name none', async () => {
    const { clock, messages, chaser } = await bench(YAML.replace(' supervisor: leaders,', ''));
    await clock.advance(40 * MINUTE);
    expect(messages.every(({ to }) => to === 'desk@x.example')).toBe(true);
    const chased = chaser.records()[0]?.chased ?? [];
    expect(chased.filter(({ as }) => as === 'supervisor')).toMatchObject([{ to: [], isUnreached: true }]);
    expect(chased.filter(({ as }) => as === 'person').some((one) => 'isUnreached' in one)).toBe(false);
    await chaser.stop();
  });

  it('chases other people’s work by the same way, to those whose it is', async () => {
    const { clock, messages, here, chaser } = await bench();
    here.overdue = [{ ...TASK, dueAtMs: 0, whose: [ANNA.account], supervisors: [BO.account] }];
    await clock.advance(MINUTE);
    expect(messages.map(({ to, alerts }) => [to, alerts.length])).toEqual([[ANNA.mail, 1]]);
    expect(messages[0]?.html).not.toContain('/answer');
    here.overdue = [];
    await clock.advance(MINUTE);
    expect(chaser.records().find(({ id }) => id === 't')?.endedAtMs).toBe(2 * MINUTE);
    await chaser.stop();
  });

  it('tells nothing that could not be kept, and tries again', async () => {
    const { clock, messages, here, chaser } = await bench();
    here.failure = new Error('disk full');
    await clock.advance(10 * MINUTE);
    expect(messages).toEqual([]);
    here.failure = undefined;
    await clock.advance(5_000);
    expect(messages).toHaveLength(1);
    await chaser.stop();
  });
});

it('a receiver that is none is named by its place in the file', () => {
  expect(
    notifyFaults('receivers: [{ name: watch }]\nchase: { receiver: watch, supervisor: head }').join(),
  ).toContain('there is no receiver head');
});
