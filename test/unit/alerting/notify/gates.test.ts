import { describe, expect, it } from 'vitest';
import {
  GATES,
  GROUP_INTERVAL_MS,
  GROUP_WAIT_MS,
  passGates,
  type Candidate,
} from '../../../../alerting/notify/gates.ts';
import { groupAlerts } from '../../../../alerting/notify/groups.ts';
import type { NotifyRecord } from '../../../../alerting/ports.ts';
import type { AlertInstance, Phase } from '../../../../config/model/alert.ts';
import { instance, SITE } from '../../../support/alerts.ts';

const AT_MS = 1_000_000;
const FIRING: Phase = { kind: 'firing', sinceMs: AT_MS, firedAtMs: AT_MS };
const RESOLVED: Phase = { kind: 'resolved', firedAtMs: AT_MS, resolvedAtMs: AT_MS + 1, cause: 'condition' };

const DESK = {
  name: 'desk',
  mail: ['desk@x.example'],
  language: 'en',
  severities: ['critical', 'major', 'minor', 'info'],
} as const;

function major(fingerprint: string, phase: Phase = FIRING): AlertInstance {
  return instance({ fingerprint, phase, severity: 'major' });
}

function pass(alerts: readonly AlertInstance[], more: Partial<Candidate> = {}) {
  const [group] = groupAlerts(alerts, SITE);
  if (group === undefined) throw new Error('no group');
  return passGates({ atMs: AT_MS + GROUP_WAIT_MS, receiver: DESK, group, record: undefined, ...more });
}

function told(firing: readonly string[], more: Partial<NotifyRecord> = {}): NotifyRecord {
  return { group: 'g', receiver: 'desk', firing, notifiedAtMs: AT_MS, verdicts: [], ...more };
}

const CRITICAL = instance({ fingerprint: 'c', phase: FIRING, severity: 'critical' });

