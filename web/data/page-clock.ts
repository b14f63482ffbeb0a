/** The page's time: the collector's clock as last heard, carried on by a steady counter. */
export interface PageClock {
  /** In whole milliseconds, as the interface takes instants. */
  nowMs(): number;
  /** For durations: goes on evenly whatever the collector says; only differences mean anything. */
  steadyMs(): number;
  /** Calls back once, `delayMs` from now. The returned function takes it back. */
  after(delayMs: number, callback: () => void): () => void;
  /** The collector said what time it is. */
  hear(atMs: number): void;
}

/** Smaller differences are the network's, not the clock's. */
const TOLERANCE_MS = 1000;

/** Ages on a page are right even where the PC's own clock is wrong: it is only trusted until the collector speaks. */
export function createPageClock(steadyMs: () => number, startedAtMs: number): PageClock {
  let originMs = startedAtMs;
  return {
    nowMs: () => Math.round(originMs + steadyMs()),
    steadyMs,
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    hear(atMs) {
      const heardOriginMs = atMs - steadyMs();
      if (Math.abs(heardOriginMs - originMs) > TOLERANCE_MS) originMs = heardOriginMs;
    },
  };
}
