/**
 * The clock of this device, right or not. The page's steady clock would not do: it stands while a phone sleeps in the
 * pocket between two places.
 */
export function phoneNowMs(): number {
  return Date.now();
}