describe('the gates', () => {
  it('stand in this order', () => {
    expect(GATES.map(({ name }) => name)).toEqual(['severity', 'already_sent', 'group_wait']);
  });

  it('let a new group pass once it has waited for others like it', () => {
    const early = pass([major('a')], { atMs: AT_MS + GROUP_WAIT_MS - 1 });
    expect(early).toMatchObject({ alerts: [], untilMs: AT_MS + GROUP_WAIT_MS });
    expect(early.verdicts.at(-1)).toMatchObject({
      gate: 'group_wait',
      outcome: 'held',
      reason: 'waiting_for_more',
    });
    const passed = pass([major('a'), major('b')]);
    expect(passed.alerts).toHaveLength(2);
    expect(passed.verdicts.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed']);
    expect(passed.untilMs).toBeUndefined();
  });

  it('let what is critical pass at once, also into a group that was told just now', () => {
    expect(pass([CRITICAL], { atMs: AT_MS }).alerts).toHaveLength(1);
    const second = pass([CRITICAL, { ...CRITICAL, fingerprint: 'd' }], { atMs: AT_MS, record: told(['c']) });
    expect(second.alerts).toHaveLength(2);
  });

  it('hold a group back that was told just now, until its interval is over', () => {
    const alerts = [major('a'), major('b')];
    const record = told(['a']);
    const early = pass(alerts, { record, atMs: AT_MS + GROUP_INTERVAL_MS - 1 });
    expect(early).toMatchObject({ alerts: [], untilMs: AT_MS + GROUP_INTERVAL_MS });
    expect(pass(alerts, { record, atMs: AT_MS + GROUP_INTERVAL_MS }).alerts).toHaveLength(2);
  });

  it('let the first of a group decide how long the others are waited for', () => {
    const later: Phase = { ...FIRING, firedAtMs: AT_MS + 4_000 };
    const alerts = [major('a'), major('b', later)];
    expect(pass(alerts, { atMs: AT_MS + 4_000 }).untilMs).toBe(AT_MS + GROUP_WAIT_MS);
    expect(pass([major('a')], { atMs: AT_MS }).untilMs).toBe(AT_MS + GROUP_WAIT_MS);
  });

  it('wait anew for what joins a group, whatever was told of it long ago', () => {
    const joinedAtMs = AT_MS + 10 * GROUP_INTERVAL_MS;
    const joined = major('b', { ...FIRING, firedAtMs: joinedAtMs });
    for (const earlier of [major('a'), { ...CRITICAL, fingerprint: 'a' }]) {
      const early = pass([earlier, joined], { record: told(['a']), atMs: joinedAtMs });
      expect(early).toMatchObject({ alerts: [], untilMs: joinedAtMs + GROUP_WAIT_MS });
    }
  });

  it('do not wait for an hour that was there before the clock was set back', () => {
    const alerts = [major('a'), major('b')];
    expect(pass(alerts, { atMs: AT_MS - 1 }).alerts).toHaveLength(2);
    expect(pass(alerts, { atMs: AT_MS - 1, record: told(['a']) }).alerts).toHaveLength(2);
  });

  it('tell nobody the same twice', () => {
    const held = pass([major('a'), major('b')], { record: told(['a', 'b']), atMs: AT_MS + 1e9 });
    expect(held.alerts).toEqual([]);
    expect(held.untilMs).toBeUndefined();
    expect(held.verdicts.at(-1)).toMatchObject({ gate: 'already_sent', reason: 'already_sent' });
  });

  it('let the news that all has resolved pass at once, and only to who was told', () => {
    const alerts = [major('a', RESOLVED), major('b', RESOLVED)];
    expect(pass(alerts, { record: told(['a']), atMs: AT_MS + 2 }).alerts).toHaveLength(2);
    expect(pass(alerts).verdicts.at(-1)).toMatchObject({ gate: 'already_sent', reason: 'nothing_to_tell' });
    expect(pass(alerts, { record: told([]) }).alerts).toEqual([]);
  });

  it('say nothing while a part of the group still fires', () => {
    expect(pass([major('a', RESOLVED), major('b')], { record: told(['a', 'b']) }).alerts).toEqual([]);
  });

  it('take a held alert for one that goes on', () => {
    const held: Phase = { kind: 'held', sinceMs: AT_MS, firedAtMs: AT_MS, heldSinceMs: AT_MS + 1 };
    expect(pass([major('a', held)], { record: told(['a']) }).verdicts.at(-1)?.reason).toBe('already_sent');
    expect(pass([major('a', held)]).alerts).toHaveLength(1);
  });

  it('let only the severities pass that a receiver takes', () => {
    const receiver = { ...DESK, severities: ['critical'] as const };
    const passed = pass([CRITICAL, major('a')], { receiver });
    expect(passed.alerts.map(({ fingerprint }) => fingerprint)).toEqual(['c']);
    expect(pass([major('a')], { receiver }).verdicts).toEqual([
      { gate: 'severity', outcome: 'held', reason: 'severity_not_taken', atMs: AT_MS + GROUP_WAIT_MS },
    ]);
  });

  it('keep the instant of a verdict that did not change', () => {
    const first = pass([major('a')]);
    const record = told(['a'], { verdicts: first.verdicts });
    const second = pass([major('a')], { record, atMs: AT_MS + 1e6 });
    expect(second.verdicts[0]).toEqual(first.verdicts[0]);
    expect(second.verdicts[1]).toMatchObject({ outcome: 'held', atMs: AT_MS + 1e6 });
    const third = pass([major('a')], {
      record: { ...record, verdicts: second.verdicts },
      atMs: AT_MS + 2e6,
    });
    expect(third.verdicts).toEqual(second.verdicts);
  });

  it('give a verdict a new instant when it is the same for another reason', () => {
    const first = pass([major('a')]);
    const record = told(['a'], { verdicts: first.verdicts });
    const resolved = pass([major('a', RESOLVED)], { record, atMs: AT_MS + 1e6 });
    expect(resolved.verdicts[1]).toMatchObject({ outcome: 'passed', reason: 'resolved', atMs: AT_MS + 1e6 });
  });
});

describe('a group', () => {
  const of = (fingerprint: string, alertname: string, device: string, more: Partial<AlertInstance> = {}) =>
    instance({ fingerprint, labels: { alertname, device }, phase: FIRING, ...more });

  it('holds alerts of one name in one room, gravest and oldest first, and no pending ones', () => {
    const groups = groupAlerts(
      [
        of('1', 'A', 'ups-a', { severity: 'minor' }),
        of('2', 'A', 'ups-b', { severity: 'critical' }),
        of('3', 'A', 'annex-1'),
        of('4', 'B', 'ups-a'),
        of('5', 'B', 'ups-a', { phase: { kind: 'pending', sinceMs: 1 } }),
        of('6', 'A', 'nowhere'),
        of('7', 'A', 'ups-b', { severity: 'minor', phase: { ...FIRING, firedAtMs: 1 } }),
      ],
      SITE,
    );
    const shown = groups.map(({ labels, alerts }) => [
      labels['alertname'],
      labels['room'],
      alerts.map(({ fingerprint }) => fingerprint).join(''),
    ]);
    expect(shown).toEqual([
      ['A', 'main', '271'],
      ['A', 'annex', '3'],
      ['B', 'main', '4'],
      ['A', '', '6'],
    ]);
  });
});
