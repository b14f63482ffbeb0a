/** A number from -1 to 1 that moves smoothly with time, about once in a period: the same for the same arguments, always. */
export function noise(seed: number, atMs: number, periodMs: number): number {
  const position = atMs / periodMs;
  const cell = Math.floor(position);
  const share = position - cell;
  const eased = share * share * (3 - 2 * share);
  const from = scatter(seed, cell);
  return from + (scatter(seed, cell + 1) - from) * eased;
}

/** A seed of a thing's own within the room's, so that no two things move alike. */
export function seedOf(roomSeed: number, name: string): number {
  let seed = roomSeed | 0;
  for (let index = 0; index < name.length; index += 1) {
    seed = Math.imul(seed ^ name.charCodeAt(index), 0x0100_0193);
  }
  return seed;
}

/** Bits of both numbers mixed until nothing of their order is left, as a number from -1 to 1. */
function scatter(seed: number, cell: number): number {
  let bits = Math.imul(seed ^ Math.imul(cell | 0, 0x9e37_79b1), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0xc2b2_ae35);
  bits ^= bits >>> 13;
  return (bits >>> 0) / 0x7fff_ffff - 1;
}

const HOUR_MS = 3_600_000;
/** The room stands in China: one zone, no summer time. */
const UTC_OFFSET_MS = 8 * HOUR_MS;

/** How busy the centre is by the time of day: near 0 at night, near 1 in office hours, smooth between. */
export function officeActivity(atMs: number): number {
  const hour = ((atMs + UTC_OFFSET_MS) / HOUR_MS) % 24;
  return sigmoid((hour - 8.2) * 3) * sigmoid((17.8 - hour) * 3);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Where a value is after `dtMs` that nears `target` with the time constant `tauMs`. */
export function approach(value: number, target: number, dtMs: number, tauMs: number): number {
  return target + (value - target) * Math.exp(-dtMs / tauMs);
}

export function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
