import type { Log } from '../../config/runtime/log.ts';

/** A log that nobody reads. */
export function silentLog(): Log {
  const nothing = (): void => undefined;
  return { error: nothing, warn: nothing, info: nothing, debug: nothing };
}
