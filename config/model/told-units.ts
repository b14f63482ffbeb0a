import type { Unit } from './metrics.ts';

/** What a device's own unit is in the catalogue: `told * multiply / divide + offset` in the base unit. */
export interface ToldUnit {
  readonly unit: Unit;
  readonly multiply: number;
  readonly divide: number;
  readonly offset: number;
}

const told = (unit: Unit, multiply = 1, divide = 1, offset = 0): ToldUnit => ({
  unit,
  multiply,
  divide,
  offset,
});

/** By the name that a profile gives it, as it stands in a MIB or a manual. */
export const TOLD_UNITS: Readonly<Record<string, ToldUnit>> = {
  '%': told('ratio', 1, 100),
  V: told('volts'),
  mV: told('volts', 1, 1000),
  kV: told('volts', 1000),
  A: told('amperes'),
  mA: told('amperes', 1, 1000),
  W: told('watts'),
  kW: told('watts', 1000),
  VA: told('volt_amperes'),
  kVA: told('volt_amperes', 1000),
  var: told('volt_amperes_reactive'),
  kvar: told('volt_amperes_reactive', 1000),
  Wh: told('joules', 3600),
  kWh: told('joules', 3_600_000),
  MWh: told('joules', 3_600_000_000),
  Hz: told('hertz'),
  C: told('celsius'),
  F: told('celsius', 5, 9, -160 / 9),
  K: told('celsius', 1, 1, -273.15),
  s: told('seconds'),
  ms: told('seconds', 1, 1000),
  ticks: told('seconds', 1, 100),
  min: told('seconds', 60),
  h: told('seconds', 3600),
  days: told('seconds', 86_400),
  Ah: told('coulombs', 3600),
  Pa: told('pascals'),
  hPa: told('pascals', 100),
  kPa: told('pascals', 1000),
  bar: told('pascals', 100_000),
  psi: told('pascals', 6_894.757),
  inH2O: told('pascals', 249.0889),
  'm/s': told('meters_per_second'),
  fpm: told('meters_per_second', 508, 100_000),
  'l/s': told('cubic_meters_per_second', 1, 1000),
  'l/min': told('cubic_meters_per_second', 1, 60_000),
  'l/h': told('cubic_meters_per_second', 1, 3_600_000),
  'm3/h': told('cubic_meters_per_second', 1, 3600),
  gpm: told('cubic_meters_per_second', 3_785_411_784, 60_000_000_000_000),
  cfm: told('cubic_meters_per_second', 28_316_846_592, 60_000_000_000_000),
  rpm: told('rpm'),
  mOhm: told('ohms', 1, 1000),
  cm: told('meters', 1, 100),
  mm: told('meters', 1, 1000),
  KiB: told('bytes', 1024),
  MiB: told('bytes', 1_048_576),
};
