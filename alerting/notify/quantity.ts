import type { Language } from '../../config/model/localized.ts';
import type { Unit } from '../../config/model/metrics.ts';

/** How numbers, durations and instants stand in messages. */

interface Scale {
  readonly sign: string;
  readonly factor?: number;
  readonly digits: number;
}

/** Units whose values stand for themselves; seconds and bytes are told apart below, states and flags not at all. */
const SCALES: Partial<Record<Unit, Scale>> = {
  celsius: { sign: ' ℃', digits: 1 },
  volts: { sign: ' V', digits: 1 },
  amperes: { sign: ' A', digits: 1 },
  hertz: { sign: ' Hz', digits: 1 },
  pascals: { sign: ' Pa', digits: 0 },
  ratio: { sign: ' %', factor: 100, digits: 1 },
  rpm: { sign: ' rpm', digits: 0 },
  watts: { sign: ' kW', factor: 1e-3, digits: 2 },
  volt_amperes: { sign: ' kVA', factor: 1e-3, digits: 2 },
  joules: { sign: ' kWh', factor: 1 / 3.6e6, digits: 2 },
  bytes: { sign: ' GiB', factor: 2 ** -30, digits: 2 },
  bytes_per_second: { sign: ' Mbit/s', factor: 8e-6, digits: 2 },
};

/**
 * A value in the unit that its rule states, `undefined` where a number says nothing (a state, a flag, no unit). A unit
 * of the rule's own stands behind the number as it is.
 */
export function formatQuantity(
  value: number,
  unit: string | undefined,
  language: Language,
): string | undefined {
  if (unit === undefined || WORDLESS.has(unit) || !Number.isFinite(value)) return undefined;
  if (unit === 'seconds') return formatDuration(value * 1000, language);
  const { sign, factor, digits } = scaleOf(unit);
  return rounded(value * (factor ?? 1), digits, language) + sign;
}

function scaleOf(unit: string): Scale {
  const scale = Object.hasOwn(SCALES, unit) ? SCALES[unit as Unit] : undefined;
  return scale ?? { sign: unit === 'count' || unit === 'none' ? '' : ` ${unit}`, digits: 3 };
}

/** Units of values that say nothing as a number. */
const WORDLESS: ReadonlySet<string> = new Set(['state', 'flag']);

function rounded(value: number, digits: number, language: Language): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

const PARTS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** The two largest units of a duration: `2 hr 5 min`. */
export function formatDuration(durationMs: number, language: Language): string {
  const sign = durationMs < 0 ? '-' : '';
  let restMs = Math.abs(durationMs);
  const first = PARTS.findIndex(([, unitMs]) => restMs >= unitMs);
  const parts: string[] = [];
  for (const [unit, unitMs] of first < 0 ? PARTS.slice(-1) : PARTS.slice(first, first + 2)) {
    const count = Math.floor(restMs / unitMs);
    restMs -= count * unitMs;
    if (count > 0 || parts.length === 0) {
      parts.push(
        new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(count),
      );
    }
  }
  return sign + parts.join(' ');
}

/** An instant in the site's zone: `2026-11-22 11:05:07`. */
export function formatInstant(atMs: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(atMs);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}
