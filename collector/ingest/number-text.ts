const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITY = /^[+-]?inf(?:inity)?$/i;
const INTEGER = /^-?\d{1,18}$/;

/** 10^15 is the last power of ten below which every whole number with as many digits is exact. */
const EXACT_DIGITS = 15;
const ZERO = 48;
const MINUS = 45;
const POINT = 46 - ZERO;
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/**
 * The value in `text` from `start` to `end` as Prometheus reads it; `undefined` if it is none (and so for one too
 * large). NaN is a value.
 */
export function parseValue(text: string, start: number, end: number): number | undefined {
  const plain = parsePlain(text, start, end);
  return plain === plain ? plain : parseAny(text.slice(start, end));
}

/** Milliseconds as a page states them beside a value. */
export function parseTimestampMs(text: string): number | undefined {
  return INTEGER.test(text) ? Number(text) : undefined;
}

/** A short decimal without exponent. NaN: it is something else. */
function parsePlain(text: string, start: number, end: number): number {
  if (text.charCodeAt(start) === MINUS) return -parseDigits(text, start + 1, end);
  return parseDigits(text, start, end);
}

function parseDigits(text: string, start: number, end: number): number {
  const length = end - start;
  if (length < 1 || length > EXACT_DIGITS) return Number.NaN;
  let digits = 0;
  let decimals = -1;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
    else if (digit === POINT && decimals < 0 && length > 1) decimals = end - at - 1;
    else return Number.NaN;
  }
  return decimals > 0 ? shifted(digits, decimals) : digits;
}

/** A quotient of two exact numbers is the nearest one. */
function shifted(digits: number, decimals: number): number {
  return digits / (POWERS[decimals] ?? Number.NaN);
}

function parseAny(text: string): number | undefined {
  if (NUMBER.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  if (/^nan$/i.test(text)) return Number.NaN;
  if (!INFINITY.test(text)) return undefined;
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
