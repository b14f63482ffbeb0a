const UNIT_MS: Readonly<Record<string, number>> = {
  y: 365 * 86_400_000,
  w: 7 * 86_400_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

/** Units from great to small, each at most once; never the empty text. */
export const DURATION =
  /(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m(?!s))?(?:\d+s)?(?:\d+ms)?(?![\w.])/y;

/** `1h30m` in milliseconds. The text fits `DURATION`. */
export function durationMs(text: string): number {
  let totalMs = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[ywdhms])/g)) {
    totalMs += Number(count) * (UNIT_MS[unit ?? ''] ?? 0);
  }
  return totalMs;
}

/** Decimal with `_` between digits, hexadecimal, octal (`0755`) as Go reads them. NaN when it is none. */
export function numberOf(text: string): number {
  const digits = text.replace(/(?<=[\da-fA-F])_(?=[\da-fA-F])/g, '');
  return /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

const ESCAPE = /\\(?:([abfnrtv\\'"])|x([\da-fA-F]{2})|([0-7]{3})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.|$))/gs;

/** The text of a string literal with its quotes, as Go unquotes it; `undefined` when an escape is wrong. */
export function unquote(literal: string): string | undefined {
  const quote = literal[0] ?? '';
  const body = literal.slice(1, -1);
  if (quote === '`') return body;
  let isValid = true;
  const text = body.replace(ESCAPE, (...found: (string | undefined)[]) => {
    const [, simple, hex, octal, short, long] = found;
    const replaced = escaped({ simple, quote, code: codeOf(hex ?? short ?? long, octal) });
    if (replaced === undefined) isValid = false;
    return replaced ?? '';
  });
  return isValid ? text : undefined;
}

interface Escape {
  readonly simple: string | undefined;
  readonly quote: string;
  readonly code: number | undefined;
}

function escaped({ simple, quote, code }: Escape): string | undefined {
  if (simple === '"' || simple === "'") return simple === quote ? simple : undefined;
  if (simple !== undefined) return SIMPLE_ESCAPES[simple];
  if (code === undefined || code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return String.fromCodePoint(code);
}

function codeOf(hex: string | undefined, octal: string | undefined): number | undefined {
  if (hex !== undefined) return Number.parseInt(hex, 16);
  return octal === undefined ? undefined : Number.parseInt(octal, 8);
}
