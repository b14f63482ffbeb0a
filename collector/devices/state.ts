import type { DeviceState, UnknownReason } from '../../config/model/device.ts';
import type { Severity } from '../../config/model/severity.ts';

/** What is known of a device at one instant. */
export interface Evidence {
  /** Its `device_up` as last told; absent if it never was. */
  readonly up?: { readonly isUp: boolean; readonly atMs: number } | undefined;
  /** Whether the agent that reads it could be scraped at last; absent before the first scrape. */
  readonly isAgentUp?: boolean | undefined;
  /** The gravest of its alarms. */
  readonly severity?: Severity | undefined;
  /** Since when it is waited for. */
  readonly awaitedSinceMs: number;
}

/** How long a device may be silent before nothing of it counts: three polls and the scrape that tells of them. */
export function freshForMs(pollIntervalMs: number, scrapeIntervalMs: number): number {
  return 3 * pollIntervalMs + scrapeIntervalMs;
}

/**
 * Judges a device. The answer begins when its kind, or the severity of its alarm, does: while they stay, it keeps its instant, and while
 * nothing is different, it is `previous` itself.
 */
export function deviceState(
  evidence: Evidence,
  { previous, nowMs, freshMs }: { previous: DeviceState | undefined; nowMs: number; freshMs: number },
): DeviceState {
  const verdict = judge(evidence, nowMs - freshMs);
  if (previous === undefined || previous.kind !== verdict.kind) return { ...verdict, sinceMs: nowMs };
  // An alarm that grows graver is news, with its own instant; why nothing can be said is not.
  if (previous.kind === 'alarmed' && verdict.kind === 'alarmed' && previous.severity !== verdict.severity)
    return { ...verdict, sinceMs: nowMs };
  if (previous.kind === 'unknown' && verdict.kind === 'unknown' && previous.reason !== verdict.reason)
    return { ...verdict, sinceMs: previous.sinceMs };
  return previous;
}

type Verdict =
  | { readonly kind: 'starting' | 'ok' }
  | { readonly kind: 'alarmed'; readonly severity: Severity }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };

function judge({ up, isAgentUp, severity, awaitedSinceMs }: Evidence, oldestMs: number): Verdict {
  if (up === undefined) {
    if (awaitedSinceMs >= oldestMs) return { kind: 'starting' };
    return { kind: 'unknown', reason: isAgentUp === false ? 'agent_silent' : 'never_seen' };
  }
  if (isAgentUp === false) return { kind: 'unknown', reason: 'agent_silent' };
  if (!up.isUp || up.atMs < oldestMs) return { kind: 'unknown', reason: 'device_silent' };
  return severity === undefined ? { kind: 'ok' } : { kind: 'alarmed', severity };
}
