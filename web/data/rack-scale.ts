import type { Rack, Room, SiteDevice } from '../../config/model/site.ts';

/** Heights are counted in lines of a tile. A unit in which nothing stands is drawn thin. */
const EMPTY_LINES = 0.14;
/** A device of one unit has one line, a taller one more, but not in proportion. */
const LINES_OF_HEIGHT: readonly number[] = [1, 1, 1.3, 1.9, 2.5];
const MOST_LINES = 2.7;

function linesOf(height: number): number {
  return LINES_OF_HEIGHT[height] ?? MOST_LINES;
}

/**
 * The height of each rack unit, from the top one down to unit 1, one scale for all racks of a room: what stands at the
 * same unit stands at the same height, and the empty units of a half-filled room cost little space.
 */
export function unitLines(units: number, devices: readonly SiteDevice[]): readonly number[] {
  const lines = Array.from({ length: units }, () => EMPTY_LINES);
  for (const { mount } of devices) {
    if (mount === undefined) continue;
    const share = linesOf(mount.height) / mount.height;
    for (let unit = mount.unit; unit < mount.unit + mount.height; unit += 1) {
      const index = units - unit;
      const present = lines[index];
      if (present !== undefined) lines[index] = Math.max(present, share);
    }
  }
  return lines;
}

export function racksOf(room: Room): readonly Rack[] {
  return room.rows.flatMap((row) => row.racks);
}

export function tallest(racks: readonly Rack[]): number {
  return Math.max(1, ...racks.map((rack) => rack.units));
}

/** The devices of a rack, the topmost first. */
export function mountedIn(rack: string, devices: readonly SiteDevice[]): readonly SiteDevice[] {
  return devices
    .filter((device) => device.mount?.rack === rack)
    .sort((a, b) => (b.mount?.unit ?? 0) - (a.mount?.unit ?? 0));
}

/** What stands in the room, not in a rack. */
export function standingFree(devices: readonly SiteDevice[]): readonly SiteDevice[] {
  return devices.filter((device) => device.mount === undefined);
}

/** Above so many lines a map is drawn dense: a device of one unit then gets a single row of text. */
const ROOMY_LINES = 16;

export function isDense(lines: readonly number[]): boolean {
  return lines.reduce((sum, height) => sum + height, 0) > ROOMY_LINES;
}
