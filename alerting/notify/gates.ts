import type { Receiver } from '../../config/load.ts';
import { isActive, type AlertInstance } from '../../config/model/alert.ts';
import type { Verdict } from '../../config/model/api.ts';
import type { NotifyRecord } from '../ports.ts';
import { firedAtMs, type NotifyGroup } from './groups.ts';

/** A group on its way to a receiver. */
export interface Candidate {
  readonly atMs: number;
  readonly receiver: Receiver;
  readonly group: NotifyGroup;
  /** Those of the group that the gates before let pass. */
  readonly alerts: readonly AlertInstance[];
  /** What the receiver was told before. */
  readonly record: NotifyRecord | undefined;
}

export type Judgement =
  | { readonly outcome: 'passed'; readonly reason: GateReason; readonly alerts: readonly AlertInstance[] }
  | {
      readonly outcome: 'held';
      readonly reason: GateReason;
      /** When to ask again, if nothing changes before. */
      readonly untilMs?: number;
    };

/** Why a gate said what it said; texts for people are made where they are shown. */
export type GateReason =
  | 'severity_taken'
  | 'severity_not_taken'
  | 'new'
  | 'resolved'
  | 'already_sent'
  | 'nothing_to_tell'
  | 'urgent'
  | 'waited'
  | 'waiting_for_more';

export interface Gate {
  readonly name: string;
  judge(candidate: Candidate): Judgement;
}

/** How long a group that is not critical waits for others like it before its first message. */
export const GROUP_WAIT_MS = 10_000;
/** The shortest time between two messages of one group, unless it is critical. */
export const GROUP_INTERVAL_MS = 60_000;

/** A receiver takes the severities that its settings name. */
const severity: Gate = {
  name: 'severity',
  judge({ receiver, alerts }) {
    const taken = alerts.filter((alert) => receiver.severities.includes(alert.severity));
    return taken.length === 0
      ? { outcome: 'held', reason: 'severity_not_taken' }
      : { outcome: 'passed', reason: 'severity_taken', alerts: taken };
  },
};

/** Nobody is told the same twice: an alert that fires, once; a group, once more when all of it has resolved. */
const alreadySent: Gate = {
  name: 'already_sent',
  judge({ alerts, record }) {
    const told = new Set(record?.firing);
    const firing = alerts.filter(isActive);
    if (firing.some(({ fingerprint }) => !told.has(fingerprint)))
      return { outcome: 'passed', reason: 'new', alerts };
    if (firing.length > 0) return { outcome: 'held', reason: 'already_sent' };
    return told.size > 0
      ? { outcome: 'passed', reason: 'resolved', alerts }
      : { outcome: 'held', reason: 'nothing_to_tell' };
  },
};

/** What is critical leaves at once; the rest waits a little, so that one cause makes one message. */
const groupWait: Gate = {
  name: 'group_wait',
  judge({ atMs, alerts, record }) {
    const told = new Set(record?.firing);
    const news = alerts.filter((alert) => isActive(alert) && !told.has(alert.fingerprint));
    if (news.length === 0 || news.some((alert) => alert.severity === 'critical')) {
      return { outcome: 'passed', reason: 'urgent', alerts };
    }
    // An instant that is still to come was taken before the clock was set back.
    const past = (instantMs: number): number => (instantMs > atMs ? Number.NEGATIVE_INFINITY : instantMs);
    const firstMs = past(Math.min(...news.map(firedAtMs))) + GROUP_WAIT_MS;
    const untilMs =
      told.size === 0 ? firstMs : Math.max(firstMs, past(record?.notifiedAtMs ?? 0) + GROUP_INTERVAL_MS);
    return atMs >= untilMs
      ? { outcome: 'passed', reason: 'waited', alerts }
      : { outcome: 'held', reason: 'waiting_for_more', untilMs };
  },
};

/** The way from an alert to a message, in its order: each gate sees what the one before it let pass. */
export const GATES: readonly Gate[] = [severity, alreadySent, groupWait];

export interface Passage {
  /** What every gate said, up to the first that held the group back. */
  readonly verdicts: readonly Verdict[];
  /** Those to tell of; empty when the group was held back. */
  readonly alerts: readonly AlertInstance[];
  readonly untilMs?: number;
}

/** Leads a group through the gates. A verdict that is the same as the last one keeps its instant. */
export function passGates(candidate: Omit<Candidate, 'alerts'>, gates: readonly Gate[] = GATES): Passage {
  const verdicts: Verdict[] = [];
  let { alerts } = candidate.group;
  for (const gate of gates) {
    const judgement = gate.judge({ ...candidate, alerts });
    verdicts.push(verdictOf(gate, judgement, candidate));
    if (judgement.outcome === 'held') {
      return {
        verdicts,
        alerts: [],
        ...(judgement.untilMs === undefined ? {} : { untilMs: judgement.untilMs }),
      };
    }
    ({ alerts } = judgement);
  }
  return { verdicts, alerts };
}

function verdictOf(
  { name }: Gate,
  { outcome, reason }: Judgement,
  { atMs, record }: Omit<Candidate, 'alerts'>,
): Verdict {
  const last = record?.verdicts.find(({ gate }) => gate === name);
  const isSame = last?.outcome === outcome && last.reason === reason;
  return isSame ? last : { gate: name, outcome, reason, atMs };
}
