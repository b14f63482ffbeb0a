import { createHash } from 'node:crypto';
import type { Oid } from '../../config/model/oid.ts';
import { defined } from '../../config/model/defined.ts';
import { isNews, laneOf, type Lane } from '../../config/model/lane.ts';
import { severityOfState } from '../../config/model/metrics.ts';
import type { ValueReader } from '../../config/model/profile.ts';
import type { Discovery } from './discovery.ts';
import type { Recipe } from './decode.ts';
import type { Leaf } from './leaves.ts';
import { encodeOid } from './oid.ts';
import type { FoundReading } from './rows.ts';

/** How a device is polled: the leaves to ask for, and how readings come from their raw numbers. */
export interface Plan {
  readonly readings: readonly FoundReading[];
  /** One for each reading, in their order. */
  readonly recipes: readonly Recipe[];
  readonly leaves: readonly Leaf[];
  /** How many raw numbers a poll gives: one for each leaf, then one for each special reading of one. */
  readonly numbers: number;
  /** Leaf → how its value is to be read beside as a plain number, and where that number stands. */
  readonly special: ReadonlyMap<number, readonly SpecialNumber[]>;
  /** Index of the leaf that tells how long the device has been running. */
  readonly uptimeLeaf: number;
  /** Indexes of leaves that must not change; if one does, there are other rows. */
  readonly rowLeaves: readonly number[];
  /** Of each reading. */
  readonly lanes: readonly Lane[];
  /** Indexes of the leaves to ask for in each lane: `ordinary` holds those of the fast one too. */
  readonly leavesOf: Readonly<Record<Lane, readonly number[]>>;
  /** Indexes of the readings whose change is news. */
  readonly news: readonly number[];
  /** Readings that are grave while they are one of these numbers. */
  readonly grave: readonly Grave[];
}

export interface Grave {
  readonly index: number;
  readonly numbers: ReadonlySet<number>;
}

export interface SpecialNumber {
  readonly reader: ValueReader;
  readonly place: number;
}

export const SYS_UPTIME = '1.3.6.1.2.1.1.3.0';

/** One answer. A device with more states than that is no UPS. */
const MAX_FAST_LEAVES = 60;

/** Room for a numeric value without tag and length: most take less, a big Counter64 more; an answer has some to spare. */
const VALUE_BYTES = 5;

function planPolls({ readings, changesWith }: Pick<Discovery, 'readings' | 'changesWith'>): Plan {
  const indexes = new Map<Oid, number>();
  const leaves: Leaf[] = [];
  const leafOf = (oid: Oid): number => {
    const known = indexes.get(oid);
    if (known !== undefined) return known;
    leaves.push({ oid: encodeOid(oid), valueBytes: VALUE_BYTES });
    indexes.set(oid, leaves.length - 1);
    return leaves.length - 1;
  };
  const uptimeLeaf = leafOf(SYS_UPTIME);
  const rowLeaves = changesWith.map(leafOf);
  for (const reading of readings) leavesOf(reading).forEach(leafOf);
  const special = new Map<number, SpecialNumber[]>();
  let numbers = leaves.length;
  const recipes = readings.map((reading) => {
    const { reader } = reading;
    if (reader === undefined) return recipeOf(reading, leafOf(reading.leaf), leafOf);
    const leaf = leafOf(reading.leaf);
    special.set(leaf, [...(special.get(leaf) ?? []), { reader, place: numbers }]);
    numbers += 1;
    return recipeOf(reading, numbers - 1, leafOf);
  });
  const lanes = readings.map(({ metric, labels, lane }) => lane ?? laneOf(metric, labels));
  const always = [uptimeLeaf, ...rowLeaves];
  return {
    readings,
    recipes,
    leaves,
    numbers,
    special,
    uptimeLeaf,
    rowLeaves,
    lanes,
    leavesOf: shareOut(readings, lanes, { leaves, leafOf, always }),
    news: [...readings.keys()].filter((index) => isNewsAt(readings, index)),
    grave: readings.flatMap(graveOf),
  };
}

/** The lane of a leaf is the fastest of those that need it. */
function shareOut(
  readings: readonly FoundReading[],
  lanes: readonly Lane[],
  {
    leaves,
    leafOf,
    always,
  }: { leaves: readonly Leaf[]; leafOf: (oid: Oid) => number; always: readonly number[] },
): Plan['leavesOf'] {
  const needed = (lane: Lane): Set<number> =>
    new Set(
      readings.flatMap((reading, index) => (lanes[index] === lane ? leavesOf(reading).map(leafOf) : [])),
    );
  const fast = needed('fast');
  const ordinary = new Set([...always, ...fast, ...needed('ordinary')]);
  return {
    fast: [...fast].slice(0, MAX_FAST_LEAVES),
    ordinary: [...leaves.keys()].filter((leaf) => ordinary.has(leaf)),
    slow: [...leaves.keys()].filter((leaf) => !ordinary.has(leaf)),
  };
}

function isNewsAt(readings: readonly FoundReading[], index: number): boolean {
  const reading = readings[index];
  return reading !== undefined && isNews(reading.metric);
}

/** A state that calls somebody out: minor ones, such as a sensor that is missing, last for months. */
function graveOf({ metric, states }: FoundReading, index: number): readonly Grave[] {
  const numbers = [...(states ?? [])].filter(([, state]) => {
    const severity = severityOfState(metric, state);
    return severity === 'critical' || severity === 'major';
  });
  return numbers.length === 0 ? [] : [{ index, numbers: new Set(numbers.map(([number]) => number)) }];
}

/** Whether any reading is grave. */
export function isAlarmed({ grave }: Plan, values: Float64Array): boolean {
  return grave.some(({ index, numbers }) => numbers.has(values[index] ?? Number.NaN));
}

/** The readings whose change is news and that have changed; one that was not known before is new. */
export function changesBetween({ news }: Plan, before: Float64Array, after: Float64Array): readonly number[] {
  return news.filter((index) => !Object.is(before[index], after[index]) && !Number.isNaN(after[index]));
}

function leavesOf({ leaf, minus, over, onlyWhile }: FoundReading): readonly Oid[] {
  return [leaf, ...minus, over, onlyWhile?.leaf].filter((oid) => oid !== undefined);
}

function recipeOf(reading: FoundReading, leaf: number, leafOf: (oid: Oid) => number): Recipe {
  const { metric, multiply, divide, isDecibels, offset, invalid, map, states, over, onlyWhile } = reading;
  return defined({
    metric,
    leaf,
    minus: reading.minus.map(leafOf),
    over: over === undefined ? -1 : leafOf(over),
    whileLeaf: onlyWhile === undefined ? -1 : leafOf(onlyWhile.leaf),
    whileIs: onlyWhile?.is ?? [],
    invalid,
    map,
    states,
    multiply,
    divide,
    isDecibels,
    offset,
  });
}

/**
 * Makes plans. Devices of one family have the same readings at the same leaves: they get the same plan, so that a thousand of them do
 * not take a thousand times the memory. It goes when the last of them does.
 */
export function createPlanner(): (discovery: Discovery) => Plan {
  const known = new Map<string, WeakRef<Plan>>();
  return (discovery) => {
    const key = keyOf(discovery);
    const plan = known.get(key)?.deref() ?? planPolls(discovery);
    known.set(key, new WeakRef(plan));
    return plan;
  };
}

function keyOf({ readings, changesWith }: Discovery): string {
  const text = JSON.stringify([readings, changesWith], (_name, value: unknown) =>
    value instanceof Map ? [...value] : value instanceof RegExp ? value.source : value,
  );
  return createHash('sha256').update(text).digest('base64');
}
