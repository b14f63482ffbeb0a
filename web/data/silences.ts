import type { SilenceView } from '../../config/model/api.ts';
import type { Matcher } from '../../config/model/series.ts';

/** Who owns a silence is reminded so long before it ends. */
export const REMIND_MS = 15 * 60_000;

/** Whether its owner should look: it ends within a quarter of an hour. */
export function endsSoon(
  { state, endsAtMs }: Pick<SilenceView, 'state' | 'endsAtMs'>,
  nowMs: number,
): boolean {
  return state === 'active' && endsAtMs > nowMs && endsAtMs - nowMs <= REMIND_MS;
}

/** Conditions as people read them. */
export function matcherText(matchers: readonly Matcher[]): string {
  return matchers.map(({ name, op, value }) => `${name}${op}"${value}"`).join(', ');
}
