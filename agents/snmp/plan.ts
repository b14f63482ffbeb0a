import type { Oid } from '../../config/model/oid.ts';
import { defined } from '../../config/model/defined.ts';
import type { Discovery } from './discovery.ts';
import type { Recipe } from './decode.ts';
import { packLeaves, type Leaf, type PackedGet } from './leaves.ts';
import { encodeOid } from './oid.ts';
import type { Access } from './request.ts';
import type { FoundReading } from './rows.ts';
import type { Budget } from './session.ts';

/** How a device is polled: the leaves to ask for, packed into GETs, and how readings come from their raw numbers. */
export interface Plan {
  readonly leaves: readonly Leaf[];
  /** Changes when the device refuses one of them. */
  readonly gets: PackedGet[];
  /** One for each reading of the discovery, in its order. */
  readonly recipes: readonly Recipe[];
  /** Index of the leaf that tells how long the device has been running. */
  readonly uptimeLeaf: number;
  /** Indexes of leaves that must not change; if one does, there are other rows. */
  readonly rowLeaves: readonly number[];
}

export const SYS_UPTIME = '1.3.6.1.2.1.1.3.0';

/** Room for a numeric value without tag and length: most take less, a big Counter64 more; an answer has some to spare. */
const VALUE_BYTES = 5;

export function planPolls(discovery: Discovery, access: Access, budget: Budget): Plan {
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
  const rowLeaves = discovery.changesWith.map(leafOf);
  const recipes = discovery.readings.map((reading) => recipeOf(reading, leafOf));
  return { leaves, gets: packLeaves(access, budget, leaves), recipes, uptimeLeaf, rowLeaves };
}

function recipeOf(reading: FoundReading, leafOf: (oid: Oid) => number): Recipe {
  const { metric, multiply, divide, offset, invalid, map, states, over, onlyWhile } = reading;
  return defined({
    metric,
    leaf: leafOf(reading.leaf),
    minus: reading.minus.map(leafOf),
    over: over === undefined ? -1 : leafOf(over),
    whileLeaf: onlyWhile === undefined ? -1 : leafOf(onlyWhile.leaf),
    whileIs: onlyWhile?.is ?? [],
    invalid,
    map,
    states,
    multiply,
    divide,
    offset,
  });
}
