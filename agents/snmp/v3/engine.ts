import { malformed } from '../ber.ts';

/** What is known of another's engine: its name, how often it has started and what time it has (RFC 3414 section 2.2). */
export interface Engine {
  readonly id: Uint8Array;
  readonly boots: number;
  /** Seconds since it started, when it was heard. */
  readonly time: number;
  readonly heardAtMs: number;
  /** A signed message said so. What is only believed serves to ask with, not to judge answers by. */
  readonly isProven: boolean;
}

/** An engine heard of in a message that nobody signed. */
export function believed(
  { engineId, boots, time }: { engineId: Uint8Array; boots: number; time: number },
  heardAtMs: number,
): Engine {
  // RFC 3411 section 5: five bytes at least.
  if (engineId.length < 5) malformed('its engine id is too short');
  return { id: engineId, boots, time, heardAtMs, isProven: false };
}

/** The time that the engine has now. */
export function timeAt({ time, heardAtMs }: Engine, nowMs: number): number {
  return Math.min(MAX_BOOTS, time + Math.max(0, Math.floor((nowMs - heardAtMs) / 1000)));
}

/** RFC 3414 section 2.2.3: how far a message may lie behind. */
export const WINDOW_SECONDS = 150;
/** RFC 3414 section 2.3: an engine that has started so often accepts nothing any more, and nobody accepts it. */
export const MAX_BOOTS = 0x7fff_ffff;

/**
 * What is known after a signed message of the engine; `undefined` when the message is old, so that one which was recorded cannot be
 * played again (RFC 3414 section 3.2 step 7b).
 */
export function afterSigned(
  known: Engine,
  { boots, time }: { boots: number; time: number },
  nowMs: number,
): Engine | undefined {
  const fresh: Engine = { id: known.id, boots, time, heardAtMs: nowMs, isProven: true };
  if (boots === MAX_BOOTS) return undefined;
  if (!known.isProven || boots > known.boots) return fresh;
  if (boots < known.boots || time < timeAt(known, nowMs) - WINDOW_SECONDS) return undefined;
  return time > timeAt(known, nowMs) ? fresh : known;
}
