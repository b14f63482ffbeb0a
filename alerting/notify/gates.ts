import type { Receiver } from '../../config/notify.ts';
import type { Way } from '../../config/ways.ts';
import { isActive, type AlertInstance } from '../../config/model/alert.ts';
import { defined } from '../../config/model/defined.ts';
import type { Hours } from '../../config/model/hours.ts';
import type { Silence } from '../../config/model/silence.ts';
import { isDangerToLife } from '../danger.ts';
import { isWithin } from '../mute/hours.ts';
import type { Inhibitor, Seen } from '../mute/inhibit.ts';
import type { Silencer } from '../mute/silences.ts';
import type { GateVerdict, HeldAlert, NotifyRecord } from '../ports.ts';
import { isPersonal } from './digest.ts';
import type { NotifyGroup } from './groups.ts';
import { firedAtMs } from './urgency.ts';

/** A group on one of its ways to a receiver. */
export interface Candidate {
  readonly atMs: number;
  readonly receiver: Pick<Receiver, 'severities'>;
  readonly way: Pick<Way, 'sendResolved' | 'kind'>;
  readonly group: NotifyGroup;
  /** Those of the group that the gates before let pass. */
  readonly alerts: readonly Seen[];
  /** What the way was told before. */
  readonly record: NotifyRecord | undefined;
  readonly mutes: Mutes;
  /** In a flood people are told together: what is for them waits until then. */
  readonly digestUntilMs?: number | undefined;
}

/** What may keep alerts from being told of, made ready for one instant. */
export interface Mutes {
  readonly inhibited: Inhibitor;
  readonly maintained: Silencer;
  readonly silenced: Silencer;
  readonly hours: ReadonlyMap<string, readonly Hours[]>;
  /** Whether somebody has said that he sees to it: it is not told again then. */
  readonly isAcknowledged: (alert: AlertInstance) => boolean;
}

/** What a gate lets pass, why, and what it holds back. */
interface Judgement {
  readonly reason: GateReason;
  readonly passed: readonly Seen[];
  readonly held: readonly HeldAlert[];
}

/** Why a gate said what it said; texts for people are made where they are shown. */
export type GateReason =
  | 'severity_taken'
  | 'severity_not_taken'
  | 'no_maintenance'
  | 'maintenance'
  | 'not_inhibited'
  | 'inhibited'
  | 'within_hours'
  | 'outside_hours'
  | 'not_silenced'
  | 'silenced'
  | 'new'
  | 'resolved'
  | 'repeated'
  | 'already_sent'
  | 'acknowledged'
  | 'nothing_to_tell'
  | 'danger_to_life'
  | 'digested';

/** Name of the gate that holds back what is told together with others. */
export const DIGEST_GATE = 'digest';

export interface Gate {
  readonly name: string;
  /** Absent: always. A gate that has nothing to say leaves no word. */
  readonly stands?: (candidate: Omit<Candidate, 'alerts'>) => boolean;
  judge(candidate: Candidate): Judgement;
}

/** A receiver takes the severities that its settings name. */
const severity: Gate = {
  name: 'severity',
  judge: ({ receiver, alerts }) =>
    sorted(alerts, 'severity_taken', ({ alert }) =>
      receiver.severities.includes(alert.severity) ? undefined : { reason: 'severity_not_taken' },
    ),
};

const maintenance: Gate = {
  name: 'maintenance',
  judge: ({ alerts, mutes }) =>
    sorted(alerts, 'no_maintenance', (seen) => silencedBy(mutes.maintained(seen), 'maintenance')),
};

const inhibition: Gate = {
  name: 'inhibition',
  judge: ({ alerts, mutes }) =>
    sorted(alerts, 'not_inhibited', (seen) => {
      const root = isDangerToLife(seen.alert) ? undefined : mutes.inhibited(seen);
      return root && { reason: 'inhibited', by: root.labels['alertname'] ?? '', root: root.fingerprint };
    }),
};

/** The route's hours; what is a danger to life knows none. */
const hours: Gate = {
  name: 'hours',
  judge({ alerts, group: { route }, mutes, atMs }) {
    const named = (names: readonly string[]): string | undefined =>
      names.find((name) => isWithin(mutes.hours.get(name) ?? [], atMs));
    const muted = named(route.muteHours);
    const isOutside = route.activeHours.length > 0 && named(route.activeHours) === undefined;
    if (muted === undefined && !isOutside) return { reason: 'within_hours', passed: alerts, held: [] };
    return sorted(alerts, 'within_hours', ({ alert }) =>
      isDangerToLife(alert)
        ? undefined
        : { reason: 'outside_hours', by: muted ?? route.activeHours.join(', ') },
    );
  },
};

const silence: Gate = {
  name: 'silence',
  judge: ({ alerts, mutes }) =>
    sorted(alerts, 'not_silenced', (seen) => silencedBy(mutes.silenced(seen), 'silenced')),
};

/** Nobody is told the same twice, but for what goes on so long that it must be said again. */
const alreadySent: Gate = {
  name: 'already_sent',
  judge(candidate) {
    const { alerts, way, group } = candidate;
    const firing = alerts.filter(({ alert }) => isActive(alert));
    // A way that hears of each end has heard of these; one that hears of the end of all is told of all.
    const resolved = alerts.filter(
      ({ alert }) => !isActive(alert) && (way.sendResolved === 'all' || !group.gone.has(alert.fingerprint)),
    );
    const reason = newsOf(candidate, firing, resolved);
    if (reason !== 'new' && reason !== 'resolved' && reason !== 'repeated')
      return {
        reason,
        passed: [],
        held: alerts.map(({ alert }) => ({ fingerprint: alert.fingerprint, reason })),
      };
    const told =
      way.sendResolved === 'each' ? [...firing, ...resolved] : firing.length > 0 ? firing : resolved;
    return { reason, passed: told, held: [] };
  },
};

