import type { Language } from '../../config/model/localized.ts';
import { metricOf, type Unit } from '../../config/model/metrics.ts';

/** A quantity as two texts, so that a page can set the unit smaller than the number. */
export interface Quantity {
  readonly number: string;
  readonly unit: string;
}

/** How one language in one time zone writes instants, durations and quantities. */
export interface Format {
  /** Hours, minutes and seconds. */
  time(atMs: number): string;
  /** Hours and minutes. */
  readonly minute: (atMs: number) => string;
  /** Hours and minutes, with the day if it is not that of `nowMs`. */
  instant(atMs: number, nowMs: number): string;
  /** Year to seconds. */
  full(atMs: number): string;
  date(atMs: number): string;
  zone(atMs: number): string;
  /** The two largest units of it. */
  duration(durationMs: number): string;
  /** A duration that a page shows while it goes on: from a minute on without seconds, which would tire the eye. */
  age(durationMs: number): string;
  quantity(value: number, unit: Unit): Quantity;
  /** As short as an axis or a column of numbers wants it: durations in one unit. */
  compact(value: number, unit: Unit): Quantity;
  number(value: number): string;
}

const MINUTE_MS = 60_000;

const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

function durationOf(language: Language): (durationMs: number) => string {
  const writers = new Map(
    STEPS.map(([unit]) => [
      unit,
      new Intl.NumberFormat(language, {
        style: 'unit',
        unit,
        unitDisplay: language === 'en' ? 'short' : 'narrow',
      }),
    ]),
  );
  const write = (count: number, unit: (typeof STEPS)[number][0]): string =>
    writers.get(unit)?.format(count) ?? '';
  return (durationMs) => {
    let restMs = Math.max(0, durationMs);
    const first = STEPS.findIndex(([, ms]) => restMs >= ms);
    if (first === -1) return write(0, 'second');
    const parts: string[] = [];
    for (const [unit, ms] of STEPS.slice(first, first + 2)) {
      const count = Math.floor(restMs / ms);
      restMs -= count * ms;
      if (count > 0) parts.push(write(count, unit));
    }
    return parts.join(' ');
  };
}

/** Each unit that a page shows other than as a bare number: factor, sign, decimals. */
const SCALES: Partial<
  Record<Unit, { readonly factor: number; readonly sign: string; readonly digits: number }>
> = {
  celsius: { factor: 1, sign: '℃', digits: 1 },
  volts: { factor: 1, sign: 'V', digits: 1 },
  amperes: { factor: 1, sign: 'A', digits: 1 },
  hertz: { factor: 1, sign: 'Hz', digits: 1 },
  pascals: { factor: 1, sign: 'Pa', digits: 0 },
  ratio: { factor: 100, sign: '%', digits: 0 },
  rpm: { factor: 1, sign: 'rpm', digits: 0 },
};

const PREFIXED: Partial<
  Record<Unit, { readonly sign: string; readonly base: number; readonly factor?: number }>
> = {
  watts: { sign: 'W', base: 1000 },
  volt_amperes: { sign: 'VA', base: 1000 },
  joules: { sign: 'J', base: 1000 },
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

function numberOf(language: Language, digits: number): Intl.NumberFormat {
  return new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function quantityOf(language: Language): (value: number, unit: Unit) => Quantity {
  const fixed = [0, 1, 2].map((digits) => numberOf(language, digits));
  const loose = new Intl.NumberFormat(language, { maximumSignificantDigits: 4 });
  const whole = (value: number, digits: number): string => fixed[digits]?.format(value) ?? String(value);
  return (value, unit) => {
    if (!Number.isFinite(value)) return { number: '—', unit: '' };
    const scale = SCALES[unit];
    if (scale !== undefined) return { number: whole(value * scale.factor, scale.digits), unit: scale.sign };
    const wide = PREFIXED[unit];
    if (wide !== undefined) {
      const { value: scaled, prefix } = prefixed(value * (wide.factor ?? 1), wide.base);
      const digits = prefix === '' || Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2;
      return { number: whole(scaled, digits), unit: prefix + wide.sign };
    }
    return { number: loose.format(value), unit: '' };
  };
}

function shortDuration(value: number, duration: (durationMs: number) => string, language: Language): string {
  if (value >= 1 || value === 0) return duration(value * 1000);
  return `${new Intl.NumberFormat(language, { maximumSignificantDigits: 2 }).format(value * 1000)} ms`;
}

function compactDuration(seconds: number, language: Language): string {
  if (Math.abs(seconds) < 1) return shortDuration(seconds, String, language);
  const [unit, ms] = STEPS.find(([, stepMs]) => Math.abs(seconds) * 1000 >= stepMs) ?? ['second', 1000];
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'narrow',
    maximumFractionDigits: 1,
  }).format((seconds * 1000) / ms);
}

/** `timeZone` is the site's, so that all its people read the same hour. */
export function formatOf(language: Language, timeZone: string): Format {
  const writer = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
      timeZone,
      hourCycle: 'h23',
      ...options,
    });
  const time = writer({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const minute = writer({ hour: '2-digit', minute: '2-digit' });
  const dayAndMinute = writer({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
  const day = writer({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' });
  const shortDay = writer({ year: 'numeric', month: '2-digit', day: '2-digit' });
  const full = writer({ dateStyle: 'medium', timeStyle: 'medium' });
  const zone = writer({ timeZoneName: 'shortOffset' });
  const duration = durationOf(language);
  const quantity = quantityOf(language);
  const plain = new Intl.NumberFormat(language);
  return {
    time: (atMs) => time.format(atMs),
    minute: (atMs) => minute.format(atMs),
    instant: (atMs, nowMs) =>
      shortDay.format(atMs) === shortDay.format(nowMs) ? minute.format(atMs) : dayAndMinute.format(atMs),
    full: (atMs) => full.format(atMs),
    date: (atMs) => day.format(atMs),
    zone: (atMs) => zone.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone,
    duration,
    age: (durationMs) =>
      duration(durationMs < MINUTE_MS ? durationMs : durationMs - (durationMs % MINUTE_MS)),
    quantity(value, unit) {
      if (!Number.isFinite(value)) return quantity(value, unit);
      if (unit === 'seconds') return { number: shortDuration(value, duration, language), unit: '' };
      if (unit === 'timestamp_seconds') return { number: full.format(value * 1000), unit: '' };
      return quantity(value, unit);
    },
    compact(value, unit) {
      if (unit !== 'seconds' || !Number.isFinite(value)) return quantity(value, unit);
      return { number: compactDuration(value, language), unit: '' };
    },
    number: (value) => plain.format(value),
  };
}

const UNIT_AT_THE_END: readonly Unit[] = [
  'bytes_per_second',
  'timestamp_seconds',
  'volt_amperes',
  'celsius',
  'volts',
  'amperes',
  'watts',
  'joules',
  'hertz',
  'seconds',
  'bytes',
  'pascals',
  'ratio',
  'rpm',
];

/** The unit of a metric: ours by the catalogue, another exporter's by how its name ends. */
export function unitOf(metric: string): Unit {
  const known = metricOf(metric);
  if (known !== undefined) return known.unit;
  const stem = metric.replace(/_total$/, '');
  if (stem.endsWith('_time_seconds')) return 'timestamp_seconds';
  return UNIT_AT_THE_END.find((unit) => stem.endsWith(`_${unit}`)) ?? 'none';
}
