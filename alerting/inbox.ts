import { createHash } from 'node:crypto';
import type { AlertInstance } from '../config/model/alert.ts';
import { labelsKey, type Labels } from '../config/model/labels.ts';
import { remembered } from '../config/model/remembered.ts';
import { severityOf } from './engine/severity-of.ts';

/** An alert as another program posts it (Alertmanager's `POST /api/v2/alerts`). */
export interface PostedAlert {
  /** Empty values are none; there is at least one label. */
  readonly labels: Labels;
  readonly annotations: Labels;
  /** When it began; when it was posted, where it is not stated. */
  readonly startsAtMs?: number;
  /** When it ended or will end; `resolve_timeout` after the last post, where it is not stated. */
  readonly endsAtMs?: number;
}

/** Alerts that others post. They are kept in memory: who posts repeats what goes on, as Prometheus does. */
export interface Inbox {
  /** Takes alerts; answers how many there was no room for. */
  post(alerts: readonly PostedAlert[], nowMs: number): number;
  /** Those that go on, and those that ended lately. */
  instances(nowMs: number): readonly AlertInstance[];
  /** When the next of them ends by itself, or is no longer told of. */
  nextTurnMs(nowMs: number): number | undefined;
}

/** Stands in the place of a rule. */
export const POSTED = 'posted';
/** How long one that ended is told of. */
const KEPT_AFTER_END_MS = 15 * 60_000;
/** Against one who posts without end. */
const MAX_ALERTS = 20_000;

interface Kept {
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** Its end is only that nobody has said more. */
  readonly isTimeout: boolean;
}

export function createInbox(resolveTimeoutMs: () => number): Inbox {
  const kept = new Map<string, Kept>();
  const forget = (nowMs: number): void => {
    for (const [key, { endsAtMs }] of kept) if (nowMs >= endsAtMs + KEPT_AFTER_END_MS) kept.delete(key);
  };
  return {
    post(alerts, nowMs) {
      forget(nowMs);
      let refused = 0;
      for (const alert of alerts) {
        const next = received(alert, nowMs, resolveTimeoutMs());
        const key = labelsKey(next.labels);
        const before = kept.get(key);
        if (before === undefined && kept.size >= MAX_ALERTS) refused += 1;
        else
          kept.set(key, before !== undefined && overlap(before, next) ? merged(before, next, nowMs) : next);
      }
      return refused;
    },
    instances(nowMs) {
      forget(nowMs);
      return [...kept.values()].map((one) => (one.endsAtMs <= nowMs ? overOf(one) : goingOnOf(one)));
    },
    nextTurnMs(nowMs) {
      let nextMs = Number.POSITIVE_INFINITY;
      for (const { endsAtMs } of kept.values())
        nextMs = Math.min(nextMs, endsAtMs > nowMs ? endsAtMs : endsAtMs + KEPT_AFTER_END_MS);
      return Number.isFinite(nextMs) ? nextMs : undefined;
    },
  };
}

/** What a post says, with what it leaves out filled in as Alertmanager does (`api/v2`, `postAlertsHandler`). */
function received(
  { labels, annotations, startsAtMs, endsAtMs }: PostedAlert,
  nowMs: number,
  resolveTimeoutMs: number,
): Kept {
  const own = Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
  return {
    fingerprint: createHash('sha256')
      .update(`posted\u0000${labelsKey(own)}`)
      .digest('hex')
      .slice(0, 16),
    labels: own,
    annotations,
    startsAtMs: startsAtMs ?? endsAtMs ?? nowMs,
    endsAtMs: endsAtMs ?? nowMs + resolveTimeoutMs,
    isTimeout: endsAtMs === undefined,
  };
}

function overlap(before: Kept, next: Kept): boolean {
  return (
    (next.endsAtMs > before.startsAtMs && next.endsAtMs < before.endsAtMs) ||
    (next.startsAtMs > before.startsAtMs && next.startsAtMs < before.endsAtMs)
  );
}

/** One episode told twice: the earliest beginning counts, and of the ends what was said rather than assumed. */
function merged(before: Kept, next: Kept, nowMs: number): Kept {
  const isOver = (one: Kept): boolean => one.endsAtMs <= nowMs;
  const isLaterEnd = before.endsAtMs > next.endsAtMs && (isOver(next) ? isOver(before) : !before.isTimeout);
  return {
    ...next,
    startsAtMs: Math.min(before.startsAtMs, next.startsAtMs),
    endsAtMs: isLaterEnd ? before.endsAtMs : next.endsAtMs,
  };
}

const goingOnOf = remembered((kept: Kept) =>
  instanceOf(kept, { kind: 'firing', sinceMs: kept.startsAtMs, firedAtMs: kept.startsAtMs }),
);

const overOf = remembered((kept: Kept) =>
  instanceOf(kept, {
    kind: 'resolved',
    firedAtMs: kept.startsAtMs,
    resolvedAtMs: kept.endsAtMs,
    cause: 'condition',
  }),
);

function instanceOf(
  { fingerprint, labels, annotations }: Kept,
  phase: AlertInstance['phase'],
): AlertInstance {
  return {
    fingerprint,
    rule: POSTED,
    element: labels,
    labels,
    annotations,
    severity: severityOf(labels['severity']),
    value: Number.NaN,
    phase,
  };
}
