import type { Matcher } from './series.ts';

/**
 * A span of time in which alerts of certain labels are not told of. `maintenance` is planned work on named devices;
 * a plain silence is by anybody's judgement. Both have a reason, an owner and an end.
 */
export interface Silence {
  readonly id: string;
  readonly kind: 'silence' | 'maintenance';
  /** All must hold; there is at least one. */
  readonly matchers: readonly Matcher[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** Who answers for it. */
  readonly owner: string;
  readonly reason: string;
  /** The second person, who agreed: only then does it count for alerts of danger to life. */
  readonly approvedBy?: string;
  /** For those it counts until then at most: the end of the shift in which the second person agreed, where one is known. */
  readonly shiftEndsAtMs?: number;
}

export type SilenceState = 'upcoming' | 'active' | 'expired';

export function silenceState(
  { startsAtMs, endsAtMs }: Pick<Silence, 'startsAtMs' | 'endsAtMs'>,
  atMs: number,
): SilenceState {
  // One that was ended before it began never begins.
  if (atMs >= endsAtMs) return 'expired';
  return atMs < startsAtMs ? 'upcoming' : 'active';
}
