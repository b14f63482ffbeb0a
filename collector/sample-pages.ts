import { WatchkeeperError } from '../config/model/errors.ts';
import type { Labels } from '../config/model/labels.ts';
import { isStale } from '../config/model/sample.ts';
import type { SeriesSlice } from '../config/model/series.ts';
import { parseExpression } from './promql/parse.ts';
import type { JoinedSeries } from './series/history/joined.ts';

/** Samples of some series over some time, for the command `export`: a page of what is asked for. */
export interface SamplePage {
  readonly series: readonly PagedSeries[];
}

export interface PagedSeries {
  readonly labels: Labels;
  readonly timesMs: readonly number[];
  /** A text where JSON has no number for it; `null` where the series ended. */
  readonly values: readonly (number | string | null)[];
}

/** Larger pages would keep the main loop from its other work while they are written out. */
const MAX_SAMPLES = 40_000;

/** @throws {WatchkeeperError} `query_limit` when the span holds too much for one page: ask for less of it. */
export async function samplePage(
  series: Pick<JoinedSeries, 'select'>,
  request: Readonly<Record<string, unknown>>,
): Promise<SamplePage> {
  const { selector, fromMs, toMs } = request;
  if (typeof selector !== 'string' || !Number.isSafeInteger(fromMs) || !Number.isSafeInteger(toMs)) {
    throw new WatchkeeperError('invalid_request', 'Say selector, fromMs and toMs.');
  }
  const expr = parseExpression(selector);
  if (expr.kind !== 'selector') {
    throw new WatchkeeperError('invalid_request', `${selector} is no selector of series.`);
  }
  const found = await series.select(expr.matchers, Number(fromMs), Number(toMs));
  const pages: PagedSeries[] = [];
  let samples = 0;
  for (const slice of found) {
    samples += slice.end - slice.start;
    if (samples > MAX_SAMPLES) throw new WatchkeeperError('query_limit', 'That is too much for one page.');
    if (slice.end > slice.start) pages.push(paged(slice));
  }
  return { series: pages };
}

function paged({ labels, timesMs, values, start, end }: SeriesSlice): PagedSeries {
  const told: (number | string | null)[] = [];
  for (let index = start; index < end; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (isStale(values, index)) told.push(null);
    else told.push(Number.isFinite(value) ? value : String(value));
  }
  return { labels, timesMs: [...timesMs.subarray(start, end)], values: told };
}
