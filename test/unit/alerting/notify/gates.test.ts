import { describe, expect, it } from 'vitest';
import { GATES, passGates, type Candidate, type Mutes } from '../../../../alerting/notify/gates.ts';
import { silencerOf } from '../../../../alerting/mute/silences.ts';
import type { NotifyRecord } from '../../../../alerting/ports.ts';
import type { AlertInstance, Phase } from '../../../../config/model/alert.ts';
import type { Silence } from '../../../../config/model/silence.ts';
import { SEVERITIES } from '../../../../config/model/severity.ts';
import { instance } from '../../../support/alerts.ts';
import { groupOf, NO_MUTES, notifyOf } from '../../../support/notify.ts';

const AT_MS = Date.UTC(2026, 10, 27, 4, 0, 0);
const FIRING: Phase = { kind: 'firing', sinceMs: AT_MS, firedAtMs: AT_MS };
const RESOLVED: Phase = { kind: 'resolved', firedAtMs: AT_MS, resolvedAtMs: AT_MS + 1, cause: 'condition' };
const REPEAT_MS = 4 * 3_600_000;

const major = (fingerprint: string, phase: Phase = FIRING): AlertInstance =>
  instance({ fingerprint, phase, severity: 'major' });
const SMOKE = instance({ fingerprint: 's', phase: FIRING, annotations: { danger: 'life' } });

type More = Partial<Omit<Candidate, 'mutes'>> & {
  readonly mutes?: Partial<Mutes>;
  readonly gone?: readonly string[];
  readonly yaml?: string;
};

function pass(alerts: readonly AlertInstance[], { mutes = {}, gone, yaml, ...more }: More = {}) {
  return passGates({
    atMs: AT_MS,
    receiver: { severities: SEVERITIES },
    way: { kind: 'webhook', sendResolved: 'each' },
    group: groupOf(alerts, {
      ...(gone === undefined ? {} : { gone }),
      ...(yaml === undefined ? {} : { yaml }),
    }),
    record: undefined,
    mutes: { ...NO_MUTES, ...mutes },
    ...more,
  });
}

const told = (firing: readonly string[], more: Partial<NotifyRecord> = {}): NotifyRecord => ({
  group: 'g',
  receiver: 'desk',
  way: 'mail[0]',
  firing,
  resolved: [],
  notifiedAtMs: AT_MS,
  verdicts: [],
  ...more,
});

const names = ({ alerts }: ReturnType<typeof pass>): readonly string[] =>
  alerts.map(({ alert }) => alert.fingerprint);

