import type { Language } from '../../config/model/localized.ts';
import { metricOf, type Unit } from '../../config/model/metrics.ts';
import {
  compactDuration,
  durationWriter,
  quantityWriter,
  type Quantity,
} from '../../config/model/quantity.ts';

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
  /** In digits. */
  shortDate(atMs: number): string;
  /** For an axis, over however long it goes: at midnight the day that begins, else hours and minutes. */
  readonly axisTime: (atMs: number) => string;
  zone(atMs: number): string;
  /** The two largest units of it. */
  duration(durationMs: number): string;
  /** A duration that a page shows while it goes on: from a minute on without seconds, which would tire the eye. */
  age(durationMs: number): string;
  /** The largest unit of an age alone, for where there is room for little. */
  roughAge(durationMs: number): string;
  quantity(value: number, unit: Unit): Quantity;
  /** As short as an axis or a column of numbers wants it: durations in one unit, shares without decimals. */
  compact(value: number, unit: Unit): Quantity;
  number(value: number): string;
}

const MINUTE_MS = 60_000;

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
  const duration = durationWriter(language);
  const quantity = quantityWriter(language);
  const plain = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  return {
    time: (atMs) => time.format(atMs),
    minute: (atMs) => minute.format(atMs),
    instant: (atMs, nowMs) =>
      shortDay.format(atMs) === shortDay.format(nowMs) ? minute.format(atMs) : dayAndMinute.format(atMs),
    full: (atMs) => full.format(atMs),
    date: (atMs) => day.format(atMs),
    shortDate: (atMs) => shortDay.format(atMs),
    axisTime(atMs) {
      const text = minute.format(atMs);
      return text === '00:00' ? shortDay.format(atMs) : text;
    },
    zone: (atMs) => zone.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone,
    duration,
    age: (durationMs) =>
      duration(durationMs < MINUTE_MS ? durationMs : durationMs - (durationMs % MINUTE_MS)),
    roughAge(durationMs) {
      const unitMs = [86_400_000, 3_600_000, MINUTE_MS].find((ms) => durationMs >= ms) ?? 1000;
      return duration(durationMs - (durationMs % unitMs));
    },
    quantity: (value, unit) =>
      unit === 'timestamp_seconds' && Number.isFinite(value)
        ? { number: full.format(value * 1000), unit: '' }
        : quantity(value, unit),
    compact(value, unit) {
      if (!Number.isFinite(value)) return quantity(value, unit);
      if (unit === 'ratio') return { number: percent.format(value * 100), unit: '%' };
      if (unit === 'seconds') return { number: compactDuration(value * 1000, language), unit: '' };
      return quantity(value, unit);
    },
    number: (value) => plain.format(value),
  };
}

const UNIT_AT_THE_END: readonly Unit[] = [
  'bytes_per_second',
  'timestamp_seconds',
  'cubic_meters_per_second',
  'meters_per_second',
  'volt_amperes_reactive',
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
  'coulombs',
  'ohms',
  'meters',
  'lux',
  'decibels',
  'dbm',
];

/** The unit of a metric: ours by the catalogue, another exporter's by how its name ends. */
export function unitOf(metric: string): Unit {
  const known = metricOf(metric);
  if (known !== undefined) return known.unit;
  const stem = metric.replace(/_total$/, '');
  if (stem.endsWith('_time_seconds')) return 'timestamp_seconds';
  return UNIT_AT_THE_END.find((unit) => stem.endsWith(`_${unit}`)) ?? 'none';
}
