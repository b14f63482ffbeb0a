import { isActive } from '../../config/model/alert.ts';
import { silenceState, type Silence } from '../../config/model/silence.ts';
import type { Mutes } from '../notify/gates.ts';
import { firedAtMs } from '../notify/urgency.ts';
import type { Seen } from '../mute/inhibit.ts';
import type { Swallowed } from '../ports.ts';

/** What the silences and maintenances keep from being told, and how long nothing has been there to keep. */
export interface SwallowCount {
  /** Takes in how it is now; answers the episodes that are new. */
  look(view: SwallowView): readonly Swallowed[];
  /** They are in the records. */
  took(swallowed: readonly Swallowed[]): void;
  tally(silence: Silence, nowMs: number): Tally;
}

export interface SwallowView {
  readonly seen: readonly Seen[];
  readonly mutes: Pick<Mutes, 'maintained' | 'silenced'>;
  readonly nowMs: number;
}

export interface Tally {
  /** Episodes of alerts that it kept from being told so far. */
  readonly swallowed: number;
  /** Active alerts that it keeps from being told now. */
  readonly now: number;
  /** It has had nothing to keep for hours: it may as well end. */
  readonly isIdle: boolean;
}

/** A silence that matches nothing for so long proposes to end. */
export const IDLE_MS = 4 * 3_600_000;
/** What chatters must not fill the records: beyond that it reads "so many and more". */
export const MAX_SWALLOWED = 10_000;

const keyOf = ({ fingerprint, firedAtMs: fired }: Pick<Swallowed, 'fingerprint' | 'firedAtMs'>): string =>
  `${fingerprint} ${fired}`;

/** @param startedAtMs when the counting began: before that nobody looked whether there was anything. */
export function createSwallowCount(known: readonly Swallowed[], startedAtMs: number): SwallowCount {
  const episodes = new Map<string, Set<string>>();
  const busyAtMs = new Map<string, number>();
  let now = new Map<string, number>();
  const of = (silence: string): Set<string> => {
    const found = episodes.get(silence) ?? new Set();
    episodes.set(silence, found);
    return found;
  };
  const took = (swallowed: readonly Swallowed[]): void => {
    for (const one of swallowed) of(one.silence).add(keyOf(one));
  };
  took(known);
  return {
    took,
    look({ seen, mutes, nowMs }) {
      now = new Map();
      const fresh: Swallowed[] = [];
      for (const one of seen) {
        if (!isActive(one.alert)) continue;
        const silence = (mutes.maintained(one) ?? mutes.silenced(one))?.id;
        if (silence === undefined) continue;
        now.set(silence, (now.get(silence) ?? 0) + 1);
        busyAtMs.set(silence, nowMs);
        const episode = { silence, fingerprint: one.alert.fingerprint, firedAtMs: firedAtMs(one.alert) };
        if (of(silence).size < MAX_SWALLOWED && !of(silence).has(keyOf(episode))) fresh.push(episode);
      }
      return fresh;
    },
    tally(silence, nowMs) {
      const { id, startsAtMs } = silence;
      const sinceMs = Math.max(busyAtMs.get(id) ?? 0, startsAtMs, startedAtMs);
      return {
        swallowed: episodes.get(id)?.size ?? 0,
        now: now.get(id) ?? 0,
        isIdle: silenceState(silence, nowMs) === 'active' && nowMs - sinceMs >= IDLE_MS,
      };
    },
  };
}
