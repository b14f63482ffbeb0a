import type { EscalationStep } from '../../config/notify.ts';
import { isActive, type AlertInstance } from '../../config/model/alert.ts';
import { claimEndMs } from '../../config/model/claim.ts';
import { claimOf, type ClaimsByAlert } from '../claim/claims.ts';
import type { EscalationView as EscalationProgress } from '../../config/model/api.ts';
import { defined } from '../../config/model/defined.ts';
import type { EscalationRecord } from '../ports.ts';
import type { Seen } from '../mute/inhibit.ts';
import { firedAtMs } from '../notify/groups.ts';
import { routesOf, type Route } from '../route/route.ts';

/** What an escalation looks at. */
export interface EscalationView {
  readonly root: Route;
  readonly policies: ReadonlyMap<string, readonly EscalationStep[]>;
  /** Those that nothing keeps from being told. */
  readonly alerts: readonly Seen[];
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
  const calls = new Map<string, EscalationCall & { readonly alerts: Seen[] }>();
  const changed: EscalationRecord[] = [];
  const kept = new Set<string>();
  let untilMs = Number.POSITIVE_INFINITY;
  for (const seen of view.alerts) {
    const course = isActive(seen.alert) ? courseOf(seen, view) : undefined;
    if (course === undefined) continue;
    kept.add(seen.alert.fingerprint);
    const before = view.records.get(seen.alert.fingerprint);
    const { record, due, nextMs } = advance(course, seen, view);
    untilMs = Math.min(untilMs, nextMs ?? untilMs);
    if (record !== before) changed.push(record);
    for (const { step, receiver } of due) {
      const key = `${course.policy}\n${step}\n${receiver}`;
      const call = calls.get(key) ?? { policy: course.policy, step, receiver, alerts: [] };
      call.alerts.push(seen);
      calls.set(key, call);
    }
  }
  const removed = [...view.records.keys()].filter((fingerprint) => !kept.has(fingerprint));
  const found = { calls: [...calls.values()], changed, removed };
  return Number.isFinite(untilMs) ? { ...found, untilMs } : found;
}

/** How far the escalation of one alert has come, and who is next. */
export function progressOf(seen: Seen, view: EscalationView): EscalationProgress | undefined {
  const course = isActive(seen.alert) ? courseOf(seen, view) : undefined;
  if (course === undefined) return undefined;
  const { policy, pausedUntilMs } = course;
  const record = recordOf(course, seen.alert, view.records.get(seen.alert.fingerprint), view.nowMs);
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

function courseOf(
  { alert, labels }: Seen,
  { root, policies, claims, nowMs }: EscalationView,
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
  return endedMs > firedAtMs(alert)
    ? { policy, baseMs: endedMs, first: 0, steps: [own, ...steps] }
    : { policy, baseMs: firedAtMs(alert), first: 1, steps };
}

interface Advanced {
  readonly record: EscalationRecord;
  readonly due: readonly { readonly step: number; readonly receiver: string }[];
  readonly nextMs?: number;
}

function advance(course: Course, { alert }: Seen, { records, isEmpty, nowMs }: EscalationView): Advanced {
  const record = recordOf(course, alert, records.get(alert.fingerprint), nowMs);
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
