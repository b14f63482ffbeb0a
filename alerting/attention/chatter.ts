import { CHATTER_RAISES, CHATTER_WITHIN_MS } from '../../config/model/attention.ts';

/**
 * When a point began to chatter: so many raises within the time that the standard names. One spell is told once, however
 * long it goes on.
 * @param raisedAtMs of one point, in order of time
 */
export function chatterSpells(raisedAtMs: readonly number[]): readonly number[] {
  const spells: number[] = [];
  let endsAtMs = Number.NEGATIVE_INFINITY;
  for (let last = CHATTER_RAISES - 1; last < raisedAtMs.length; last += 1) {
    const first = raisedAtMs[last - CHATTER_RAISES + 1] ?? 0;
    const atMs = raisedAtMs[last] ?? 0;
    if (atMs - first > CHATTER_WITHIN_MS) continue;
    if (first > endsAtMs) spells.push(first);
    endsAtMs = atMs;
  }
  return spells;
}
