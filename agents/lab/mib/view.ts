import type { Oid } from '../../../config/model/oid.ts';
import { compareOids, encodeOid } from '../../snmp/oid.ts';
import type { SnmpValue } from '../../snmp/value.ts';
import type { Room } from '../room/room.ts';

/** One instance of an object, and what it reads as in a room; `undefined` while there is none (an alarm that is over). */
export interface MibObject {
  readonly oid: Oid;
  /** The scalar or column that it is an instance of. */
  readonly type: Oid;
  readonly read: (room: Room) => SnmpValue | undefined;
}

/** All objects of one device in the order of a walk. */
export interface MibView {
  readonly objects: readonly MibObject[];
  /** The encoded identifiers, in the same order. */
  readonly keys: readonly Uint8Array[];
  readonly indexOf: ReadonlyMap<Oid, number>;
  readonly types: ReadonlySet<Oid>;
}

/** @throws {Error} when an object stands twice: a fault of the view, found when the lab starts. */
export function mibView(objects: readonly MibObject[]): MibView {
  const keyed = objects.map((object) => ({ object, key: encodeOid(object.oid) }));
  keyed.sort((a, b) => compareOids(a.key, b.key));
  const indexOf = new Map(keyed.map(({ object }, index) => [object.oid, index]));
  if (indexOf.size !== objects.length) throw new Error('an object stands twice in a view');
  return {
    objects: keyed.map(({ object }) => object),
    keys: keyed.map(({ key }) => key),
    indexOf,
    types: new Set(objects.map(({ type }) => type)),
  };
}

/** Where the first object stands that a walk meets after this identifier; the number of objects when there is none. */
export function indexAfter({ keys }: MibView, oid: Oid): number {
  const wanted = encodeOid(oid);
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = keys[middle];
    if (key !== undefined && compareOids(key, wanted) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

type Read<R> = (row: R, room: Room) => SnmpValue | undefined;

/** Scalars below an identifier: number → what it reads as. */
export function scalars(
  base: Oid,
  reads: Readonly<Record<string, (room: Room) => SnmpValue | undefined>>,
): readonly MibObject[] {
  return Object.entries(reads).map(([number, read]) => ({
    oid: `${base}.${number}.0`,
    type: `${base}.${number}`,
    read,
  }));
}

/** A conceptual table: rows by their index (from 1, as they stand), columns by their number below the entry. */
export function table<R>(
  entry: Oid,
  rows: readonly R[],
  columns: Readonly<Record<string, Read<R>>>,
): readonly MibObject[] {
  return Object.entries(columns).flatMap(([column, read]) =>
    rows.map((row, position) => ({
      oid: `${entry}.${column}.${position + 1}`,
      type: `${entry}.${column}`,
      read: (room: Room) => read(row, room),
    })),
  );
}