describe('the gates', () => {
  it('stand in this order', () => {
    expect(GATES.map(({ name }) => name)).toEqual([
      'severity',
      'maintenance',
      'inhibition',
      'hours',
      'silence',
      'already_sent',
      'digest',
    ]);
  });

  it('let what is new pass, each of them saying why', () => {
    const passed = pass([major('a')]);
    expect(names(passed)).toEqual(['a']);
    expect(passed.verdicts.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual([
      'passed severity_taken',
      'passed no_maintenance',
      'passed not_inhibited',
      'passed within_hours',
      'passed not_silenced',
      'passed new',
    ]);
  });

  it('let only the severities pass that a receiver takes', () => {
    const passed = pass([SMOKE, major('a')], { receiver: { severities: ['critical'] } });
    expect(names(passed)).toEqual(['s']);
    expect(passed.verdicts[0]?.held).toEqual([{ fingerprint: 'a', reason: 'severity_not_taken' }]);
    const none = pass([major('a')], { receiver: { severities: ['critical'] } });
    expect(none.verdicts).toMatchObject([
      { gate: 'severity', outcome: 'held', reason: 'severity_not_taken' },
    ]);
  });

  it('tell nobody the same twice, until it must be said again', () => {
    const sent = (atMs: number) => pass([major('a')], { atMs, record: told(['a']) });
    expect(sent(AT_MS + REPEAT_MS).verdicts.at(-1)).toMatchObject({
      outcome: 'held',
      reason: 'already_sent',
    });
    expect(sent(AT_MS + REPEAT_MS + 1).verdicts.at(-1)).toMatchObject({
      outcome: 'passed',
      reason: 'repeated',
    });
  });

  it('do not repeat what somebody sees to, but tell him what is new', () => {
    const mutes = { isAcknowledged: ({ fingerprint }: AlertInstance) => fingerprint === 'a' };
    const late = { atMs: AT_MS + REPEAT_MS + 1, record: told(['a']), mutes };
    expect(pass([major('a')], late).verdicts.at(-1)).toMatchObject({
      outcome: 'held',
      reason: 'acknowledged',
    });
    expect(names(pass([major('a'), major('b')], late))).toEqual(['a', 'b']);
  });

  it('repeat at once what was told at an instant that is still to come: the clock was set back', () => {
    expect(names(pass([major('a')], { record: told(['a'], { notifiedAtMs: AT_MS + 9e9 }) }))).toEqual(['a']);
  });

  it('take a held alert for one that goes on', () => {
    const held: Phase = { kind: 'held', sinceMs: AT_MS, firedAtMs: AT_MS, heldSinceMs: AT_MS + 1 };
    expect(pass([major('a', held)], { record: told(['a']) }).verdicts.at(-1)?.reason).toBe('already_sent');
    expect(names(pass([major('a', held)]))).toEqual(['a']);
  });

  it('keep the instant of a verdict that did not change, and give a new one to the same for another reason', () => {
    const first = pass([major('a')]);
    const second = pass([major('a')], { record: told(['a'], { verdicts: first.verdicts }), atMs: AT_MS + 5 });
    expect(second.verdicts[0]).toEqual(first.verdicts[0]);
    expect(second.verdicts.at(-1)).toMatchObject({ reason: 'already_sent', atMs: AT_MS + 5 });
    const third = pass([major('a')], { record: told(['a'], { verdicts: second.verdicts }), atMs: AT_MS + 9 });
    expect(third.verdicts).toEqual(second.verdicts);
  });
});

describe('the end of alerts', () => {
  const two = [major('a', RESOLVED), major('b')];

  it('is told one by one to a way that hears of each, and only once', () => {
    expect(names(pass(two, { record: told(['a', 'b']) }))).toEqual(['b', 'a']);
    expect(names(pass(two, { record: told(['b'], { resolved: ['a'] }) }))).toEqual([]);
    expect(names(pass(two, { record: told(['a', 'b']), gone: ['a'] }))).toEqual([]);
  });

  it('is told when all have ended to a way that hears of all: then of every one', () => {
    const way = { kind: 'webhook' as const, sendResolved: 'all' as const };
    expect(names(pass(two, { way, record: told(['a', 'b']) }))).toEqual([]);
    const all = [major('a', RESOLVED), major('b', RESOLVED)];
    expect(names(pass(all, { way, record: told(['b']), gone: ['a'] }))).toEqual(['a', 'b']);
  });

  it('is never told to a way that does not hear of ends, nor to who was not told of the beginning', () => {
    const over = [major('a', RESOLVED)];
    const never = { kind: 'webhook' as const, sendResolved: 'never' as const };
    expect(pass(over, { way: never, record: told(['a']) }).verdicts.at(-1)?.reason).toBe('nothing_to_tell');
    expect(pass(over).verdicts.at(-1)?.reason).toBe('nothing_to_tell');
    expect(names(pass(two, { way: never }))).toEqual(['b']);
  });
});

describe('what keeps alerts from being told', () => {
  const silence = (more: Partial<Silence> = {}): Silence => ({
    id: 'q',
    kind: 'silence',
    matchers: [{ name: 'alertname', op: '=', value: 'UpsOnBattery' }],
    startsAtMs: AT_MS - 1,
    endsAtMs: AT_MS + 60_000,
    owner: 'li',
    reason: 'battery test',
    ...more,
  });

  it('is a silence: it says whose and until when, and is over at its end', () => {
    const silenced = (atMs: number) =>
      pass([major('a')], { atMs, mutes: { silenced: silencerOf([silence()], 'silence', atMs) } });
    expect(silenced(AT_MS).verdicts.at(-1)).toMatchObject({
      gate: 'silence',
      held: [{ fingerprint: 'a', reason: 'silenced', by: 'li', silence: 'q', untilMs: AT_MS + 60_000 }],
    });
    expect(names(silenced(AT_MS - 2))).toEqual(['a']);
    expect(names(silenced(AT_MS + 60_000))).toEqual(['a']);
  });

  it('is maintenance, before all others', () => {
    const maintained = silencerOf([silence({ kind: 'maintenance' })], 'maintenance', AT_MS);
    const inhibited = () => SMOKE;
    const passed = pass([major('a')], { mutes: { maintained, inhibited } });
    expect(passed.verdicts.at(-1)).toMatchObject({ gate: 'maintenance', reason: 'maintenance' });
  });

  it('is another alert that explains it', () => {
    const root = instance({ fingerprint: 'r', labels: { alertname: 'JobDown' } });
    const passed = pass([major('a')], { mutes: { inhibited: () => root } });
    expect(passed.verdicts.at(-1)?.held).toEqual([
      { fingerprint: 'a', reason: 'inhibited', by: 'JobDown', root: 'r' },
    ]);
  });

  const HOURS = `
receivers: [{ name: desk }]
route: { receiver: desk, routes: [{ active_time_intervals: [day] }, { mute_time_intervals: [day] }] }
time_intervals:
  - { name: day, time_intervals: [{ times: [{ start_time: "08:00", end_time: "18:00" }] }] }`;

  it('are hours, by the clock of their zone', () => {
    const { hours } = notifyOf(HOURS);
    const route = (place: number) => {
      const group = groupOf([major('a'), SMOKE], { yaml: HOURS });
      return { ...group, route: { ...group.route, ...group.route.routes[place] } };
    };
    const at = (hour: number, place: number) =>
      pass([], { group: route(place), mutes: { hours }, atMs: Date.UTC(2026, 10, 27, hour - 8) });
    expect(names(at(8, 0))).toEqual(['a', 's']);
    expect(at(18, 0).verdicts.find(({ gate }) => gate === 'hours')?.held).toEqual([
      { fingerprint: 'a', reason: 'outside_hours', by: 'day' },
    ]);
    expect(names(at(18, 1))).toEqual(['a', 's']);
    expect(names(at(17, 1))).toEqual(['s']);
  });

  it('is nothing of all that for what is a danger to life, but a silence that two people have agreed to', () => {
    const by = (more: Partial<Silence>) => silencerOf([silence(more)], 'silence', AT_MS);
    const passed = (silenced: Mutes['silenced']) =>
      names(pass([SMOKE], { mutes: { inhibited: () => major('r'), silenced } }));
    expect(passed(by({}))).toEqual(['s']);
    expect(passed(by({ approvedBy: 'li' }))).toEqual(['s']);
    expect(passed(by({ approvedBy: 'wang' }))).toEqual([]);
  });

  it('is no silence of a danger to life any more once the shift has ended, or twelve hours where none is planned', () => {
    const HOUR = 3_600_000;
    const passedAfter = (hours: number, more: Partial<Silence> = {}) => {
      const agreed = silence({ approvedBy: 'wang', startsAtMs: AT_MS, endsAtMs: AT_MS + 48 * HOUR, ...more });
      return names(
        pass([SMOKE], { mutes: { silenced: silencerOf([agreed], 'silence', AT_MS + hours * HOUR) } }),
      );
    };
    expect(passedAfter(11.9)).toEqual([]);
    expect(passedAfter(12)).toEqual(['s']);
    expect(passedAfter(1.9, { shiftEndsAtMs: AT_MS + 2 * HOUR })).toEqual([]);
    expect(passedAfter(2, { shiftEndsAtMs: AT_MS + 2 * HOUR })).toEqual(['s']);
    expect(passedAfter(23, { shiftEndsAtMs: AT_MS + 24 * HOUR })).toEqual([]);
  });
});
