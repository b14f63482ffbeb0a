import type { DeviceState, UnknownReason } from '../../config/model/device.ts';
import type { Severity } from '../../config/model/severity.ts';

/** What is known of a device at one instant. */
export interface Evidence {
  /** Its `device_up` as last told; absent if it never was. */
  readonly up?: { readonly isUp: boolean; readonly atMs: number };
  /** Whether the agent that reads it could be scraped at last; absent before the first scrape. */
  readonly isAgentUp?: boolean;
  /** The gravest of its alarms. */
  readonly severity?: Severity;
  /** Since when it is waited for. */
  readonly awaitedSinceMs: number;
}

/** How long a device may be silent before nothing of it counts: three polls and the scrape that tells of them. */
export function freshForMs(pollIntervalMs: number, scrapeIntervalMs: number): number {
  return 3 * pollIntervalMs + scrapeIntervalMs;
}

/** Judges a device. The answer begins when its kind, or the severity of its alarm, does: `previous` keeps its instant while they stay. */
export function deviceState(
  evidence: Evidence,
  { previous, nowMs, freshMs }: { previous: DeviceState | undefined; nowMs: number; freshMs: number },
): DeviceState {
  const verdict = judge(evidence, nowMs - freshMs);
  const sinceMs = previous !== undefined && isSame(previous, verdict) ? previous.sinceMs : nowMs;
  return { ...verdict, sinceMs };
}

/** An alarm that grows graver is news, with its own instant; why nothing can be said is not. */
function isSame(previous: DeviceState, verdict: Verdict): boolean {
  if (previous.kind === 'alarmed' && verdict.kind === 'alarmed')
    return previous.severity === verdict.severity;
  return previous.kind === verdict.kind;
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
