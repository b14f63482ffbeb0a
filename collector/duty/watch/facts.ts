import { arrivalAt, type Arrival, type DutyRecord } from '../../../config/model/attendance.ts';
import { isActive } from '../../../config/model/alert.ts';
import type { AlertView } from '../../../config/model/api.ts';
import type { Labels } from '../../../config/model/labels.ts';
import { responsibleAt } from '../../../config/model/ledger.ts';
import type { Shift } from '../../../config/model/shift.ts';
import type { CallDue, DueView } from '../../../config/model/watch-api.ts';
import { WATCH_POSTS } from '../../../config/model/watch.ts';
import type { WatchNow } from './desk.ts';

/** The state of people's work as a sample. */
export interface DutyFact {
  readonly metric: string;
  readonly labels: Labels;
  readonly value: number;
}

/** What the facts are made of beside the watch itself. */
export interface FactsMoment {
  readonly atMs: number;
  readonly clockBehindMs: number;
  readonly active: readonly AlertView[];
  /** Those of the call tree who are to be tried. */
  readonly callsDue: readonly CallDue[];
}

/** Alerts about people's work: they are not themselves work that waits. */
export function isDutyAlert({ labels }: Pick<AlertView, 'labels'>): boolean {
  return labels['subject'] === 'duty';
}

/** Whether anybody ever kept a watch here: before that nobody is missing. */
export function isKept({ lines }: Pick<WatchNow, 'lines'>): boolean {
  return lines.length > 0;
}

/** Whether people are planned and nobody has ever signed: the watch waits to be taken into use. */
function isNotTaken(now: Pick<WatchNow, 'lines' | 'shifts'>): boolean {
  return !isKept(now) && now.shifts.some(({ posts }) => posts.operator.length > 0);
}

/** How the operators of a shift stand: there are those who checked in or have signed. */
export function arrivalsOf(now: WatchNow, shift: Shift, atMs: number): Readonly<Record<string, Arrival>> {
  const signed = responsibleAt(now.lines, 'operator', atMs);
  return Object.fromEntries(
    shift.posts.operator.map((person) => {
      const isThere =
        (signed.kind === 'person' && signed.person === person) ||
        now.checkIns.some((entry) => entry.shift === shift.id && entry.person === person);
      return [person, arrivalAt(shift, isThere, atMs)];
    }),
  );
}

/** The next planned shift. */
export function nextShift({ shifts }: Pick<WatchNow, 'shifts'>, atMs: number): Shift | undefined {
  return shifts.find(({ startsAtMs }) => startsAtMs > atMs);
}

/** Whether the planned shift has begun and none of its people has signed: since when the handover is due. */
export function handoverDueMs({ lines, shift }: WatchNow, atMs: number): number | undefined {
  if (shift === undefined || shift.posts.operator.length === 0) return undefined;
  const signed = responsibleAt(lines, 'operator', atMs);
  const isDone = signed.kind === 'person' && shift.posts.operator.includes(signed.person);
  return isDone ? undefined : shift.startsAtMs;
}

/** What presses at an instant, the longest due first. */
export function dueAt(
  now: WatchNow,
  moment: Pick<FactsMoment, 'atMs' | 'clockBehindMs'>,
): readonly DueView[] {
  const { atMs, clockBehindMs } = moment;
  const due = [
    ...(clockBehindMs > 0 ? [{ code: 'clock_behind' as const, dueAtMs: atMs }] : []),
    ...coverDue(now, atMs),
    ...[now.shift, nextShift(now, atMs)].flatMap((shift) =>
      shift === undefined ? [] : arrivalsDue(now, shift, atMs),
    ),
    ...now.records.flatMap(recordDue),
  ];
  return due.sort((a, b) => a.dueAtMs - b.dueAtMs);
}

function firstPlannedMs({ shift, shifts }: WatchNow): number | undefined {
  return (shift ?? shifts.find(({ posts }) => posts.operator.length > 0))?.startsAtMs;
}

/** Nobody there, or the wrong one by the plan. */
function coverDue(now: WatchNow, atMs: number): readonly DueView[] {
  if (isNotTaken(now)) return [{ code: 'not_taken', dueAtMs: firstPlannedMs(now) ?? atMs }];
  const signed = responsibleAt(now.lines, 'operator', atMs);
  if (signed.kind === 'person') {
    const dueAtMs = handoverDueMs(now, atMs);
    return dueAtMs === undefined ? [] : [{ code: 'handover_due', dueAtMs }];
  }
  if (!isKept(now)) return [];
  return [{ code: 'uncovered', dueAtMs: signed.sinceMs ?? now.shift?.startsAtMs ?? now.lastMs }];
}

