import { describe, expect, it } from 'vitest';
import { escalate, type Escalated } from '../../../alerting/escalate/escalate.ts';
import { latestClaims } from '../../../alerting/claim/claims.ts';
import { seenOf } from '../../../alerting/notify/seen.ts';
import type { EscalationRecord } from '../../../alerting/ports.ts';
import { treeOf } from '../../../alerting/route/tree.ts';
import type { AlertInstance, Phase } from '../../../config/model/alert.ts';
import type { Claim } from '../../../config/model/claim.ts';
import { instance, SITE } from '../../support/alerts.ts';
import { notifyFaults, notifyOf } from '../../support/notify.ts';

const MINUTE = 60_000;
const NOTIFY = notifyOf(`
receivers: [{ name: watch }, { name: standby }, { name: leader }, { name: head }]
route: { receiver: watch, escalation: duty }
escalations:
  - name: duty
    steps: [{ after: 5m, receiver: standby }, { after: 10m, receiver: leader }, { after: 30m, receiver: head }]`);
const root = treeOf(NOTIFY.route);

const FIRING: Phase = { kind: 'firing', sinceMs: 0, firedAtMs: 0 };
const ALERT = instance({ phase: FIRING });

const claim = (more: Partial<Claim> = {}): Claim => ({
  id: 'c',
  fingerprint: 'f0',
  person: 'li',
  note: '',
  sinceMs: MINUTE,
  endsAtMs: 31 * MINUTE,
  ...more,
});

interface Step {
  readonly alerts?: readonly AlertInstance[];
  readonly claims?: readonly Claim[];
  readonly empty?: readonly string[];
  readonly heldBack?: readonly AlertInstance[];
  readonly floodSinceMs?: number;
}

/** Runs on through the minutes, each with what was decided before; what was told, and when to look again. */
function play(minutes: readonly number[], step: (minute: number) => Step = () => ({})) {
  const records = new Map<string, EscalationRecord>();
  let last: Escalated | undefined;
  const told = minutes.map((minute) => {
    const { alerts = [ALERT], claims = [], empty = [], heldBack = [], floodSinceMs } = step(minute);
    last = escalate({
      root,
      policies: NOTIFY.escalations,
      alerts: seenOf(alerts, SITE),
      heldBack: seenOf(heldBack, SITE),
      floodSinceMs,
      claims: latestClaims(claims),
      records,
      isEmpty: (receiver) => empty.includes(receiver),
      nowMs: minute * MINUTE,
    });
    for (const record of last.changed) records.set(record.fingerprint, record);
    for (const fingerprint of last.removed) records.delete(fingerprint);
    return last.calls.map(({ receiver, alerts: own }) => `${receiver}:${own.length}`).join(' ');
  });
  return { told, calls: last?.calls ?? [], untilMinute: (last?.untilMs ?? Number.NaN) / MINUTE, records };
}

describe('an alert that nobody acknowledges', () => {
  it('goes on to the next one after each wait, to each once', () => {
    const { told, untilMinute } = play([0, 4.9, 5, 6, 10, 29, 30, 99]);
    expect(told).toEqual(['', '', 'standby:1', '', 'leader:1', '', 'head:1', '']);
    expect(untilMinute).toBeNaN();
    expect(play([6]).untilMinute).toBe(10);
  });

  it('skips a step where nobody stands at once, and saves its wait for those that follow', () => {
    const { told } = play([5, 10, 24.9, 25], () => ({ empty: ['standby'] }));
    expect(told).toEqual(['leader:1', '', '', 'head:1']);
  });

  it('tells every step that is overdue after a standstill', () => {
    expect(play([40]).told).toEqual(['standby:1 leader:1 head:1']);
  });

  it('is told together with the others that are due', () => {
    const others = Array.from({ length: 3 }, (_, index) =>
      instance({ fingerprint: `f${index}`, phase: FIRING }),
    );
    expect(play([5], () => ({ alerts: others })).told).toEqual(['standby:3']);
  });

  it('stands in one call behind what is graver; what endangers life has a call of its own', () => {
    const smoke = instance({ fingerprint: 'smoke', phase: FIRING, annotations: { danger: 'life' } });
    const minor = instance({ fingerprint: 'minor', phase: FIRING, severity: 'minor' });
    const { calls } = play([5], () => ({ alerts: [minor, ALERT, smoke] }));
    expect(calls.map(({ alerts }) => alerts.map(({ alert }) => alert.fingerprint))).toEqual([
      ['f0', 'minor'],
      ['smoke'],
    ]);
  });

  it('begins anew with its next episode, and is forgotten when it is over', () => {
    const again = instance({ phase: { ...FIRING, firedAtMs: 20 * MINUTE } });
    const { told, records } = play([5, 19, 25], (minute) => ({
      alerts: minute === 19 ? [] : [minute > 19 ? again : ALERT],
    }));
    expect(told).toEqual(['standby:1', '', 'standby:1']);
    expect(records.get('f0')?.told).toEqual([{ step: 1, receiver: 'standby', atMs: 25 * MINUTE }]);
  });
});

