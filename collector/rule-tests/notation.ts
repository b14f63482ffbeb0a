import { METRIC_NAME, type Labels } from '../../config/model/labels.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { unwrapped } from '../promql/ast.ts';
import { parseExpression } from '../promql/parse.ts';

/** One value of a series in a test file: a number, the mark of its end, or no sample. */
export type SeriesValue = number | 'stale' | undefined;

/** No series of a test has more values: a year of minutes is half of it. */
const MAX_VALUES = 1_000_000;

/**
 * The name and labels of a series, `up{job="x"}`; `{}` has none.
 * @throws {WatchkeeperError} `invalid_request`, or `query_invalid` where it is no PromQL.
 */
export function labelsIn(text: string): Labels {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === '{}') return {};
  const expr = unwrapped(parseExpression(trimmed));
  if (expr.kind !== 'selector' || expr.matchers.some(({ op }) => op !== '=')) {
    throw invalid(`${JSON.stringify(text)} is no series: a name and labels with =`);
  }
  return Object.fromEntries(
    expr.matchers.filter(({ value }) => value !== '').map(({ name, value }) => [name, value]),
  );
}

/** As `labelsIn`, of a series that has samples. */
export function seriesIn(text: string): Labels {
  const labels = labelsIn(text);
  if (labels[METRIC_NAME] === undefined) throw invalid(`the series ${JSON.stringify(text)} has no name`);
  return labels;
}

const NUMBER = String.raw`[+-]?(?:\d[\d.]*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf|nan)`;
const ITEM = new RegExp(`^(_|stale|${NUMBER})(?:([+-])(${NUMBER}))?(?:x(\\d+))?$`, 'i');

/**
 * What stands at each step of a row, `1+2x3 _ stale NaN`: `a+bxn` is a and n more, each b greater; `_xn` is n without a
 * sample.
 * @throws {WatchkeeperError} `invalid_request`
 */
export function valuesIn(text: string): readonly SeriesValue[] {
  if (text.includes('{{')) throw invalid('values: there are no native histograms here ({{…}})');
  const values: SeriesValue[] = [];
  for (const word of text.split(/\s+/)) if (word !== '') addRun(word, values);
  return values;
}

/** One word of a row of values, which may stand for several. */
function addRun(word: string, values: SeriesValue[]): void {
  const [, first, sign = '', growth = '0', times] = ITEM.exec(word) ?? [];
  if (first === undefined) throw invalid(`${JSON.stringify(word)} is no value of a series`);
  const isGap = first === '_';
  const count = times === undefined ? 1 : Number(times) + (isGap ? 0 : 1);
  if (values.length + count > MAX_VALUES) throw invalid(`a series has more than ${MAX_VALUES} values`);
  const valueAt = isGap ? () => undefined : risingFrom(first, numberIn(sign + growth));
  for (let index = 0; index < count; index += 1) values.push(valueAt(index));
}

function risingFrom(first: string, step: number): (index: number) => SeriesValue {
  if (first === 'stale') return () => 'stale';
  const start = numberIn(first);
  // Not NaN where a step that is infinite has not been made.
  return (index) => (index === 0 ? start : start + index * step);
}

/** A number as PromQL writes it, with `Inf` and `NaN` in any case. */
export function numberIn(text: string): number {
  const plain = text.trim().toLowerCase();
  if (/^[+-]?inf$/.test(plain)) {
    return plain.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return /^[+-]?nan$/.test(plain) ? Number.NaN : Number(plain);
}

function invalid(message: string): WatchkeeperError {
  return new WatchkeeperError('invalid_request', message);
}
