import { parseDurationMs } from '../../../config/model/duration.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { Matcher } from '../../../config/model/series.ts';
import { parseExpression } from '../../promql/parse.ts';
import type { Range } from '../../promql/engine.ts';

/** How many instants a range query may have; as many as Prometheus allows. */
const MAX_STEPS = 11_000;

/** What a request asks, from its address and its form. */
export type Parameters = URLSearchParams;

function badParameter(name: string, why: string): WatchkeeperError {
  return new WatchkeeperError('invalid_request', `invalid parameter "${name}": ${why}`);
}

export function requiredText(parameters: Parameters, name: string): string {
  const text = parameters.get(name);
  if (text === null || text === '') throw badParameter(name, 'it is missing');
  return text;
}

/** Seconds since 1970 or a date as RFC 3339 has it, in milliseconds. */
export function instantMs(parameters: Parameters, name: string, otherwiseMs: number): number {
  const text = parameters.get(name);
  if (text === null || text === '') return otherwiseMs;
  const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const atMs = isDate ? Date.parse(text) : Math.round(Number(text) * 1_000);
  if (Number.isSafeInteger(atMs)) return atMs;
  throw badParameter(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`);
}

export function rangeOf(parameters: Parameters): Range {
  for (const name of ['start', 'end', 'step']) requiredText(parameters, name);
  const startMs = instantMs(parameters, 'start', 0);
  const endMs = instantMs(parameters, 'end', 0);
  const stepMs = durationOf(parameters, 'step');
  if (endMs < startMs) throw badParameter('end', 'end timestamp must not be before start time');
  if (stepMs <= 0) {
    throw badParameter(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  if ((endMs - startMs) / stepMs > MAX_STEPS) {
    throw new WatchkeeperError(
      'invalid_request',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  return { startMs, endMs, stepMs };
}

function durationOf(parameters: Parameters, name: string): number {
  const text = requiredText(parameters, name);
  const durationMs = parseDurationMs(text) ?? Math.round(Number(text) * 1_000);
  if (Number.isSafeInteger(durationMs)) return durationMs;
  throw badParameter(name, `cannot parse ${JSON.stringify(text)} to a valid duration`);
}

/** At most so many entries; 0 and absence are no limit. */
export function limitOf(parameters: Parameters): number {
  const text = parameters.get('limit') ?? '0';
  if (!/^\d{1,9}$/.test(text)) throw badParameter('limit', 'it must be a whole number, 0 or more');
  return Number(text) === 0 ? Number.POSITIVE_INFINITY : Number(text);
}

/** The selectors of `match[]`. */
export function selectorsIn(parameters: Parameters): readonly (readonly Matcher[])[] {
  return parameters.getAll('match[]').map((text) => {
    const expr = parseExpression(text);
    if (expr.kind === 'selector') return expr.matchers;
    throw badParameter('match[]', `${JSON.stringify(text)} is no selector of series`);
  });
}
