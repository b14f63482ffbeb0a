import { Instant, isList, Sample, typeName, type Value } from './value.ts';

/** Go's fmt: how values become text. */

/** A float64 as `%v` and `{{ . }}` print it: the shortest digits, with an exponent below 1e-4 and from 1e+06 on. */
function formatFloat(value: number): string {
  return special(value) ?? general(value, undefined);
}

/** `%.4g`. */
export function formatSignificant(value: number, digits: number): string {
  return special(value) ?? general(value, digits);
}

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? undefined : value > 0 ? '+Inf' : '-Inf';
}

/** Go's `g`: an exponent when it is below -4 or not below the precision (6 for the shortest form). */
function general(value: number, precision: number | undefined): string {
  const digits = precision === 0 ? 1 : precision;
  const [mantissa, exponent] = digits === undefined ? shortest(value) : toExponential(value, digits - 1);
  const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  if (exponent < -4 || exponent >= (digits ?? SHORTEST_EXPONENT)) {
    return `${trimmed}e${signed(exponent)}`;
  }
  const fraction = Math.max(0, trimmed.replace(/[-.]/g, '').length - 1 - exponent);
  return negativeZero(value) + toFixed(Number(`${mantissa}e${exponent}`), fraction);
}

function shortest(value: number): readonly [mantissa: string, exponent: number] {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  return [mantissa, Number(exponent)];
}

const SHORTEST_EXPONENT = 6;

