import type { Labels } from './labels.ts';

/** One value of one series at one instant. */
export interface Sample {
  readonly metric: string;
  readonly labels: Labels;
  readonly value: number;
  readonly atMs: number;
}

/** What one device told about one quantity, with where it came from. */
export interface Reading {
  /** A name of `METRICS`, or one owed to node_exporter. */
  readonly metric: string;
  /** Without `device`: the reading stands below its device. */
  readonly labels: Labels;
  /** In the metric's base unit. For a state set: the number that the device gave. */
  readonly value: number;
  /** For a state set: the state's name, one of the metric's `states`. */
  readonly state?: string;
  /** The leaf OID, or the name of the source where there is none (`host`). */
  readonly source: string;
  readonly atMs: number;
}

const STALE_HIGH = 0x7ff0_0000;
const STALE_LOW = 2;

/**
 * Prometheus' staleness marker (0x7ff0000000000002) is a NaN of its own bits. A number in JavaScript may lose them,
 * so both functions work on the array's buffer.
 */
export function markStale(values: Float64Array, index: number): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset + index * 8, 2);
  bits[0] = STALE_LOW;
  bits[1] = STALE_HIGH;
}

/** Whether the value at this index is a staleness marker: the series ended there. */
export function isStale(values: Float64Array, index: number): boolean {
  const value = values[index];
  if (value === value) return false;
  const bits = new Uint32Array(values.buffer, values.byteOffset + index * 8, 2);
  return bits[0] === STALE_LOW && bits[1] === STALE_HIGH;
}
