import type { Labels } from '../../../config/model/labels.ts';
import { parseDurationMs } from '../../../config/model/duration.ts';
import { unquote } from '../../../collector/promql/literals.ts';

/** One value of a series in a test file: a number, the mark of its end, or no sample. */
export type Value = number | 'stale' | undefined;

/** `1h30m`, or a number of seconds, in milliseconds. */
export function timeMs(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const size = text.replace(/^-/, '');
  return sign * (parseDurationMs(size) ?? Number(size) * 1_000);
}

const SERIES = /^([^\s{]*)(\{(?:[^"'}]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\})?\s*(.*)$/s;
const QUOTED = `"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'`;
const PAIR = new RegExp(`(${QUOTED}|[\\w.:]+)(?:\\s*=\\s*(${QUOTED}))?`, 'g');

interface SeriesLine {
  readonly labels: Labels;
  readonly rest: string;
  /** Neither labels nor values: a bare number. */
  readonly isBare: boolean;
}

/** `metric{label="v"} rest`. */
export function seriesLine(line: string): SeriesLine {
  const [, name = '', braces, rest = ''] = SERIES.exec(line.trim()) ?? [];
  const named: Labels = name === '' ? {} : { __name__: name };
  return {
    labels: { ...named, ...pairsOf(braces ?? '') },
    rest,
    isBare: braces === undefined && rest === '',
  };
}

function pairsOf(braces: string): Labels {
  const pairs = [...braces.matchAll(PAIR)].map(([, key = '', value]) =>
    value === undefined ? ['__name__', unquoted(key)] : [unquoted(key), unquoted(value)],
  );
  return Object.fromEntries(pairs.filter(([, text]) => text !== ''));
}

/** A word, or a text without its quotes. */
function unquoted(text: string): string {
  return /^["']/.test(text) ? (unquote(text) ?? '') : text;
}

const NUMBER = String.raw`[+-]?(?:\d[\d.]*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf|nan)`;
const ITEM = new RegExp(`^(_|stale|${NUMBER})(?:([+-])(${NUMBER}))?(?:x(\\d+))?$`, 'i');

/** `1+2x3 _ stale NaN`: what stands at each step. */
export function valuesOf(text: string): readonly Value[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return words.flatMap(run);
}

/** One word of a row of values, which may stand for several. */
function run(word: string): readonly Value[] {
  const [, first, sign, growth = '0', times = '0'] = ITEM.exec(word) ?? [];
  if (first === undefined) throw new Error(`not a value: ${word}`);
  const count = Number(times);
  if (first === '_') return Array.from({ length: Math.max(1, count) }, () => undefined);
  if (first === 'stale') return Array.from({ length: count + 1 }, () => 'stale' as const);
  const start = numberOf(first);
  const step = sign === '-' ? -numberOf(growth) : numberOf(growth);
  return Array.from({ length: count + 1 }, (_, index) => (index === 0 ? start : start + index * step));
}

export function numberOf(text: string): number {
  const plain = text.toLowerCase();
  if (plain.endsWith('inf'))
    return plain.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return plain.endsWith('nan') ? Number.NaN : Number(text);
}
