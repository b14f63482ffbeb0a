import type { Language } from './localized.ts';
import { METRICS, type Unit } from './metrics.ts';

/** A quantity as two texts, so that a page can set the unit smaller than the number. */
export interface Quantity {
  readonly number: string;
  readonly unit: string;
}

const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** Writes the two largest units of a duration: `2 hr 5 min`. */
export function durationWriter(language: Language): (durationMs: number) => string {
  const unitDisplay = language === 'en' ? 'short' : 'narrow';
  const writers = new Map(
    STEPS.map(([unit]) => [unit, new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay })]),
  );
  const write = (count: number, unit: (typeof STEPS)[number][0]): string =>
    writers.get(unit)?.format(count) ?? '';
  return (durationMs) => {
    let restMs = Math.abs(durationMs);
    const first = STEPS.findIndex(([, ms]) => restMs >= ms);
    if (first === -1) return write(0, 'second');
    const parts: string[] = [];
    for (const [unit, ms] of STEPS.slice(first, first + 2)) {
      const count = Math.floor(restMs / ms);
      restMs -= count * ms;
      if (count > 0) parts.push(write(count, unit));
    }
    return (durationMs < 0 ? '-' : '') + parts.join(' ');
  };
}

/** A duration in one unit, for an axis or a column of numbers: `7.1h`. */
export function compactDuration(durationMs: number, language: Language): string {
  if (isMoment(durationMs)) return momentText(durationMs, language);
  const [unit, ms] = STEPS.find(([, stepMs]) => Math.abs(durationMs) >= stepMs) ?? STEPS[3];
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'narrow',
    maximumFractionDigits: 1,
  }).format(durationMs / ms);
}

function isMoment(durationMs: number): boolean {
  return durationMs !== 0 && Math.abs(durationMs) < 1000;
}

function momentText(durationMs: number, language: Language): string {
  return `${new Intl.NumberFormat(language, { maximumSignificantDigits: 2 }).format(durationMs)} ms`;
}

/** Each unit that is told other than as a bare number: factor, sign, decimals. */
const SCALES: Partial<
  Record<Unit, { readonly factor: number; readonly sign: string; readonly digits: number }>
> = {
  celsius: { factor: 1, sign: '℃', digits: 1 },
  volts: { factor: 1, sign: 'V', digits: 1 },
  amperes: { factor: 1, sign: 'A', digits: 1 },
  hertz: { factor: 1, sign: 'Hz', digits: 1 },
  pascals: { factor: 1, sign: 'Pa', digits: 0 },
  ratio: { factor: 100, sign: '%', digits: 1 },
  rpm: { factor: 1, sign: 'rpm', digits: 0 },
  volt_amperes_reactive: { factor: 1, sign: 'var', digits: 0 },
  // Meters count kilowatt-hours, batteries are named by their ampere-hours: nobody reads joules or coulombs.
  joules: { factor: 1 / 3_600_000, sign: 'kWh', digits: 1 },
  coulombs: { factor: 1 / 3600, sign: 'Ah', digits: 1 },
  ohms: { factor: 1000, sign: 'mΩ', digits: 1 },
  meters: { factor: 1, sign: 'm', digits: 2 },
  meters_per_second: { factor: 1, sign: 'm/s', digits: 1 },
  cubic_meters_per_second: { factor: 60_000, sign: 'L/min', digits: 1 },
  lux: { factor: 1, sign: 'lx', digits: 0 },
  dbm: { factor: 1, sign: 'dBm', digits: 1 },
  decibels: { factor: 1, sign: 'dB', digits: 1 },
};

const PREFIXED: Partial<
  Record<Unit, { readonly sign: string; readonly base: number; readonly factor?: number }>
> = {
  watts: { sign: 'W', base: 1000 },
  volt_amperes: { sign: 'VA', base: 1000 },
  bytes: { sign: 'B', base: 1024 },
  // Ports and lines are named by their bits: a port of 1 Gbit/s must read so.
  bytes_per_second: { sign: 'bit/s', base: 1000, factor: 8 },
};

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P'];

function prefixed(value: number, base: number): { readonly value: number; readonly prefix: string } {
  let scaled = value;
  let step = 0;
  while (Math.abs(scaled) >= base && step < PREFIXES.length - 1) {
    scaled /= base;
    step += 1;
  }
  const prefix = PREFIXES[step] ?? '';
  return { value: scaled, prefix: base === 1024 && prefix !== '' ? `${prefix.toUpperCase()}i` : prefix };
}

/** Writes a value of the catalogue in the unit in which people read it. Instants and words are not its business. */
export function quantityWriter(language: Language): (value: number, unit: Unit) => Quantity {
  const fixed = [0, 1, 2].map(
    (digits) =>
      new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  const loose = new Intl.NumberFormat(language, { maximumSignificantDigits: 4 });
  const duration = durationWriter(language);
  const whole = (value: number, digits: number): string => fixed[digits]?.format(value) ?? String(value);
  const lasting = (durationMs: number): string =>
    isMoment(durationMs) ? momentText(durationMs, language) : duration(durationMs);
  return (value, unit) => {
    if (!Number.isFinite(value)) return { number: '—', unit: '' };
    if (unit === 'seconds') return { number: lasting(value * 1000), unit: '' };
    const scale = SCALES[unit];
    if (scale !== undefined) return { number: whole(value * scale.factor, scale.digits), unit: scale.sign };
    const wide = PREFIXED[unit];
    if (wide === undefined) return { number: loose.format(value), unit: '' };
    const { value: scaled, prefix } = prefixed(value * (wide.factor ?? 1), wide.base);
    const digits = prefix === '' || Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2;
    return { number: whole(scaled, digits), unit: prefix + wide.sign };
  };
}

const UNITS: ReadonlySet<string> = new Set(Object.values(METRICS).map(({ unit }) => unit));

/** The unit that a rule names; `undefined` for one of its own. */
function unitNamed(name: string): Unit | undefined {
  return UNITS.has(name) ? (name as Unit) : undefined;
}

/**
 * The value of an alert in the unit that its rule names, `undefined` where a number says nothing (a state, a flag, no
 * unit). A unit of the rule's own stands behind the number as it is.
 */
export function alertQuantity(
  { value, unit }: { readonly value: number; readonly unit?: string | undefined },
  write: (value: number, unit: Unit) => Quantity,
): Quantity | undefined {
  if (unit === undefined || unit === 'state' || unit === 'flag' || !Number.isFinite(value)) return undefined;
  const known = unitNamed(unit);
  return known === undefined ? { number: write(value, 'none').number, unit } : write(value, known);
}
