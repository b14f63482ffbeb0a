import type { Known } from '../../../agents/snmp/device.ts';
import type { FoundReading } from '../../../agents/snmp/rows.ts';
import { metricOf, severityOfState, type Unit } from '../../../config/model/metrics.ts';
import type { Severity } from '../../../config/model/severity.ts';
import type { Sensor } from './expected.ts';

/** What became of a sensor. */
export interface Verdict {
  /** Why it is not read. */
  readonly fault?: string;
  /** Whether a state that is read is as grave here as there; absent where nothing is said. */
  readonly isGravityRight?: boolean;
  /** Where it is not: how grave it is here and there. */
  readonly gravity?: string;
}

/** Unit of the sensor → units in which a reading can have it, with the factor. */
const UNITS: Readonly<Record<string, Readonly<Partial<Record<Unit, number>>>>> = {
  C: { celsius: 1 },
  V: { volts: 1 },
  A: { amperes: 1 },
  W: { watts: 1, volt_amperes: 1, volt_amperes_reactive: 1 },
  Hz: { hertz: 1 },
  '%': { ratio: 0.01 },
  rpm: { rpm: 1 },
  min: { seconds: 60 },
  s: { seconds: 1 },
  kWh: { joules: 3_600_000 },
  kPa: { pascals: 1_000 },
  'l/m': { cubic_meters_per_second: 1 / 60_000 },
  dBm: { dbm: 1 },
  dB: { decibels: 1 },
  bps: { bytes_per_second: 1 / 8 },
};

/** Which reading, with which value, stems from a leaf. */
export interface Read {
  readonly reading: FoundReading;
  readonly value: number;
}

/** The readings of a device by their leaf. */
export function byLeaf({ readings, values }: Known): ReadonlyMap<string, readonly Read[]> {
  const all = readings.map((reading, index) => ({ reading, value: values[index] ?? Number.NaN }));
  return Map.groupBy(all, ({ reading }) => reading.leaf);
}

/** Holds a sensor against the readings that stem from its leaf; one that is right is enough. */
export function judge(sensor: Sensor, reads: readonly Read[] = []): Verdict {
  const verdicts = reads.map((read) => judgeOne(sensor, read));
  return verdicts.find(({ fault }) => fault === undefined) ?? verdicts[0] ?? { fault: 'has no reading' };
}

function judgeOne(sensor: Sensor, { reading, value }: Read): Verdict {
  if (Number.isNaN(value)) return { fault: `${reading.metric} is not known` };
  if (sensor.class === 'state') return judgeState(sensor, reading, value);
  const { unit } = metricOf(reading.metric) ?? { unit: 'none' };
  const wanted = wantedValue(sensor, unit);
  if (wanted === undefined) return { fault: `is read in ${unit}: ${reading.metric}` };
  if (isNear(value, wanted) || (sensor.unit === '' && isNear(unscaled(reading, value), wanted))) return {};
  return { fault: `${reading.metric} is ${value}, not ${wanted}` };
}

/** The value that a reading in this unit must have; `undefined` when no reading in it can be right. */
function wantedValue({ unit, value }: Sensor, ours: Unit): number | undefined {
  const factors = UNITS[unit];
  if (factors === undefined) return value;
  const factor = factors[ours];
  return factor === undefined ? undefined : value * factor;
}

/** What has no unit there is told as the device tells it: before it is brought to our unit. */
function unscaled({ multiply, divide, offset }: FoundReading, value: number): number {
  return ((value - offset) * divide) / multiply;
}

function isNear(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) <= Math.max(0.005, Math.abs(wanted) * 0.01);
}

function judgeState({ value: wanted, severity }: Sensor, reading: FoundReading, value: number): Verdict {
  const { metric, states } = reading;
  const expected = expectedState(reading, value, wanted);
  if (value !== expected) return { fault: `${metric} is ${value}, not ${expected ?? wanted}` };
  const state = states?.get(value);
  const fitting = GRAVITIES[severity];
  if (state === undefined || fitting === undefined) return {};
  const severityHere = severityOfState(metric, state);
  if (fitting.includes(severityHere)) return { isGravityRight: true };
  return { isGravityRight: false, gravity: `${metric} ${state} is ${severityHere ?? 'ok'}, not ${severity}` };
}

/** For a text each program has a number of its own; a contact is told as 0 or 1 of our own. */
function expectedState({ map, reader }: FoundReading, value: number, wanted: number): number | undefined {
  const isText = [...(reader?.words?.values() ?? [])].includes(value);
  if (isText) return value;
  return map === undefined ? wanted : map.get(wanted);
}

/** Severity there → severities here that say the same. */
const GRAVITIES: Readonly<Record<string, readonly (Severity | undefined)[]>> = {
  ok: [undefined, 'info'],
  warning: ['minor', 'major'],
  critical: ['major', 'critical'],
  unknown: [undefined, 'info', 'minor'],
};
