/** How long before the log-off it is announced. */
export const IDLE_WARNING_MS = 120_000;

/** Whether somebody is still taken to be at the page. */
export type IdleState =
  | { readonly kind: 'here' }
  | { readonly kind: 'warned'; readonly leftMs: number }
  | { readonly kind: 'over' };

/** What follows from the last touch at an instant; short limits are announced at half of their time. */
export function idleState(touchedAtMs: number, nowMs: number, idleLogOffMs: number): IdleState {
  const leftMs = touchedAtMs + idleLogOffMs - nowMs;
  if (leftMs <= 0) return { kind: 'over' };
  return leftMs <= Math.min(IDLE_WARNING_MS, idleLogOffMs / 2)
    ? { kind: 'warned', leftMs }
    : { kind: 'here' };
}
