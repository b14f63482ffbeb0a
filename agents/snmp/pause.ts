/** A device that has been silent for so many polls is asked less and less. */
const MISSES_UNTIL_PAUSED = 6;
const LONGEST_PAUSE_MS = 60_000;

/**
 * How long a device that has missed so many polls in a row is left alone: twice as long each time, at most a minute, so that whole
 * networks that are off cost little and a device that is back is seen soon. `undefined`: it is asked in each interval.
 */
export function pauseMs(misses: number, intervalMs: number): number | undefined {
  if (misses < MISSES_UNTIL_PAUSED) return undefined;
  const pause = Math.min(LONGEST_PAUSE_MS, intervalMs * 2 ** (misses - MISSES_UNTIL_PAUSED + 1));
  // A poll falls due a moment before its interval is over, never behind.
  return pause > intervalMs ? pause - intervalMs / 2 : undefined;
}
