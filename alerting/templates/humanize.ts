import { formatSignificant } from './format.ts';

/** Prometheus' template functions that make numbers readable; same text as there. */

const LARGE = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'] as const;
const SMALL = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'] as const;
const BINARY = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'] as const;

/** `1234567` → `1.235M`. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return formatSignificant(value, 4);
  return Math.abs(value) >= 1 ? divided(value, 1000, LARGE) : multiplied(value);
}

/** `1048576` → `1Mi`. */
export function humanize1024(value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) <= 1) return formatSignificant(value, 4);
  return divided(value, 1024, BINARY);
}

/** `0.123` → `12.3%`. */
export function humanizePercentage(value: number): string {
  return `${formatSignificant(value * 100, 4)}%`;
}

/** Seconds: `3661` → `1h 1m 1s`. */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return formatSignificant(seconds, 4);
  if (seconds === 0) return '0s';
  if (Math.abs(seconds) < 1) return `${multiplied(seconds)}s`;
  const sign = seconds < 0 ? '-' : '';
  const whole = Math.floor(Math.abs(seconds));
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600) % 24;
  const days = Math.floor(whole / 86_400);
  if (days > 0) return `${sign}${days}d ${hours}h ${minutes}m ${whole % 60}s`;
  if (hours > 0) return `${sign}${hours}h ${minutes}m ${whole % 60}s`;
  if (minutes > 0) return `${sign}${minutes}m ${whole % 60}s`;
  return `${sign}${formatSignificant(Math.abs(seconds), 4)}s`;
}

function divided(value: number, base: number, prefixes: readonly string[]): string {
  let left = value;
  let prefix = '';
  for (const next of prefixes) {
    if (Math.abs(left) < base) break;
    prefix = next;
    left /= base;
  }
  return formatSignificant(left, 4) + prefix;
}

function multiplied(value: number): string {
  let left = value;
  let prefix = '';
  for (const next of SMALL) {
    if (Math.abs(left) >= 1) break;
    prefix = next;
    left *= 1000;
  }
  return formatSignificant(left, 4) + prefix;
}
