/** Units from great to small, each at most once; never the empty text. */
export const DURATION =
  /(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m(?!s))?(?:\d+s)?(?:\d+ms)?(?![\w.])/y;

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

/** One escape, or several in a row that stand for bytes: together they are UTF-8. */
const ESCAPES =
  /\\[abfnrtv\\'"]|\\u[\da-fA-F]{4}|\\U[\da-fA-F]{8}|(?:\\x[\da-fA-F]{2}|\\[0-7]{3})+|\\(?:.|$)/gs;

/**
 * The text of a string literal with its quotes, as Go unquotes it; `undefined` when an escape is wrong. Bytes that are
 * no UTF-8 become U+FFFD.
 */
export function unquote(literal: string): string | undefined {
  const quote = literal[0] ?? '';
  const body = literal.slice(1, -1);
  if (quote === '`') return body;
  let isValid = true;
  const text = body.replace(ESCAPES, (escape: string) => {
    const replaced = textOfEscape(escape, quote);
    if (replaced === undefined) isValid = false;
    return replaced ?? '';
  });
  return isValid ? text : undefined;
}

function textOfEscape(escape: string, quote: string): string | undefined {
  const letter = escape[1] ?? '';
  if (letter === '"' || letter === "'") return letter === quote ? letter : undefined;
  if (letter === 'u' || letter === 'U') return textOfCode(Number.parseInt(escape.slice(2), 16));
  if (letter === 'x' || (letter >= '0' && letter <= '7')) return textOfBytes(escape);
  return SIMPLE_ESCAPES[letter];
}

function textOfCode(code: number): string | undefined {
  const isCharacter = code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}

function textOfBytes(escapes: string): string | undefined {
  const bytes = [...escapes.matchAll(/\\x(..)|\\(...)/g)].map(([, hex, octal]) =>
    hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16),
  );
  if (bytes.some((byte) => !(byte <= 0xff))) return undefined;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}
