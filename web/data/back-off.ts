const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * How long to wait before try `attempt` (0 is the first). `chance` from 0 to 1 spreads a thousand browsers that lost
 * the same collector at the same moment.
 */
export function backOffMs(attempt: number, chance: number): number {
  const fullMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(fullMs * (0.5 + chance / 2));
}
