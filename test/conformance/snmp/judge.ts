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
}

/** Unit of the sensor → units in which a reading can have it, with the factor. */
const UNITS: Readonly<Record<string, Readonly<Partial<Record<Unit | (string & {}), number>>>>> = {
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
  'l/m': { cubic_meters_per_second: 1 / 60_000, liters_per_second: 1 / 60, liters_per_minute: 1 },
  dBm: { decibel_milliwatts: 1, watts: 1 },
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
  const wanted = wantedValues(sensor, unit);
  if (wanted.length === 0) return { fault: `is read in ${unit}: ${reading.metric}` };
  if (wanted.some((one) => isNear(value, one))) return {};
  return { fault: `${reading.metric} is ${value}, not ${wanted.join(' or ')}` };
}

/** The values that a reading in this unit may have. What has no unit there may be a plain number or a share here. */
function wantedValues({ unit, value }: Sensor, ours: string): readonly number[] {
  if (unit === '') return ours === 'ratio' ? [value, value / 100] : [value];
  const known = UNITS[unit];
  if (known === undefined) return [value];
  const factor = known[ours];
  return factor === undefined ? [] : [value * factor];
}

function isNear(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) <= Math.max(0.005, Math.abs(wanted) * 0.01);
}

function judgeState({ value: wanted, severity }: Sensor, reading: FoundReading, value: number): Verdict {
  const { metric, map, states } = reading;
  // A contact is told as 0 or 1 of our own.
  const expected = map === undefined ? wanted : map.get(wanted);
  if (value !== expected) return { fault: `${metric} is ${value}, not ${expected ?? wanted}` };
  const state = states?.get(value);
  const fitting = GRAVITIES[severity];
  if (state === undefined || fitting === undefined) return {};
  return { isGravityRight: fitting.includes(severityOfState(metric, state)) };
}

/** Severity there → severities here that say the same. */
const GRAVITIES: Readonly<Record<string, readonly (Severity | undefined)[]>> = {
  ok: [undefined, 'info'],
  warning: ['minor', 'major'],
  critical: ['major', 'critical'],
  unknown: [undefined, 'info', 'minor'],
};
