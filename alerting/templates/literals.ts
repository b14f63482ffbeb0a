import type { Action } from './action.ts';

/** An int, or with a point or an exponent a float64. */
export function numberOf(text: string): number | bigint {
  const plain = text.replaceAll('_', '');
  if (/^[+-]?0[xX]/.test(plain))
    return BigInt(plain.replace(/^[+-]/, '')) * (plain.startsWith('-') ? -1n : 1n);
  return /^[+-]?\d+$/.test(plain) ? BigInt(plain.replace(/^\+/, '')) : Number(plain);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** The text of a quoted one, or the code of a character in single quotes. */
export function unquote(text: string, action: Action): string | bigint {
  if (text.startsWith('`')) return text.slice(1, -1);
  const inner = text
    .slice(1, -1)
    .replaceAll(
      /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/g,
      (_whole, ...parts: (string | undefined)[]) => {
        const [hex, short, long, octal, plain = ''] = parts;
        const code = hex ?? short ?? long;
        if (code !== undefined) return codePoint(Number.parseInt(code, 16), action);
        if (octal !== undefined) return codePoint(Number.parseInt(octal, 8), action);
        const escaped = ESCAPES[plain] ?? (/["'\\]/.test(plain) ? plain : undefined);
        if (escaped === undefined) throw action.fault(`\\${plain} is no escape`);
        return escaped;
      },
    );
  return text.startsWith("'") ? BigInt(inner.codePointAt(0) ?? 0) : inner;
}

function codePoint(code: number, action: Action): string {
  if (code > 0x10_ff_ff) throw action.fault('an escape is no character');
  return String.fromCodePoint(code);
}