/**
 * What there is to tell, as Alertmanager decides it (`notify.DedupStage.needsUpdate`); but what is urgent and fires anew
 * is news, though nobody was told of its end.
 */
function newsOf(candidate: Candidate, firing: readonly Seen[], resolved: readonly Seen[]): GateReason {
  const { record, way, mutes, group } = candidate;
  const isNew = (seen: Seen): boolean =>
    !isKnown(record?.firing, seen) || group.again.has(seen.alert.fingerprint) || hasComeBack(record, seen);
  if (firing.some(isNew)) return 'new';
  if (firing.length === 0) return hasEndToTell(candidate, resolved) ? 'resolved' : 'nothing_to_tell';
  if (way.sendResolved === 'each' && !resolved.every((seen) => isKnown(record?.resolved, seen)))
    return 'resolved';
  if (firing.every(({ alert }) => mutes.isAcknowledged(alert))) return 'acknowledged';
  return isRepeatDue(candidate) ? 'repeated' : 'already_sent';
}

function isKnown(told: readonly string[] | undefined, { alert }: Seen): boolean {
  return told?.includes(alert.fingerprint) === true;
}

/** It fires anew while something waits to be told together with others: its end, or that it does. */
function hasComeBack(record: NotifyRecord | undefined, { alert }: Seen): boolean {
  const isWaiting = record?.verdicts.some(({ gate, outcome }) => gate === DIGEST_GATE && outcome === 'held');
  return isWaiting === true && firedAtMs(alert) > (record?.notifiedAtMs ?? Number.POSITIVE_INFINITY);
}

function hasEndToTell({ record, way }: Candidate, resolved: readonly Seen[]): boolean {
  return way.sendResolved !== 'never' && resolved.length > 0 && (record?.firing.length ?? 0) > 0;
}

function isRepeatDue({ atMs, record, group }: Candidate): boolean {
  const lastMs = record?.notifiedAtMs ?? atMs;
  // An instant that is still to come was taken before the clock was set back.
  return lastMs > atMs || atMs - lastMs > group.route.repeatIntervalMs;
}

/** In a flood a person gets one message for all, not one for each; what is a danger to life waits for no other. */
const digest: Gate = {
  name: DIGEST_GATE,
  stands: ({ way, digestUntilMs }) => digestUntilMs !== undefined && isPersonal(way),
  judge({ alerts, digestUntilMs }) {
    if (alerts.some(({ alert }) => isDangerToLife(alert)))
      return { reason: 'danger_to_life', passed: alerts, held: [] };
    return sorted(alerts, 'digested', () => defined({ reason: 'digested', untilMs: digestUntilMs }));
  },
};

/** The way from an alert to a message, in its order: each gate sees what the one before it let pass. */
export const GATES: readonly Gate[] = [
  severity,
  maintenance,
  inhibition,
  hours,
  silence,
  alreadySent,
  digest,
];

function silencedBy(
  found: Silence | undefined,
  reason: 'maintenance' | 'silenced',
): Omit<HeldAlert, 'fingerprint'> | undefined {
  return found && { reason, by: found.owner, silence: found.id, untilMs: found.endsAtMs };
}

function sorted(
  alerts: readonly Seen[],
  reason: GateReason,
  hold: (seen: Seen) => Omit<HeldAlert, 'fingerprint'> | undefined,
): Judgement {
  const held: HeldAlert[] = [];
  const passed = alerts.filter((seen) => {
    const why = hold(seen);
    if (why !== undefined) held.push({ fingerprint: seen.alert.fingerprint, ...why });
    return why === undefined;
  });
  return {
    reason: passed.length > 0 ? reason : ((held[0]?.reason as GateReason | undefined) ?? reason),
    passed,
    held,
  };
}

export interface Passage {
  /** What every gate said, up to the first that held the whole group back. */
  readonly verdicts: readonly GateVerdict[];
  /** Those to tell of; empty when the group was held back. */
  readonly alerts: readonly Seen[];
}

/** Leads a group through the gates. A verdict that is the same as the last one keeps its instant. */
export function passGates(candidate: Omit<Candidate, 'alerts'>, gates: readonly Gate[] = GATES): Passage {
  const verdicts: GateVerdict[] = [];
  let { alerts } = candidate.group;
  for (const gate of gates) {
    if (gate.stands?.(candidate) === false) continue;
    const judgement = gate.judge({ ...candidate, alerts });
    verdicts.push(verdictOf(gate, judgement, candidate));
    alerts = judgement.passed;
    if (alerts.length === 0) break;
  }
  return { verdicts, alerts };
}

function verdictOf(
  { name }: Gate,
  { passed, reason, held }: Judgement,
  { atMs, record }: Omit<Candidate, 'alerts'>,
): GateVerdict {
  const outcome = passed.length > 0 ? 'passed' : 'held';
  const last = record?.verdicts.find(({ gate }) => gate === name);
  const isSame =
    last?.outcome === outcome && last.reason === reason && JSON.stringify(last.held) === JSON.stringify(held);
  return isSame ? last : { gate: name, outcome, reason, held, atMs };
}
