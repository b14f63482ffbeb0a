import type { Clock } from '../../config/runtime/clock.ts';
import type { Log } from '../../config/runtime/log.ts';
import { createTrouble } from '../../config/runtime/trouble.ts';
import { createWaker, type Waker } from '../notify/waker.ts';

/** How long to wait when the records do not answer. */
const RETRY_MS = 5_000;
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
  const trouble = createTrouble(log, {
    level: 'error',
    begins: 'claims could not be written',
    ends: 'claims are written again',
  });
  return createWaker(clock, async () => {
    const nowMs = clock.nowMs();
    try {
      const untilMs = await tend();
      trouble.ended();
      return untilMs === undefined ? undefined : Math.min(untilMs, nowMs + AT_LEAST_EACH_MS);
    } catch (error) {
      trouble.happened({ err: error });
      return nowMs + RETRY_MS;
    }
  });
}
