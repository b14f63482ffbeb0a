import type { Room, SiteDevice } from '../../config/model/site.ts';
import { mountedIn, racksOf, standingFree } from './rack-scale.ts';

/** The keys that move in the rack map. */
export type WalkKey = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight' | 'Home' | 'End';

/** The map as a keyboard walks it: what stands free is a line above the racks, each rack a column. */
export interface RackMap {
  readonly free: readonly SiteDevice[];
  readonly columns: readonly (readonly SiteDevice[])[];
}

export function rackMap(room: Room, devices: readonly SiteDevice[]): RackMap {
  const columns = racksOf(room).map((rack) => mountedIn(rack.id, devices));
  return { free: standingFree(devices), columns: columns.filter((column) => column.length > 0) };
}

const KEYS: readonly string[] = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End'];

export function isWalkKey(key: string): key is WalkKey {
  return KEYS.includes(key);
}

function nearest(column: readonly SiteDevice[], unit: number): SiteDevice | undefined {
  const distance = (device: SiteDevice): number => Math.abs((device.mount?.unit ?? 0) - unit);
  return [...column].sort((a, b) => distance(a) - distance(b))[0];
}

function walkFree({ free, columns }: RackMap, index: number, key: WalkKey): SiteDevice | undefined {
  if (key === 'ArrowLeft') return free[index - 1];
  if (key === 'ArrowRight') return free[index + 1];
  if (key !== 'ArrowDown') return undefined;
  const column = Math.floor((index / Math.max(1, free.length)) * columns.length);
  return columns[column]?.[0];
}

function walkRack(map: RackMap, column: number, row: number, key: WalkKey): SiteDevice | undefined {
  const here = map.columns[column] ?? [];
  const unit = here[row]?.mount?.unit ?? 0;
  switch (key) {
    case 'ArrowUp':
      return row > 0
        ? here[row - 1]
        : map.free[Math.floor((column / Math.max(1, map.columns.length)) * map.free.length)];
    case 'ArrowDown':
      return here[row + 1];
    case 'ArrowLeft':
      return nearest(map.columns[column - 1] ?? [], unit);
    case 'ArrowRight':
      return nearest(map.columns[column + 1] ?? [], unit);
    default:
      return undefined;
  }
}

/** The device that a key leads to from `from`; the same one where the way ends. */
export function walk(map: RackMap, from: string, key: WalkKey): string {
  const all = [...map.free, ...map.columns.flat()];
  if (key === 'Home') return all[0]?.id ?? from;
  if (key === 'End') return all.at(-1)?.id ?? from;
  const freeIndex = map.free.findIndex((device) => device.id === from);
  if (freeIndex !== -1) return walkFree(map, freeIndex, key)?.id ?? from;
  const column = map.columns.findIndex((devices) => devices.some((device) => device.id === from));
  const row = (map.columns[column] ?? []).findIndex((device) => device.id === from);
  return column === -1 ? (all[0]?.id ?? from) : (walkRack(map, column, row, key)?.id ?? from);
}
