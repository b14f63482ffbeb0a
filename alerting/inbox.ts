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
  /** Those that go on, and those that ended and are not forgotten yet. */
  instances(nowMs: number): readonly AlertInstance[];
  /** Forgets what ended, but for the fingerprints that are still of interest; `undefined`: it may be any. */
  forget(nowMs: number, awaited: () => ReadonlySet<string> | undefined): void;
  /** When the next of them ends by itself, or may be forgotten. */
  nextTurnMs(nowMs: number): number | undefined;
}

/** Stands in the place of a rule. */
export const POSTED = 'posted';
/** One that ended stays for so long at least, and for so long at most whoever still waits for it. */
const KEPT_AFTER_END_MS = { least: 60_000, most: 15 * 60_000 };
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
  return {
    post(alerts, nowMs) {
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
      return [...kept.values()].map((one) => (one.endsAtMs <= nowMs ? overOf(one) : goingOnOf(one)));
    },
    forget(nowMs, awaited) {
      const { least, most } = KEPT_AFTER_END_MS;
      const ended = [...kept].filter(([, { endsAtMs }]) => nowMs >= endsAtMs + least);
      if (ended.length === 0) return;
      const waiting = awaited();
      for (const [key, { endsAtMs, fingerprint }] of ended)
        if (nowMs >= endsAtMs + most || waiting?.has(fingerprint) === false) kept.delete(key);
    },
    nextTurnMs(nowMs) {
      let nextMs = Number.POSITIVE_INFINITY;
      for (const { endsAtMs } of kept.values()) {
        const turnMs = endsAtMs > nowMs ? endsAtMs : endsAtMs + KEPT_AFTER_END_MS.least;
        // One that somebody still waits for is looked at again after a while.
        nextMs = Math.min(nextMs, turnMs > nowMs ? turnMs : nowMs + KEPT_AFTER_END_MS.least);
      }
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
