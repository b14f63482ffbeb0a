import type { Labels } from '../../config/model/labels.ts';
import {
  linesOf,
  numberIn,
  type Exploration,
  type Lines,
  type MatrixResult,
  type Point,
  type Span,
} from './explore.ts';

/** One element of an answer. */
export interface TableRow {
  readonly labels: Labels;
  /** A number; of a text, the text. */
  readonly value: number | string;
}

export type QueryAnswer =
  | { readonly kind: 'lines'; readonly lines: Lines; readonly remarks: readonly string[] }
  | { readonly kind: 'rows'; readonly rows: readonly TableRow[]; readonly remarks: readonly string[] }
  /** In the collector's words. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'cancelled' };

/** Whether the same question may be answered with more a little later, without anybody changing it. */
export function mayComeYet(answer: QueryAnswer, { endMs }: Pick<Exploration, 'endMs'>): boolean {
  const isUntilNow = endMs === undefined;
  switch (answer.kind) {
    case 'unreachable':
      return true;
    case 'lines':
      return isUntilNow && answer.lines.lines.length === 0;
    case 'rows':
      return isUntilNow && answer.rows.length === 0;
    case 'refused':
    case 'cancelled':
      return false;
    default:
      return answer satisfies never;
  }
}

interface Body {
  readonly status: 'success' | 'error';
  readonly error?: string;
  readonly message?: string;
  readonly data?: Data;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

type Data =
  | { readonly resultType: 'matrix'; readonly result: readonly MatrixResult[] }
  | { readonly resultType: 'vector'; readonly result: readonly { metric: Labels; value: Point }[] }
  | { readonly resultType: 'scalar' | 'string'; readonly result: Point };

/** A range of instants, or one. */
export type Asked =
  | { readonly query: string; readonly span: Span }
  | { readonly query: string; readonly atMs: number };

type Send = (path: string, init: RequestInit) => Promise<Response>;

/** Asks the collector by Prometheus' interface; the signal takes the question back, there too. */
export async function ask(send: Send, asked: Asked, signal: AbortSignal): Promise<QueryAnswer> {
  try {
    const response = await send('span' in asked ? '/api/v1/query_range' : '/api/v1/query', {
      method: 'POST',
      body: formOf(asked),
      signal,
    });
    return answerOf((await response.json()) as Body, asked);
  } catch {
    return { kind: signal.aborted ? 'cancelled' : 'unreachable' };
  }
}

function answerOf(
  { status, error, message, data, warnings = [], infos = [] }: Body,
  asked: Asked,
): QueryAnswer {
  if (status !== 'success' || data === undefined) {
    return { kind: 'refused', message: error ?? message ?? '' };
  }
  const remarks = [...warnings, ...infos];
  return 'span' in asked && data.resultType === 'matrix'
    ? { kind: 'lines', lines: linesOf(data.result, asked.span), remarks }
    : { kind: 'rows', rows: rowsOf(data), remarks };
}

function formOf(asked: Asked): URLSearchParams {
  const seconds = (ms: number): string => String(ms / 1_000);
  if (!('span' in asked)) return new URLSearchParams({ query: asked.query, time: seconds(asked.atMs) });
  const { startMs, endMs, stepMs } = asked.span;
  return new URLSearchParams({
    query: asked.query,
    start: seconds(startMs),
    end: seconds(endMs),
    step: seconds(stepMs),
  });
}

function rowsOf(data: Data): readonly TableRow[] {
  switch (data.resultType) {
    case 'vector':
      return data.result.map(({ metric, value }) => ({ labels: metric, value: numberIn(value[1]) }));
    case 'matrix':
      return data.result.map(({ metric, values }) => ({
        labels: metric,
        value: values.map(([, text]) => text).join(' '),
      }));
    case 'scalar':
      return [{ labels: {}, value: numberIn(data.result[1]) }];
    case 'string':
      return [{ labels: {}, value: data.result[1] }];
    default:
      return data satisfies never;
  }
}