describe('an alert that somebody has acknowledged', () => {
  it('waits until the claim ends, then its own receiver hears of it at once and the steps begin anew', () => {
    const { told } = play([5, 10, 30, 31, 35, 36, 41], () => ({ claims: [claim({ sinceMs: 4 * MINUTE })] }));
    expect(told).toEqual(['', '', '', 'watch:1', '', 'standby:1', 'leader:1']);
  });

  it('is looked at again when the claim ends', () => {
    expect(play([5], () => ({ claims: [claim()] })).untilMinute).toBe(31);
  });

  it('tells nobody a second time who was told before the claim', () => {
    const { told } = play([5, 6, 20], (minute) => ({
      claims: minute < 6 ? [] : [claim({ sinceMs: 6 * MINUTE })],
    }));
    expect(told).toEqual(['standby:1', '', '']);
  });

  it('goes on at once when it is given back', () => {
    const released = claim({ ended: { atMs: 12 * MINUTE, cause: 'released' } });
    const { told } = play([5, 12, 17], (minute) => ({ claims: [minute < 12 ? claim() : released] }));
    expect(told).toEqual(['', 'watch:1', 'standby:1']);
  });
});

describe('faults of escalations', () => {
  it.each([
    [
      'receivers: [{ name: a }]\nescalations: [{ name: x, steps: [{ after: 5m, receiver: b }, { after: 1m, receiver: a }] }]',
      [
        'notify.yaml:2: escalations[0].steps[0].receiver: there is no receiver b',
        'notify.yaml:2: escalations[0].steps[1].after: is earlier than the step before it',
      ],
    ],
    [
      'receivers: [{ name: a }]\nroute: { receiver: a, escalation: y }',
      ['notify.yaml:2: route.escalation: there is no escalation y'],
    ],
  ])('%s', (yaml, expected) => expect(notifyFaults(yaml)).toEqual(expected));
});

describe('an alert that another explains, or that is silent', () => {
  it('calls nobody, and begins its waits anew when it is told again: not everybody at once', () => {
    const { told, records } = play([2, 40, 44, 45, 50], (minute) =>
      minute === 2 ? { alerts: [], heldBack: [ALERT] } : {},
    );
    expect(told).toEqual(['', '', '', 'standby:1', 'leader:1']);
    expect(records.get('f0')).toMatchObject({ resumedAtMs: 40 * MINUTE });
  });

  it('keeps in mind who was called before', () => {
    const { told, records } = play([5, 8, 20, 25], (minute) =>
      minute === 8 ? { alerts: [], heldBack: [ALERT] } : {},
    );
    expect(told).toEqual(['standby:1', '', '', 'standby:1']);
    expect(records.get('f0')?.told.map(({ atMs }) => atMs / MINUTE)).toEqual([5, 25]);
  });
});

describe('in a flood', () => {
  const of = (n: number, more: Partial<AlertInstance> = {}): AlertInstance =>
    instance({
      fingerprint: `n${n}`,
      severity: 'major',
      phase: { kind: 'firing', sinceMs: n * MINUTE, firedAtMs: n * MINUTE },
      ...more,
    });

  it('one escalation stands for all that are no graver than those it told of', () => {
    const { told } = play([5, 6, 7, 10], () => ({ alerts: [of(0), of(1), of(2)], floodSinceMs: 0 }));
    expect(told).toEqual(['standby:1', '', '', 'leader:1']);
  });

  it('what is graver, and what endangers life, is called for by itself', () => {
    const smoke = of(2, { annotations: { danger: 'life' } });
    const { told } = play([5, 6, 7], () => ({
      alerts: [of(0), of(1, { severity: 'critical' }), smoke],
      floodSinceMs: 0,
    }));
    expect(told).toEqual(['standby:1', 'standby:1', 'standby:1']);
  });
});
