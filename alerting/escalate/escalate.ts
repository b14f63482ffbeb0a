import type { EscalationStep } from '../../config/notify.ts';
import { isActive, type AlertInstance } from '../../config/model/alert.ts';
import { claimEndMs } from '../../config/model/claim.ts';
import { claimOf, type ClaimsByAlert } from '../claim/claims.ts';
import type { EscalationView as EscalationProgress } from '../../config/model/api.ts';
import { defined } from '../../config/model/defined.ts';
import type { EscalationRecord } from '../ports.ts';
import type { Seen } from '../mute/inhibit.ts';
import { levelOf } from '../../config/model/severity.ts';
import { isDangerToLife } from '../danger.ts';
import { byUrgency, firedAtMs } from '../notify/urgency.ts';
import { routesOf, type Route } from '../route/route.ts';

/** What an escalation looks at. */
export interface EscalationView {
  readonly root: Route;
  readonly policies: ReadonlyMap<string, readonly EscalationStep[]>;
  /** Those that nothing keeps from being told. */
  readonly alerts: readonly Seen[];
  /** Active ones that another explains or that are silent: their waits begin anew once they are told again. */
  readonly heldBack: readonly Seen[];
  /** Since when there is a flood: one escalation then stands for those of it that are no graver. */
  readonly floodSinceMs?: number | undefined;
  readonly claims: ClaimsByAlert;
  readonly records: ReadonlyMap<string, EscalationRecord>;
  /** Whether nobody stands behind a receiver now: its step is skipped at once. */
  readonly isEmpty: (receiver: string) => boolean;
  readonly nowMs: number;
}

/** Alerts that one receiver is to be told of now, since nobody sees to them. */
export interface EscalationCall {
  readonly policy: string;
  /** From 1; 0 is the route's own receiver, told again when a claim has ended. */
  readonly step: number;
  readonly receiver: string;
  /** Gravest first, then oldest. */
  readonly alerts: readonly Seen[];
}

export interface Escalated {
  readonly calls: readonly EscalationCall[];
  readonly changed: readonly EscalationRecord[];
  /** Fingerprints of records whose alerts are over. */
  readonly removed: readonly string[];
  /** When the next step is due. */
  readonly untilMs?: number;
}

/** Decides who is told next of the alerts that nobody sees to. A claim stops it; the end of a claim begins it anew. */
export function escalate(view: EscalationView): Escalated {
  const due: Due[] = [];
  const changed: EscalationRecord[] = [];
  const kept = new Set<string>();
  const flood = floodCalls(view);
  let untilMs = Number.POSITIVE_INFINITY;
  const keep = (record: EscalationRecord): void => {
    kept.add(record.fingerprint);
    if (record !== view.records.get(record.fingerprint)) changed.push(record);
  };
  for (const record of view.heldBack.flatMap((seen) => heldBack(seen, view) ?? [])) keep(record);
  for (const seen of view.alerts) {
    const before = resumed(view.records.get(seen.alert.fingerprint), view.nowMs);
    const course = isActive(seen.alert) ? courseOf(seen, view, before) : undefined;
    if (course === undefined) continue;
    const { record, due: steps, nextMs } = advance(course, seen, { ...view, before });
    untilMs = Math.min(untilMs, nextMs ?? untilMs);
    keep(record);
    for (const step of steps) due.push({ policy: course.policy, ...step, seen });
  }
  const calls = callsOf(due.filter((one) => !flood.isToldOf(one)));
  const removed = [...view.records.keys()].filter((fingerprint) => !kept.has(fingerprint));
  const found = { calls, changed, removed };
  return Number.isFinite(untilMs) ? { ...found, untilMs } : found;
}

/** One alert that a step is due for. */
interface Due extends Omit<EscalationCall, 'alerts'> {
  readonly seen: Seen;
}

