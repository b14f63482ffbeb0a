import { useApp, useText } from '../../app.ts';
import { asksOf, type Asks } from './asks.ts';

/** What can be asked at the board, in the words and the zone of the page. */
export function useAsks(): Asks {
  const { nowMs, live } = useApp();
  const { t } = useText();
  const timeZone = live.site.value?.timeZone ?? 'UTC';
  return asksOf(t, { nowMs: nowMs.value, timeZone });
}
