import type { DeviceKind, Layer } from './device.ts';
import type { Localized } from './localized.ts';

/** A place and what stands in it, as the site's file describes it and as the browser shows it. Holds no address and no secret. */
export interface Site {
  readonly name: Localized;
  /** A demonstration says so on every page and offers the lab. */
  readonly isDemonstration: boolean;
  readonly timeZone: string;
  readonly rooms: readonly Room[];
  readonly devices: readonly SiteDevice[];
}

export interface Room {
  readonly id: string;
  readonly name: Localized;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly id: string;
  readonly racks: readonly Rack[];
}

export interface Rack {
  readonly id: string;
  /** Height in rack units; unit 1 is the lowest. */
  readonly units: number;
}

export interface SiteDevice {
  /** The `device` label of its series. */
  readonly id: string;
  readonly name: Localized;
  readonly kind: DeviceKind;
  readonly layer: Layer;
  readonly room: string;
  /** Absent: it stands in the room, not in a rack. */
  readonly mount?: Mount;
  /** Where it stands in words, for what has no rack. */
  readonly place?: Localized;
  /** The feeds (A, B) that it draws from, or for a UPS the one that it carries. */
  readonly feeds: readonly string[];
  /** The switch or firewall that it is reached through: when that falls silent, this one does. */
  readonly behind?: string;
}

export interface Mount {
  readonly rack: string;
  /** The lowest unit that it takes. */
  readonly unit: number;
  /** How many units it takes. */
  readonly height: number;
}
