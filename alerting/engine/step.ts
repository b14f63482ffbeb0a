import type { Phase, ResolvedCause } from '../../config/model/alert.ts';

/** What one evaluation says of one instance. `no_data`: its expression has no element of its labels, filtered or not. */
export type Reading =
  | { readonly kind: 'true' }
  | { readonly kind: 'false' }
  | { readonly kind: 'no_data'; readonly isHeld: boolean }
  | {
      readonly kind: 'ended';
      readonly cause: Extract<ResolvedCause, 'left_site' | 'rule_removed' | 'person'>;
    }
  /** A person takes back that he ended it. */
  | { readonly kind: 'not_ended'; readonly held: Extract<Phase, { kind: 'held' }> };

/** `for` and `keep_firing_for` of a rule; 0 when it has none. */
export interface Delays {
  readonly forMs: number;
  readonly keepFiringForMs: number;
}

/** How long a resolved instance is remembered, so that its "resolved" message survives a restart; as in Prometheus. */
export const RESOLVED_RETENTION_MS = 15 * 60_000;

type Of<K extends Phase['kind']> = Extract<Phase, { kind: K }>;

/**
 * The phase after a reading; `undefined` is inactive. The one place where phases change. An unchanged phase is
 * answered as the same object.
 */
export function step(
  phase: Phase | undefined,
  reading: Reading,
  atMs: number,
  delays: Delays,
): Phase | undefined {
  switch (phase?.kind) {
    case undefined:
    case 'pending':
      return reading.kind === 'true' ? rising(phase, atMs, delays) : undefined;
    case 'firing':
      return fromFiring(phase, reading, atMs, delays);
    case 'held':
      return fromHeld(phase, reading, atMs, delays);
    case 'resolved':
      return reading.kind === 'true' ? rising(undefined, atMs, delays) : remembered(phase, reading, atMs);
    default:
      return phase satisfies never;
  }
}

/** With a longer outage, a wait begins anew; as in Prometheus. */
export const OUTAGE_TOLERANCE_MS = 60 * 60_000;
/** A rule that waits so long has at least so long left after an outage; as in Prometheus. */
const GRACE_MS = 10 * 60_000;

/**
 * The phase after an outage, in which nobody judged. A wait goes on where it was: the outage does not count towards
 * `for`, for nobody knows how the room was meanwhile. Other phases are as they were. `undefined` is inactive.
 * @param downAtMs when it was judged last; `undefined` when that is longer ago than an outage may be.
 */
export function afterOutage(
  phase: Phase,
  downAtMs: number | undefined,
  atMs: number,
  { forMs }: Pick<Delays, 'forMs'>,
): Phase | undefined {
  if (phase.kind !== 'pending') return phase;
  if (downAtMs === undefined || atMs - downAtMs > OUTAGE_TOLERANCE_MS) return undefined;
  const outageMs = Math.max(0, atMs - Math.max(downAtMs, phase.sinceMs));
  const leftMs = forMs - (atMs - outageMs - phase.sinceMs);
  const isAlmostOver = forMs >= GRACE_MS && leftMs > 0 && leftMs < GRACE_MS;
  const sinceMs = isAlmostOver ? atMs + GRACE_MS - forMs : phase.sinceMs + outageMs;
  return { kind: 'pending', sinceMs };
}

function rising(phase: Of<'pending'> | undefined, atMs: number, { forMs }: Delays): Of<'pending' | 'firing'> {
  // A clock that was set back begins the wait anew: else it would last until the clock has caught up.
  const sinceMs = Math.min(phase?.sinceMs ?? atMs, atMs);
  if (atMs - sinceMs >= forMs) return { kind: 'firing', sinceMs, firedAtMs: atMs };
  return phase?.sinceMs === sinceMs ? phase : pendingSince(sinceMs);
}

let latestPending: Of<'pending'> = { kind: 'pending', sinceMs: 0 };

/** Those that begin to wait in one evaluation have one phase: there may be thousands. */
function pendingSince(sinceMs: number): Of<'pending'> {
  if (latestPending.sinceMs !== sinceMs) latestPending = { kind: 'pending', sinceMs };
  return latestPending;
}

function remembered(phase: Of<'resolved'>, reading: Reading, atMs: number): Phase | undefined {
  if (reading.kind === 'not_ended' && phase.cause === 'person') return reading.held;
  return atMs - phase.resolvedAtMs > RESOLVED_RETENTION_MS ? undefined : phase;
}

function fromFiring(phase: Of<'firing'>, reading: Reading, atMs: number, delays: Delays): Phase {
  switch (reading.kind) {
    case 'true':
      return phase.clearSinceMs === undefined ? phase : firing(phase);
    case 'false':
      return lapsing(phase, 'condition', atMs, delays);
    case 'no_data':
      if (!reading.isHeld) return lapsing(phase, 'no_data', atMs, delays);
      return { kind: 'held', sinceMs: phase.sinceMs, firedAtMs: phase.firedAtMs, heldSinceMs: atMs };
    case 'ended':
      return resolved(phase, reading.cause, atMs);
    case 'not_ended':
      return phase;
    default:
      return reading satisfies never;
  }
}

function fromHeld(phase: Of<'held'>, reading: Reading, atMs: number, delays: Delays): Phase {
  if (reading.kind === 'not_ended' || (reading.kind === 'no_data' && reading.isHeld)) return phase;
  return fromFiring(firing(phase), reading, atMs, delays);
}

/** The condition no longer holds: it still fires until it has been so for `keep_firing_for`. */
function lapsing(
  phase: Of<'firing'>,
  cause: ResolvedCause,
  atMs: number,
  { keepFiringForMs }: Delays,
): Phase {
  const clearSinceMs = Math.min(phase.clearSinceMs ?? atMs, atMs);
  if (atMs - clearSinceMs >= keepFiringForMs) return resolved(phase, cause, atMs);
  return phase.clearSinceMs === clearSinceMs ? phase : { ...phase, clearSinceMs };
}

function firing({ sinceMs, firedAtMs }: Of<'firing' | 'held'>): Of<'firing'> {
  return { kind: 'firing', sinceMs, firedAtMs };
}

function resolved({ firedAtMs }: Of<'firing'>, cause: ResolvedCause, resolvedAtMs: number): Phase {
  return { kind: 'resolved', firedAtMs, resolvedAtMs, cause };
}
