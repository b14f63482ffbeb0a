/** How many requests a device bears at once. */
export interface Window {
  /** So many now. One for every device at first, and for good where that is quick enough. */
  size: number;
  /** What it bore without losing any. */
  most: number;
}

/** No device is asked more at once, however well it answers. */
const MOST_AT_ONCE = 8;
/** Reading a device may take so long before more is asked of it at once. */
const LONG_ROUND_MS = 500;

export function newWindow(): Window {
  return { size: 1, most: MOST_AT_ONCE };
}

/** What came of requests that were open together. */
export interface Together {
  /** How long until the last of them was answered. */
  readonly durationMs: number;
  /** None was lost or had to be repeated. */
  readonly isWhole: boolean;
  /** Requests that are still to come in this round. */
  readonly waiting: number;
}

/**
 * Adapts a window. Where what is still to come would take longer than half a second at this pace, twice as many go out at once: a
 * switch that takes 100 ms for an answer is then read in a second, and a device that answers in a millisecond is never asked two things
 * at a time. At the first loss it is halved, and never grows beyond that again: old management cards drop what comes together.
 */
export function adapt(window: Window, { durationMs, isWhole, waiting }: Together): void {
  if (!isWhole) {
    window.most = Math.max(1, window.size >> 1);
    window.size = window.most;
    return;
  }
  const restMs = Math.ceil(waiting / window.size) * durationMs;
  if (restMs > LONG_ROUND_MS) window.size = Math.min(window.size * 2, window.most);
}
