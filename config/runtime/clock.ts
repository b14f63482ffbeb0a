/** Where loops get the time from, so that a test can advance it. */
export interface Clock {
  nowMs(): number;
  /** Calls back once, `delayMs` from now. The returned function takes it back. */
  after(delayMs: number, callback: () => void): () => void;
}