function signed(exponent: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function negativeZero(value: number): string {
  return Object.is(value, -0) ? '-' : '';
}

/** A value as `{{ . }}` and `%v` print it. */
export function formatValue(value: Value): string {
  if (typeof value === 'number') return formatFloat(value);
  if (value === undefined) return '<nil>';
  if (typeof value !== 'object') return String(value);
  if (value instanceof Instant) return formatInstant(value.atMs);
  if (value instanceof Sample) return `{${formatValue(value.labels)} ${formatFloat(value.value)}}`;
  if (isList(value)) return `[${value.map(formatValue).join(' ')}]`;
  const pairs = [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${pairs.map(([name, inner]) => `${name}:${formatValue(inner)}`).join(' ')}]`;
}

/** An instant as Go prints a time in UTC. */
export function formatInstant(atMs: number): string {
  const [date = '', time = ''] = new Date(atMs).toISOString().split('T');
  return `${date} ${time.replace(/\.?0*Z$/, '')} +0000 UTC`;
}

/** Several values as Go's Sprint: a space between two that are both no strings. */
export function formatPrint(values: readonly Value[]): string {
  let text = '';
  values.forEach((value, index) => {
    const isSpaced = index > 0 && typeof value !== 'string' && typeof values[index - 1] !== 'string';
    text += (isSpaced ? ' ' : '') + formatValue(value);
  });
  return text;
}

/** `%[flags][width][.precision]verb`. */
const VERB = /%(?<flags>[-+# 0]*)(?<width>\d{0,7})(?:\.(?<precision>\d{0,7}))?(?<verb>.?)/su;

/** A wider field is refused: a rule is no place to fill the memory. */
const MAX_WIDTH = 1_000;

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly verb: string;
}

function specOf(groups: Readonly<Record<string, string | undefined>>): Spec {
  const precision = groups['precision'];
  return {
    flags: groups['flags'] ?? '',
    width: Number(groups['width'] ?? 0),
    precision: precision === undefined ? undefined : Number(precision),
    verb: groups['verb'] ?? '',
  };
}

/** Go's Sprintf for the values of templates; what does not fit is told in the text, as Go does. */
export function formatPrintf(format: string, values: readonly Value[]): string {
  let next = 0;
  let result = '';
  let rest = format;
  for (let match = VERB.exec(rest); match !== null; match = VERB.exec(rest)) {
    const spec = specOf(match.groups ?? {});
    result += rest.slice(0, match.index);
    rest = rest.slice(match.index + match[0].length);
    if (spec.verb === '%') result += '%';
    else if (spec.verb === '') result += '%!(NOVERB)';
    else {
      result += next < values.length ? formatSpec(values[next], spec) : `%!${spec.verb}(MISSING)`;
      next += 1;
    }
  }
  result += rest;
  const extra = values.slice(next).map((value) => `${typeName(value)}=${formatValue(value)}`);
  return extra.length > 0 ? `${result}%!(EXTRA ${extra.join(', ')})` : result;
}

function formatSpec(value: Value, spec: Spec): string {
  if (spec.width > MAX_WIDTH) return '%!(BADWIDTH)';
  if ((spec.precision ?? 0) > MAX_WIDTH) return '%!(BADPREC)';
  return pad(formatVerb(value, spec), spec.flags, spec.width);
}

function pad(text: string, flags: string, width: number): string {
  const missing = width - Array.from(text).length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (flags.includes('0') && /^[-+ ]?\d/.test(text)) {
    const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
    return sign + '0'.repeat(missing) + text.slice(sign.length);
  }
  return ' '.repeat(missing) + text;
}

function formatVerb(value: Value, spec: Spec): string {
  const formatted =
    spec.verb === 'T'
      ? typeName(value)
      : typeof value === 'number'
        ? formatFloatVerb(value, spec)
        : typeof value === 'bigint'
          ? formatIntVerb(value, spec)
          : typeof value === 'string'
            ? formatStringVerb(value, spec)
            : formatOtherVerb(value, spec);
  return formatted ?? `%!${spec.verb}(${typeName(value)}=${formatValue(value)})`;
}

function withSign(text: string, flags: string): string {
  if (/^[-+]/.test(text)) return text;
  return (flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + text;
}

function formatFloatVerb(value: number, { flags, precision, verb }: Spec): string | undefined {
  const text = formatPlainFloat(value, verb.toLowerCase(), precision);
  if (text === undefined) return undefined;
  return withSign(verb === 'E' || verb === 'G' ? text.toUpperCase() : text, flags);
}

function formatPlainFloat(value: number, verb: string, precision: number | undefined): string | undefined {
  switch (verb) {
    case 'v':
    case 'g':
      return precision === undefined ? formatFloat(value) : formatSignificant(value, precision);
    case 'f':
      return special(value) ?? negativeZero(value) + toFixed(value, precision ?? 6);
    case 'e':
      return special(value) ?? exponential(value, precision ?? 6);
    default:
      return undefined;
  }
}

/** How far beyond the wanted digits to look for a value that lies exactly between two. */
const TIE_DIGITS = 50;

/** Number's own toFixed turns to exponents at 1e21 and rounds a half up; Go rounds it to even. */
function toFixed(value: number, precision: number): string {
  if (Math.abs(value) >= 1e21)
    return BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
  const digits = Math.min(MAX_DIGITS, precision);
  const exact = value.toFixed(Math.min(MAX_DIGITS, digits + TIE_DIGITS));
  return roundedEven(value.toFixed(digits), exact);
}

/** The most digits that toFixed and toExponential give. */
const MAX_DIGITS = 100;

function toExponential(value: number, precision: number): readonly [mantissa: string, exponent: number] {
  const digits = Math.min(MAX_DIGITS, precision);
  const [mantissa = '', exponent = '0'] = value.toExponential(digits).split('e');
  const [exact = '', exactExponent = '0'] = value
    .toExponential(Math.min(MAX_DIGITS, digits + TIE_DIGITS))
    .split('e');
  if (exactExponent !== exponent) return [mantissa, Number(exponent)];
  return [roundedEven(mantissa, exact), Number(exponent)];
}

/** The rounded text, or the one below it where the exact value is a tie and the lower digit even. */
function roundedEven(rounded: string, exact: string): string {
  const length = rounded.length;
  const below = exact.slice(0, length);
  const isTie = /^\.?50*$/.test(exact.slice(length));
  return isTie && /[02468]$/.test(below) ? below : rounded;
}

function exponential(value: number, digits: number): string {
  const [mantissa, exponent] = toExponential(value, digits);
  return `${negativeZero(value)}${mantissa}e${signed(exponent)}`;
}

function formatIntVerb(value: bigint, { flags, verb }: Spec): string | undefined {
  switch (verb) {
    case 'v':
    case 'd':
      return withSign(value.toString(), flags);
    case 'x':
      return withSign(value.toString(16), flags);
    case 'X':
      return withSign(value.toString(16).toUpperCase(), flags);
    case 'o':
      return withSign(value.toString(8), flags);
    case 'b':
      return withSign(value.toString(2), flags);
    case 'c':
      return value >= 0n && value <= 0x10_ff_ffn ? String.fromCodePoint(Number(value)) : '\uFFFD';
    default:
      return undefined;
  }
}

function formatStringVerb(value: string, { precision, verb }: Spec): string | undefined {
  const cut = precision === undefined ? value : Array.from(value).slice(0, precision).join('');
  switch (verb) {
    case 'v':
    case 's':
      return cut;
    case 'q':
      return JSON.stringify(cut);
    case 'x':
      return Buffer.from(cut).toString('hex');
    case 'X':
      return Buffer.from(cut).toString('hex').toUpperCase();
    default:
      return undefined;
  }
}

function formatOtherVerb(value: Value, { verb }: Spec): string | undefined {
  if (verb === 'v' || (verb === 't' && typeof value === 'boolean')) return formatValue(value);
  return verb === 's' && typeof value === 'object' ? formatValue(value) : undefined;
}
