/** More decimals than that no page tells. */
export const MAX_DECIMALS = 9;
/** Whole numbers up to here can be subtracted twice and doubled without loss. */
const MAX_WHOLE = 2 ** 49;

const UNITS = Array.from({ length: MAX_DECIMALS + 1 }, (_, decimals) => 10 ** decimals);

/** How many units of the last decimal make 1. */
export function unitsOf(decimals: number): number {
  return UNITS[decimals] ?? 1;
}

/** Whether the number is exactly what a whole number of its last decimal divides to. */
export function isExact(number: number, units: number): boolean {
  const whole = Math.round(number * units);
  return (
    whole / units === number &&
    whole <= MAX_WHOLE &&
    whole >= -MAX_WHOLE &&
    (whole !== 0 || !Object.is(number, -0))
  );
}
