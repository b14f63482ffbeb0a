import { createHash } from 'node:crypto';

/** When the watch is called (查岗): so many times in each shift of eight hours at instants that nobody foresees. */
export interface ProbePlan {
  readonly perEightHours: number;
  /** Within how long the call is to be answered. */
  readonly answerMs: number;
  /** Each of the call tree is tried so often. */
  readonly callEachMs: number;
}

export const DEFAULT_PROBE_PLAN: ProbePlan = {
  perEightHours: 2,
  answerMs: 5 * 60_000,
  callEachMs: 7 * 86_400_000,
};

const SPAN_MS = 8 * 3_600_000;
/** Not in the first and last minutes of a span, so that two never come at once. */
const MARGIN_MS = 5 * 60_000;

/**
 * The instants of calls in `fromMs < t <= toMs`. They follow from a secret of the site, so that a restart neither
 * repeats nor loses one, and who does not know the secret cannot foresee them.
 */
export function probeTimes(plan: ProbePlan, secret: string, fromMs: number, toMs: number): readonly number[] {
  const times: number[] = [];
  if (plan.perEightHours < 1) return times;
  const spanMs = SPAN_MS / plan.perEightHours;
  const marginMs = Math.min(MARGIN_MS, spanMs / 4);
  for (let span = Math.floor(fromMs / spanMs); span * spanMs <= toMs; span += 1) {
    const atMs = Math.floor(span * spanMs + marginMs + share(secret, span) * (spanMs - 2 * marginMs));
    if (fromMs < atMs && atMs <= toMs) times.push(atMs);
  }
  return times;
}

/** Evenly between 0 and 1. */
function share(secret: string, span: number): number {
  const digest = createHash('sha256').update(`${secret} ${span}`).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}