/** One call for all that one step tells one receiver; what is a danger to life is called for by itself. */
function callsOf(due: readonly Due[]): readonly EscalationCall[] {
  const together = Map.groupBy(due, ({ policy, step, receiver, seen: { alert } }) =>
    JSON.stringify([policy, step, receiver, isDangerToLife(alert) ? alert.fingerprint : '']),
  );
  return [...together.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const { policy, step, receiver } = first;
    const alerts = own.map(({ seen }) => seen).sort((a, b) => byUrgency(a.alert, b.alert));
    return [{ policy, step, receiver, alerts }];
  });
}

/** How far the escalation of one alert has come, and who is next. */
export function progressOf(seen: Seen, view: EscalationView): EscalationProgress | undefined {
  const known = view.records.get(seen.alert.fingerprint);
  const course = isActive(seen.alert) ? courseOf(seen, view, known) : undefined;
  if (course === undefined) return undefined;
  const { policy, pausedUntilMs } = course;
  const record = recordOf(course, seen.alert, known, view.nowMs);
  const ahead = plannedSteps(course, view.isEmpty).slice(record.taken);
  const next = ahead.find(({ isVoid }) => !isVoid);
  const isStopped = pausedUntilMs !== undefined || !view.alerts.includes(seen);
  return defined({
    policy,
    told: record.told,
    next: isStopped
      ? undefined
      : next && { step: next.step, receiver: next.receiver, atMs: record.baseMs + next.afterMs },
    pausedUntilMs,
  });
}

interface Course {
  readonly policy: string;
  readonly baseMs: number;
  /** Number of the first step: 0 after a claim. */
  readonly first: number;
  readonly steps: readonly EscalationStep[];
  /** Somebody sees to it until then. */
  readonly pausedUntilMs?: number;
}

/** Nobody is called for it; what was told is kept. */
function heldBack(seen: Seen, view: EscalationView): EscalationRecord | undefined {
  if (!isActive(seen.alert) || courseOf(seen, view, undefined) === undefined) return undefined;
  const known = view.records.get(seen.alert.fingerprint);
  const firedMs = firedAtMs(seen.alert);
  if (known?.firedAtMs === firedMs) return known.isHeldBack === true ? known : { ...known, isHeldBack: true };
  const { fingerprint } = seen.alert;
  return { fingerprint, firedAtMs: firedMs, baseMs: firedMs, taken: 0, told: [], isHeldBack: true };
}

/** An alert that is told again: whoever should see to it hears of it only now. */
function resumed(known: EscalationRecord | undefined, nowMs: number): EscalationRecord | undefined {
  if (known?.isHeldBack !== true) return known;
  const { isHeldBack: _held, ...record } = known;
  return { ...record, baseMs: nowMs, taken: 0, resumedAtMs: nowMs };
}

/** In a flood a receiver that was called for an alert of it is not called for another that is no graver. */
function floodCalls({ floodSinceMs, records, alerts }: EscalationView) {
  const gravest = new Map<string, number>();
  const isOf = ({ alert }: Seen): boolean =>
    floodSinceMs !== undefined && !isDangerToLife(alert) && firedAtMs(alert) >= floodSinceMs;
  const take = (key: string, level: number): void =>
    void gravest.set(key, Math.min(level, gravest.get(key) ?? level));
  for (const seen of alerts.filter(isOf))
    for (const { step, receiver } of records.get(seen.alert.fingerprint)?.told ?? [])
      take(`${step}\n${receiver}`, levelOf(seen.alert.severity));
  return {
    /** Whether it was called in a turn before. */
    isToldOf({ step, receiver, seen }: Due): boolean {
      // Those of one turn go into one call.
      const level = gravest.get(`${step}\n${receiver}`) ?? Number.POSITIVE_INFINITY;
      return isOf(seen) && level <= levelOf(seen.alert.severity);
    },
  };
}

