import type { VectorElement } from '../../../alerting/ports.ts';
import { WatchkeeperError, type ErrorCode } from '../../../config/model/errors.ts';
import type { Labels } from '../../../config/model/labels.ts';
import type { QueryResult, QueryValue, SampledSeries } from '../engine.ts';

/** What an engine answered to a request that it took: `data` is as it came, to be read by what was asked. */
export interface AnswerData {
  readonly data: unknown;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** More remarks are not told. */
const MAX_REMARKS = 100;
/** More series are no answer to a person or a rule. */
const MAX_SERIES = 200_000;
const MAX_LABELS = 64;
const MAX_LABEL_CHARS = 2_048;
const MAX_MESSAGE_CHARS = 500;

const CODES: Readonly<Record<string, ErrorCode>> = {
  bad_data: 'query_invalid',
  timeout: 'query_limit',
  canceled: 'query_limit',
  execution: 'query_failed',
  // VictoriaMetrics tells the status instead.
  '400': 'query_invalid',
  '422': 'query_failed',
};

/**
 * The data of an answer.
 * @throws {WatchkeeperError} what the engine says is wrong; `engine_away` where it is no answer of such an engine.
 */
export function dataOf({ status, text }: { readonly status: number; readonly text: string }): AnswerData {
  const body = objectOf(jsonOf(text, status), 'the answer');
  if (body['status'] === 'error') throw refused(body, status);
  if (body['status'] !== 'success' || status !== 200) throw unreadable(`it answered ${status}`);
  return {
    data: body['data'],
    warnings: remarksOf(body['warnings']),
    infos: remarksOf(body['infos']),
  };
}

function jsonOf(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(`it answered ${status}: ${text.slice(0, MAX_MESSAGE_CHARS).trim()}`);
  }
}

function refused({ errorType, error }: Readonly<Record<string, unknown>>, status: number): WatchkeeperError {
  const message = String(error).slice(0, MAX_MESSAGE_CHARS);
  const code = status < 500 || errorType === 'timeout' ? CODES[String(errorType)] : undefined;
  return code === undefined
    ? unreadable(`it answered ${status}: ${message}`)
    : new WatchkeeperError(code, message);
}

function unreadable(why: string): WatchkeeperError {
  return new WatchkeeperError('engine_away', why);
}

function remarksOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_REMARKS).map((text) => String(text).slice(0, MAX_MESSAGE_CHARS));
}

/** The value of a query. `own` are the labels that stand on all that is ours; they are taken off. */
export function resultOf({ data, warnings, infos }: AnswerData, own: Labels): QueryResult {
  const { resultType, result } = objectOf(data, 'data');
  return { value: valueOf(resultType, result, own), warnings, infos };
}

function valueOf(type: unknown, result: unknown, own: Labels): QueryValue {
  switch (type) {
    case 'scalar':
      return { type, value: pairOf(result).value };
    case 'string':
      return { type, value: String(listOf(result, 'result')[1]) };
    case 'vector':
      return { type, elements: listOf(result, 'result').flatMap((item) => elementOf(item, own)) };
    case 'matrix':
      return { type, series: listOf(result, 'result').flatMap((item) => sampledOf(item, own)) };
    default:
      throw unreadable(`a result of the type ${JSON.stringify(type)?.slice(0, 50)}`);
  }
}

/** Native histograms are passed over, as none of ours are any. */
function elementOf(item: unknown, own: Labels): readonly VectorElement[] {
  const { metric, value } = objectOf(item, 'an element');
  return value === undefined ? [] : [{ labels: labelsOf(metric, own), value: pairOf(value).value }];
}

function sampledOf(item: unknown, own: Labels): readonly SampledSeries[] {
  const { metric, values } = objectOf(item, 'a series');
  if (values === undefined) return [];
  const pairs = listOf(values, 'values', Number.POSITIVE_INFINITY).map(pairOf);
  return [
    {
      labels: labelsOf(metric, own),
      timesMs: Float64Array.from(pairs, ({ atMs }) => atMs),
      values: Float64Array.from(pairs, ({ value }) => value),
    },
  ];
}

/** The labels of a series; no more and no longer than a series of ours may have. */
export function labelsOf(value: unknown, own: Labels): Labels {
  const entries = Object.entries(objectOf(value, 'metric'));
  if (entries.length > MAX_LABELS) throw unreadable(`a series has more than ${MAX_LABELS} labels`);
  const labels: Record<string, string> = {};
  for (const [name, text] of entries) {
    if (typeof text !== 'string') throw unreadable(`the label ${name.slice(0, 50)} is no text`);
    if (name.length > MAX_LABEL_CHARS || text.length > MAX_LABEL_CHARS)
      throw unreadable(`the label ${name.slice(0, 50)} is too long`);
    if (own[name] !== text) Object.defineProperty(labels, name, { value: text, ...PLAIN });
  }
  return labels;
}

/** `__proto__` is a name as any other. */
const PLAIN = { enumerable: true, writable: true, configurable: true };

/** A list of texts. */
export function textsOf(data: unknown): readonly string[] {
  return listOf(data, 'data').map((text) => {
    if (typeof text === 'string' && text.length <= MAX_LABEL_CHARS) return text;
    throw unreadable('a list of texts holds something else');
  });
}

/** A list of label sets. */
export function labelSetsOf(data: unknown, own: Labels): readonly Labels[] {
  return listOf(data, 'data').map((item) => labelsOf(item, own));
}

function pairOf(pair: unknown): { readonly atMs: number; readonly value: number } {
  const [seconds, text, ...more] = listOf(pair, 'a sample');
  const value = typeof text === 'string' ? numberOf(text) : undefined;
  if (typeof seconds !== 'number' || value === undefined || more.length > 0)
    throw unreadable('a sample that is none');
  return { atMs: Math.round(seconds * 1_000), value };
}

function numberOf(text: string): number | undefined {
  if (text === 'NaN') return Number.NaN;
  const sign = /^([+-]?)Inf$/.exec(text)?.[1];
  if (sign !== undefined) return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? undefined : value;
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unreadable(`${what} is no object`);
  return value as Readonly<Record<string, unknown>>;
}

function listOf(value: unknown, what: string, max = MAX_SERIES): readonly unknown[] {
  if (!Array.isArray(value)) throw unreadable(`${what} is no list`);
  if (value.length > max) throw new WatchkeeperError('query_limit', `${what} has more than ${max} entries`);
  return value;
}