function arrivalsDue(now: WatchNow, shift: Shift, atMs: number): readonly DueView[] {
  // Before the first watch nobody waits for anybody.
  if (!isKept(now)) return [];
  const arrivals = arrivalsOf(now, shift, atMs);
  // One who is there is enough; who else is planned is no gap.
  if (Object.values(arrivals).some(({ kind }) => kind === 'there')) return [];
  return Object.entries(arrivals).flatMap(([person, arrival]): DueView[] => {
    if (arrival.kind === 'late') {
      return [{ code: 'incoming_late', person, dueAtMs: atMs - arrival.lateMs }];
    }
    return arrival.kind === 'absent' ? [{ code: 'incoming_absent', person, dueAtMs: shift.startsAtMs }] : [];
  });
}

/** Until when something of a record is to be done; nothing for those that wait for nobody. */
function recordDue(record: DutyRecord): readonly DueView[] {
  if (record.kind === 'probe') return [{ code: 'probe', person: record.person, dueAtMs: record.dueAtMs }];
  if (record.kind === 'away') return [{ code: 'away', person: record.person, dueAtMs: record.untilMs }];
  if (record.kind === 'leave' && record.state.kind === 'approved') {
    return [{ code: 'stand_in', person: record.standIn, dueAtMs: record.state.atMs }];
  }
  if (record.kind === 'open_item' && record.dueAtMs !== undefined) {
    return [{ code: 'confirm', person: record.owner, dueAtMs: record.dueAtMs }];
  }
  return [];
}

const OVERDUE: Readonly<Partial<Record<DueView['code'], string>>> = {
  handover_due: 'watchkeeper_handover_overdue_seconds',
  incoming_late: 'watchkeeper_incoming_late_seconds',
  incoming_absent: 'watchkeeper_incoming_absent_seconds',
  probe: 'watchkeeper_probe_overdue_seconds',
  stand_in: 'watchkeeper_stand_in_missing_seconds',
  confirm: 'watchkeeper_leader_word_overdue_seconds',
  away: 'watchkeeper_away_overdue_seconds',
};

/** Every metric that the facts have. */
export const DUTY_METRICS: readonly string[] = [
  ...Object.values(OVERDUE),
  'watchkeeper_watch_people',
  'watchkeeper_watch_not_taken',
  'watchkeeper_watch_clock_behind_seconds',
  'watchkeeper_calls_due',
  'watchkeeper_alert_unacknowledged_seconds',
];

/** The facts of one instant. What is not overdue is 0, so that its alert ends; posts that nobody needs are left out. */
export function dutyFacts(now: WatchNow, moment: FactsMoment): readonly DutyFact[] {
  const { atMs, clockBehindMs, active, callsDue } = moment;
  const due = dueAt(now, moment);
  const overdue = Object.entries(OVERDUE).map(([code, metric]): DutyFact => {
    const waits = due.filter((one) => one.code === code).map(({ dueAtMs }) => (atMs - dueAtMs) / 1_000);
    return { metric, labels: {}, value: Math.max(0, ...waits) };
  });
  return [
    ...coverFacts(now, atMs),
    ...overdue,
    { metric: 'watchkeeper_watch_not_taken', labels: {}, value: isNotTaken(now) ? 1 : 0 },
    { metric: 'watchkeeper_watch_clock_behind_seconds', labels: {}, value: clockBehindMs / 1_000 },
    { metric: 'watchkeeper_calls_due', labels: {}, value: callsDue.length },
    ...waitingFacts(active, atMs),
  ];
}

function coverFacts(now: WatchNow, atMs: number): readonly DutyFact[] {
  return WATCH_POSTS.flatMap((post): DutyFact[] => {
    const isPlanned = (now.shift?.posts[post].length ?? 0) > 0;
    const isNeeded = isKept(now) && (post === 'operator' || isPlanned);
    const isHeld = responsibleAt(now.lines, post, atMs).kind === 'person';
    if (!isNeeded && !isHeld) return [];
    return [{ metric: 'watchkeeper_watch_people', labels: { post }, value: isHeld ? 1 : 0 }];
  });
}

/** For each level the longest that an alert waits for somebody to see to it. */
function waitingFacts(active: readonly AlertView[], atMs: number): readonly DutyFact[] {
  const longest = new Map<string, number>();
  for (const alert of active) {
    if (!isActive(alert) || isDutyAlert(alert)) continue;
    const { phase, severity, claim, muted } = alert;
    const firedAtMs = 'firedAtMs' in phase ? phase.firedAtMs : atMs;
    const isWaiting = claim === undefined && muted === undefined;
    const waits = isWaiting ? Math.max(0, (atMs - firedAtMs) / 1_000) : 0;
    longest.set(severity, Math.max(longest.get(severity) ?? 0, waits));
  }
  return (['critical', 'major'] as const).map((severity) => ({
    metric: 'watchkeeper_alert_unacknowledged_seconds',
    labels: { level: severity },
    value: longest.get(severity) ?? 0,
  }));
}
