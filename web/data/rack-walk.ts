import type { Room, SiteDevice } from '../../config/model/site.ts';
import { mountedIn, racksOf, standingFree } from './rack-scale.ts';

type Arrow = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight';
/** The keys that move in the rack map. */
export type WalkKey = Arrow | 'Home' | 'End';

const KEYS: readonly string[] = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End'];

export function isWalkKey(key: string): key is WalkKey {
  return KEYS.includes(key);
}

/** The map as a keyboard walks it: what stands free is a line above the racks, each rack a column. */
export interface RackMap {
  readonly free: readonly SiteDevice[];
  readonly columns: readonly (readonly SiteDevice[])[];
}

export function rackMap(room: Room, devices: readonly SiteDevice[]): RackMap {
  const columns = racksOf(room).map((rack) => mountedIn(rack.id, devices));
  return { free: standingFree(devices), columns: columns.filter((column) => column.length > 0) };
}

type Step<Spot> = (map: RackMap, spot: Spot) => SiteDevice | undefined;

/** The place in one line that lies where `index` lies in another of `length`. */
function beside(index: number, length: number, otherLength: number): number {
  return Math.floor((index / Math.max(1, length)) * otherLength);
}

const FROM_FREE: Readonly<Record<Arrow, Step<number>>> = {
  ArrowUp: () => undefined,
  ArrowDown: ({ free, columns }, index) => columns[beside(index, free.length, columns.length)]?.[0],
  ArrowLeft: ({ free }, index) => free[index - 1],
  ArrowRight: ({ free }, index) => free[index + 1],
};

interface RackSpot {
  readonly column: number;
  readonly row: number;
}

function unitOf(device: SiteDevice | undefined): number {
  return device?.mount?.unit ?? 0;
}

/** The device of a neighbouring rack that stands nearest in height. */
function across({ columns }: RackMap, { column, row }: RackSpot, by: -1 | 1): SiteDevice | undefined {
  const unit = unitOf(columns[column]?.[row]);
  const distance = (device: SiteDevice): number => Math.abs(unitOf(device) - unit);
  return [...(columns[column + by] ?? [])].sort((a, b) => distance(a) - distance(b))[0];
}

const FROM_RACK: Readonly<Record<Arrow, Step<RackSpot>>> = {
  ArrowUp: ({ free, columns }, { column, row }) =>
    row === 0 ? free[beside(column, columns.length, free.length)] : columns[column]?.[row - 1],
  ArrowDown: ({ columns }, { column, row }) => columns[column]?.[row + 1],
  ArrowLeft: (map, spot) => across(map, spot, -1),
  ArrowRight: (map, spot) => across(map, spot, 1),
};

function indexIn(devices: readonly SiteDevice[], id: string): number {
  return devices.findIndex((device) => device.id === id);
}

function step(map: RackMap, from: string, key: Arrow): SiteDevice | undefined {
  const free = indexIn(map.free, from);
  if (free !== -1) return FROM_FREE[key](map, free);
  const column = map.columns.findIndex((devices) => indexIn(devices, from) !== -1);
  const row = indexIn(map.columns[column] ?? [], from);
  return column === -1 ? (map.free[0] ?? map.columns[0]?.[0]) : FROM_RACK[key](map, { column, row });
}

/** The device that a key leads to from `from`; the same one where the way ends. */
export function walk(map: RackMap, from: string, key: WalkKey): string {
  const all = [...map.free, ...map.columns.flat()];
  if (key === 'Home') return all[0]?.id ?? from;
  if (key === 'End') return all.at(-1)?.id ?? from;
  return step(map, from, key)?.id ?? from;
}
