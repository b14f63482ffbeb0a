import { isStale } from '../../config/model/sample.ts';
import { isExact, MAX_DECIMALS, unitsOf } from './decimals.ts';

/**
 * How the open values of a series are kept, as one small number: the same one again and again (`ONLY`), as they are
 * (`WIDE`), or as whole numbers of the last decimal, seen from the first: in two bytes each (from `SHORT` on) or in
 * four (from `LONG` on), with how many decimals being added to it.
 */
export type Form = number;

export const ONLY: Form = 0;
export const WIDE: Form = 1;
export const SHORT: Form = 16;
export const LONG: Form = 32;

/** Stands for a staleness marker among numbers of two bytes and of four. */
export const SHORT_MARK = -(2 ** 15);
export const LONG_MARK = -(2 ** 31);
const MAX_SHORT = 2 ** 15 - 1;
const MAX_LONG = 2 ** 31 - 1;

/** How far a number of this form may be from the first, in units. */
export function reachOf(form: Form): number {
  return form < LONG ? MAX_SHORT : MAX_LONG;
}

/** How many units of the last decimal make 1, of a form with decimals. */
export function unitsOfForm(form: Form): number {
  return unitsOf(form % SHORT);
}

/** The form that takes least room for `from <= i < to`. */
export function formOf(values: Float64Array, from: number, to: number): Form {
  const first = values[from] ?? 0;
  // Nothing can be seen from what is no number.
  if (first !== first) return WIDE;
  if (isOnly(values, from, to)) return ONLY;
  for (let decimals = 0; decimals <= MAX_DECIMALS; decimals += 1) {
    const units = farthest(values, from, to, unitsOf(decimals));
    if (units <= MAX_SHORT) return SHORT + decimals;
    if (units <= MAX_LONG) return LONG + decimals;
  }
  return WIDE;
}

/** How far the farthest is from the first, in units, without marks. NaN where one is no whole number of them. */
function farthest(values: Float64Array, from: number, to: number, units: number): number {
  const first = Math.round((values[from] ?? 0) * units);
  let far = 0;
  for (let index = from; index < to; index += 1) {
    const value = values[index] ?? 0;
    if (isExact(value, units)) far = Math.max(far, Math.abs(Math.round(value * units) - first));
    else if (value === value || !isStale(values, index)) return Number.NaN;
  }
  return far;
}

/** The first again and again. */
function isOnly(values: Float64Array, from: number, to: number): boolean {
  const first = values[from];
  for (let index = from + 1; index < to; index += 1) if (!Object.is(values[index], first)) return false;
  return true;
}
