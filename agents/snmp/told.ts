import type { MetricName } from '../../config/model/metrics.ts';
import type { Oid } from '../../config/model/oid.ts';
import { valueOf, type Recipe } from './decode.ts';
import type { FoundReading } from './rows.ts';
import { numberOf, type SnmpValue } from './value.ts';

/** What a device told without being asked, in the terms of the catalogue. */
export interface Told {
  readonly metric: MetricName;
  /** The row whose reading it is; absent: all of them. */
  readonly index?: string;
  /** Of a state set. */
  readonly state?: string;
  /** Of any other, in its unit. */
  readonly value?: number;
}

export interface News {
  readonly told: readonly Told[];
  /** Objects with the values that they have now. */
  readonly varBinds: readonly { readonly oid: Oid; readonly value: SnmpValue | undefined }[];
}

interface AfterNews {
  readonly values: Float64Array;
  readonly metrics: readonly MetricName[];
  readonly places: readonly number[];
}

interface Readings {
  readonly readings: readonly FoundReading[];
  readonly recipes: readonly Recipe[];
  readonly values: Float64Array;
}

/**
 * The values of a device's readings after its news, and what was set or told again: indexes of readings, and their metrics. Only
 * readings that the device was found to have are touched; an object among the news counts as if it had just been read. `undefined`:
 * nothing of it concerns them.
 */
export function afterNews(
  { readings, recipes, values }: Readings,
  { told, varBinds }: News,
): AfterNews | undefined {
  const fresh = Float64Array.from(values);
  const metrics = new Set<MetricName>();
  const places: number[] = [];
  readings.forEach((reading, place) => {
    const value = firstNumber([
      ...told.filter((one) => concerns(one, reading)).map((one) => numberFor(one, reading)),
      readNow(reading, recipes[place], varBinds),
    ]);
    if (Number.isNaN(value)) return;
    fresh[place] = value;
    metrics.add(reading.metric);
    places.push(place);
  });
  return metrics.size === 0 ? undefined : { values: fresh, metrics: [...metrics], places: places };
}

function firstNumber(numbers: readonly number[]): number {
  return numbers.find((number) => !Number.isNaN(number)) ?? Number.NaN;
}

function concerns({ metric, index }: Told, reading: FoundReading): boolean {
  return reading.metric === metric && (index === undefined || reading.leaf.endsWith(`.${index}`));
}

/** What stands for a told state is the number with which the device would have told it. */
function numberFor({ state, value }: Told, { states }: FoundReading): number {
  if (state === undefined) return value ?? Number.NaN;
  return [...(states ?? [])].find(([, name]) => name === state)?.[0] ?? Number.NaN;
}

/** The reading from its object alone; one that needs others beside it waits for the poll. */
function readNow(reading: FoundReading, recipe: Recipe | undefined, varBinds: News['varBinds']): number {
  const found = varBinds.find(({ oid }) => oid === reading.leaf);
  if (found === undefined || recipe === undefined || reading.reader !== undefined) return Number.NaN;
  const raw = new Float64Array(recipe.leaf + 1).fill(Number.NaN);
  raw[recipe.leaf] = numberOf(found.value);
  return valueOf(recipe, raw);
}
