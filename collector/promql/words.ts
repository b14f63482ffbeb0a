import { AGGREGATIONS } from './ast.ts';

/** What a word outside of braces is to the language, in capitals or not. */
export type WordType = 'name' | 'number' | 'keyword' | 'op' | 'aggr';

const OPERATORS: ReadonlySet<string> = new Set(['and', 'or', 'unless', 'atan2']);
const KEYWORDS: ReadonlySet<string> = new Set([
  'bool',
  'by',
  'end',
  'group_left',
  'group_right',
  'ignoring',
  'offset',
  'on',
  'start',
  'without',
]);

/** Aggregations that Prometheus has behind a flag. */
const FLAGGED_AGGREGATIONS: ReadonlySet<string> = new Set(['limitk', 'limit_ratio']);

const FLAGGED_FUNCTIONS: ReadonlySet<string> = new Set([
  'double_exponential_smoothing',
  'info',
  'mad_over_time',
  'sort_by_label',
  'sort_by_label_desc',
  'ts_of_last_over_time',
  'ts_of_max_over_time',
  'ts_of_min_over_time',
]);

const NO_METRICS: ReadonlySet<string> = new Set([
  'atan2',
  'bool',
  'group_left',
  'group_right',
  'ignoring',
  'inf',
  'nan',
  'on',
]);

/** The signs that are told as operators. */
export const OPERATOR_MARKS: ReadonlySet<string> = new Set('== != =~ !~ < <= > >= + - * / % ^ @'.split(' '));

export function wordType(text: string): WordType {
  const word = text.toLowerCase();
  if (word === 'inf' || word === 'nan') return 'number';
  if (OPERATORS.has(word)) return 'op';
  if (KEYWORDS.has(word)) return 'keyword';
  const isAggregation = AGGREGATIONS.some((op) => op === word) || FLAGGED_AGGREGATIONS.has(word);
  return isAggregation ? 'aggr' : 'name';
}

/** Whether a word can be a metric's name without quotes: those that would make the grammar ambiguous cannot. */
export function isMetricWord(text: string): boolean {
  return !NO_METRICS.has(text.toLowerCase());
}

/** Whether a word can be a label's name in a list without quotes. */
export function isLabelWord(text: string): boolean {
  return !text.includes(':') && wordType(text) !== 'number' && text.toLowerCase() !== 'without';
}

/** What Prometheus says of a function or an aggregation that it has, but only behind a flag. */
export function flagFault(name: string): string | undefined {
  if (FLAGGED_FUNCTIONS.has(name)) return `function ${JSON.stringify(name)} is not enabled`;
  if (!FLAGGED_AGGREGATIONS.has(name.toLowerCase())) return undefined;
  return `${name.toLowerCase()}() is experimental and must be enabled with --enable-feature=promql-experimental-functions`;
}
