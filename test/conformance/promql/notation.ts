import type { Labels } from '../../../config/model/labels.ts';
import { parseDurationMs } from '../../../config/model/duration.ts';
import { unquote } from '../../../collector/promql/literals.ts';

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
