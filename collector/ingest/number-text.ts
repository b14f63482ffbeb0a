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
 * The value in the bytes from `start` to `end` as Prometheus reads it; `undefined` if it is none (and so for one too
 * large). NaN is a value.
 */
export function parseValue(bytes: Buffer, start: number, end: number): number | undefined {
  const plain = parsePlain(bytes, start, end);
  return plain === plain ? plain : parseAny(bytes.toString('latin1', start, end));
}

/** Milliseconds as a page states them beside a value. */
export function parseTimestampMs(text: string): number | undefined {
  return INTEGER.test(text) ? Number(text) : undefined;
}

/** A short decimal without exponent. NaN: it is something else. */
function parsePlain(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] === MINUS) return -parseDigits(bytes, start + 1, end);
  return parseDigits(bytes, start, end);
}

function parseDigits(bytes: Buffer, start: number, end: number): number {
  const length = end - start;
  if (length < 1 || length > EXACT_DIGITS) return Number.NaN;
  let digits = 0;
  let decimals = -1;
  for (let at = start; at < end; at += 1) {
    const digit = digitAt(bytes, at);
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
    else if (digit === POINT && decimals < 0 && length > 1) decimals = end - at - 1;
    else return Number.NaN;
  }
  return decimals > 0 ? shifted(digits, decimals) : digits;
}

function digitAt(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) - ZERO;
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