function courseOf(
  { alert, labels }: Seen,
  { root, policies, claims, nowMs }: EscalationView,
  record: EscalationRecord | undefined,
): Course | undefined {
  const route = routesOf(root, labels).find(({ escalation }) => escalation !== undefined);
  const policy = route?.escalation ?? '';
  const steps = policies.get(policy);
  if (route === undefined || steps === undefined) return undefined;
  const own = { afterMs: 0, receiver: route.receiver };
  const inForce = claimOf(claims, alert.fingerprint, nowMs);
  if (inForce !== undefined)
    return { policy, baseMs: firedAtMs(alert), first: 1, steps, pausedUntilMs: claimEndMs(inForce) };
  const last = claims.get(alert.fingerprint);
  const endedMs = last === undefined ? Number.NEGATIVE_INFINITY : claimEndMs(last);
  const toldMs = toldSinceMs(alert, record);
  return endedMs > toldMs
    ? { policy, baseMs: endedMs, first: 0, steps: [own, ...steps] }
    : { policy, baseMs: toldMs, first: 1, steps };
}

/** Since when nothing keeps it from being told. */
function toldSinceMs(alert: AlertInstance, record: EscalationRecord | undefined): number {
  const firedMs = firedAtMs(alert);
  return record?.firedAtMs === firedMs ? Math.max(firedMs, record.resumedAtMs ?? 0) : firedMs;
}

interface Advanced {
  readonly record: EscalationRecord;
  readonly due: readonly { readonly step: number; readonly receiver: string }[];
  readonly nextMs?: number;
}

function advance(
  course: Course,
  { alert }: Seen,
  { before, isEmpty, nowMs }: EscalationView & { readonly before: EscalationRecord | undefined },
): Advanced {
  const record = recordOf(course, alert, before, nowMs);
  if (course.pausedUntilMs !== undefined) return { record, due: [], nextMs: course.pausedUntilMs };
  const due: { step: number; receiver: string }[] = [];
  for (const { step, receiver, afterMs, isVoid } of plannedSteps(course, isEmpty).slice(record.taken)) {
    const dueMs = record.baseMs + afterMs;
    if (dueMs > nowMs) return { record: taken(record, due, step - course.first, nowMs), due, nextMs: dueMs };
    if (!isVoid) due.push({ step, receiver });
  }
  return { record: taken(record, due, course.steps.length, nowMs), due };
}

/** How far it had come in this episode and since the last claim; from the start where that is another. */
function recordOf(
  { baseMs, pausedUntilMs }: Course,
  alert: AlertInstance,
  known: EscalationRecord | undefined,
  nowMs: number,
): EscalationRecord {
  const firedMs = firedAtMs(alert);
  // A beginning that is still to come is from before the clock was set back: the waits count from now then.
  const startMs = baseMs <= nowMs ? baseMs : Math.min(known?.baseMs ?? nowMs, nowMs);
  const isSame = known?.firedAtMs === firedMs && (pausedUntilMs !== undefined || known.baseMs === startMs);
  return isSame
    ? known
    : { fingerprint: alert.fingerprint, firedAtMs: firedMs, baseMs: startMs, taken: 0, told: [] };
}

interface PlannedStep extends EscalationStep {
  readonly step: number;
  /** Nobody stands there: it is skipped at once, and its wait is saved for all that follow. */
  readonly isVoid: boolean;
}

function plannedSteps(
  { steps, first }: Course,
  isEmpty: (receiver: string) => boolean,
): readonly PlannedStep[] {
  let savedMs = 0;
  return steps.map(({ afterMs, receiver }, index) => {
    const planned = { step: index + first, receiver, afterMs: afterMs - savedMs, isVoid: isEmpty(receiver) };
    if (planned.isVoid) savedMs += (steps[index + 1]?.afterMs ?? afterMs) - afterMs;
    return planned;
  });
}

function taken(
  record: EscalationRecord,
  due: readonly { readonly step: number; readonly receiver: string }[],
  count: number,
  atMs: number,
): EscalationRecord {
  if (count === record.taken) return record;
  return { ...record, taken: count, told: [...record.told, ...due.map((call) => ({ ...call, atMs }))] };
}
