import { METRICS, type MetricName, type Unit } from '../../config/model/metrics.ts';

/**
 * How one reading is computed from the raw numbers of a poll, which stand at their leaves' indexes; NaN where the
 * device told none.
 */
export interface Recipe {
  readonly metric: MetricName;
  readonly leaf: number;
  readonly minus: readonly number[];
  /** -1: not divided. */
  readonly over: number;
  /** The leaf that must be one of `whileIs` for the reading to count; -1: none. */
  readonly whileLeaf: number;
  readonly whileIs: readonly number[];
  readonly invalid: readonly number[];
  readonly map?: ReadonlyMap<number, number>;
  readonly states?: ReadonlyMap<number, string>;
  readonly multiply: number;
  readonly divide: number;
  readonly isDecibels?: true;
  readonly offset: number;
}

/** Quantities that can be below zero; elsewhere a negative number is a device's way to say that it does not know. */
const SIGNED_UNITS: ReadonlySet<Unit> = new Set([
  'celsius',
  'volts',
  'amperes',
  'watts',
  'volt_amperes_reactive',
  'pascals',
  'dbm',
  'decibels',
  'meters',
]);
/** Of a power factor the sign tells whether the load is inductive. */
const POWER_FACTOR = /_power_factor_ratio$/;

/**
 * The reading in its base unit, NaN when it is absent: not told, marked invalid, out of what the quantity can be, or guarded by
 * another object. Of a state set, the number that the device gave, if it means a state. Never zero for "not known".
 */
export function valueOf(recipe: Recipe, raw: Float64Array): number {
  const told = rawAt(raw, recipe.leaf);
  if (Number.isNaN(told) || isVoid(recipe, told, raw)) return Number.NaN;
  if (recipe.states !== undefined) return recipe.states.has(told) ? told : Number.NaN;
  if (recipe.map !== undefined) return recipe.map.get(told) ?? Number.NaN;
  const value = scale(recipe, told, raw);
  if (!Number.isFinite(value)) return Number.NaN;
  return value < 0 && !isSigned(recipe.metric) ? Number.NaN : value;
}

function isSigned(metric: MetricName): boolean {
  // What the number of an unnamed sensor means only its device knows.
  return metric === 'sensor_number' || SIGNED_UNITS.has(METRICS[metric].unit) || POWER_FACTOR.test(metric);
}

function rawAt(raw: Float64Array, leaf: number): number {
  return raw[leaf] ?? Number.NaN;
}

/** Whether the device says, there or by another object, that the number means nothing. */
function isVoid(recipe: Recipe, told: number, raw: Float64Array): boolean {
  return recipe.invalid.includes(told) || isNotForNow(recipe, raw);
}

/** Whether another object says that it does not count now. */
export function isNotForNow({ whileLeaf, whileIs }: Recipe, raw: Float64Array): boolean {
  return whileLeaf >= 0 && !whileIs.includes(rawAt(raw, whileLeaf));
}

function scale(recipe: Recipe, told: number, raw: Float64Array): number {
  let value = told;
  for (const leaf of recipe.minus) value -= rawAt(raw, leaf);
  value = (value * recipe.multiply) / recipe.divide;
  if (recipe.over >= 0) value /= wholeAt(raw, recipe.over);
  if (recipe.isDecibels === true) value = 10 * Math.log10(value);
  return value + recipe.offset;
}

/** What a share is taken of; of nothing, or of a size that overflowed, there is no share. */
function wholeAt(raw: Float64Array, leaf: number): number {
  const whole = rawAt(raw, leaf);
  return whole > 0 ? whole : Number.NaN;
}
