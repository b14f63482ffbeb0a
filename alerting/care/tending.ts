import type { Clock } from '../../config/runtime/clock.ts';
import type { Log } from '../../config/runtime/log.ts';
import { createLooking, type Waker } from '../notify/waker.ts';

/** How often claims are held against their alerts where nothing else wakes it. */
const AT_LEAST_EACH_MS = 60_000;

/** Ends claims whose alerts have outlived them, at their ends and whenever something changes. */
export function startTending({
  clock,
  log,
  tend,
}: {
  readonly clock: Clock;
  readonly log: Log;
  readonly tend: () => Promise<number | undefined>;
}): Waker {
  const words = { begins: 'claims could not be written', ends: 'claims are written again' };
  return createLooking({ clock, log, ...words }, async (nowMs) => {
    const untilMs = await tend();
    return untilMs === undefined ? undefined : Math.min(untilMs, nowMs + AT_LEAST_EACH_MS);
  });
}
