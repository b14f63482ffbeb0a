import { WatchkeeperError } from '../../../config/model/errors.ts';
import { labelsKey, METRIC_NAME, without, type Labels } from '../../../config/model/labels.ts';
import type { Matcher } from '../../../config/model/series.ts';
import { TIER_MS, type CoarseTier } from '../../../config/model/tiers.ts';
import type { History } from '../../series/history/keep.ts';
import type { HistoryAsk, HistoryLines } from '../../series/history/store.ts';
import type { SampledSeries } from '../engine.ts';
import { printed } from '../print.ts';
import { labelSetsOf, resultOf, textsOf } from './answer.ts';
import type { Asking } from './asking.ts';
import { ownMatchers, secondsText } from './queries.ts';

/** What is behind the head, read from the engine elsewhere as it would be from the history here. */
export type Past = Pick<History, 'read' | 'names' | 'labelNames' | 'labelValues' | 'flushedToMs'>;

/** So many steps one answer may have, as Prometheus allows. */
const MAX_STEPS = 10_000;

/** `own` are the labels that `remote_write` puts on all that is ours. */
export function elsewherePast(asking: Asking, own: Labels): Past {
  const reader: Reader = {
    selectorText: (matchers) => selectorText([...matchers, ...ownMatchers(own)]),
    names(matchers, fromMs, toMs) {
      const parameters = {
        'match[]': reader.selectorText(matchers),
        start: secondsText(Math.max(0, fromMs)),
        end: secondsText(toMs),
      };
      return asking.ask('series', { parameters }, ({ data }) => labelSetsOf(data, own));
    },
    async matrix(path, parameters) {
      const { value } = await asking.ask(path, { parameters }, (answer) => resultOf(answer, own));
      return value.type === 'matrix' ? value.series : [];
    },
  };
  const ours = Object.keys(own).length === 0 ? {} : { 'match[]': reader.selectorText([]) };
  return {
    // What is not in the head can only be there.
    flushedToMs: Number.POSITIVE_INFINITY,
    names: (matchers, fromMs, toMs) => reader.names(matchers, fromMs, toMs),
    async read(ask) {
      const { tier } = ask;
      const series = await (tier === 'raw' ? readRaw(reader, ask) : readCoarse(reader, ask, tier));
      const count = series.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
      if (count > ask.maxLines)
        throw new WatchkeeperError('query_limit', `the query reads more than ${ask.maxLines} samples`);
      return tier === 'raw'
        ? { series }
        : { series, coarse: { toMs: ask.toMs, resolutionMs: TIER_MS[tier] } };
    },
    async labelNames() {
      const found = await asking.ask('labels', { parameters: ours }, ({ data }) => textsOf(data));
      return found.filter((name) => own[name] === undefined);
    },
    labelValues(name) {
      const path = `label/${encodeURIComponent(name)}/values`;
      return asking.ask(path, { parameters: ours, isGet: true }, ({ data }) => textsOf(data));
    },
  };
}

interface Reader {
  /** With the conditions that tell ours from others. */
  selectorText(matchers: readonly Matcher[]): string;
  names(matchers: readonly Matcher[], fromMs: number, toMs: number): Promise<readonly Labels[]>;
  matrix(
    path: 'query' | 'query_range',
    parameters: Readonly<Record<string, string>>,
  ): Promise<readonly SampledSeries[]>;
}

function selectorText(matchers: readonly Matcher[]): string {
  return printed({ kind: 'selector', matchers, shift: { offsetMs: 0, at: undefined }, from: 0, to: 0 });
}

async function readRaw(
  reader: Reader,
  { matchers, fromMs, toMs, aspects }: HistoryAsk,
): Promise<readonly HistoryLines[]> {
  const query = `${reader.selectorText(matchers)}[${Math.max(1, Math.ceil(toMs - fromMs + 1))}ms]`;
  const found = await reader.matrix('query', { query, time: secondsText(toMs) });
  return found.map(({ labels, timesMs, values }) => {
    // Both ends count, whatever the engine thinks of the first.
    const first = timesMs.findIndex((atMs) => atMs >= fromMs);
    const from = first === -1 ? timesMs.length : first;
    const samples = values.subarray(from);
    return {
      labels,
      timesMs: timesMs.subarray(from),
      columns: aspects.map((aspect) => (aspect === 'count' ? samples.map(() => 1) : samples)),
    };
  });
}

async function readCoarse(
  reader: Reader,
  ask: HistoryAsk,
  tier: CoarseTier,
): Promise<readonly HistoryLines[]> {
  const { matchers, fromMs, toMs, aspects } = ask;
  const tierMs = TIER_MS[tier];
  const span: CoarseSpan = {
    tierMs,
    startMs: Math.ceil(fromMs / tierMs) * tierMs,
    endMs: Math.ceil(toMs / tierMs) * tierMs,
  };
  const lines: HistoryLines[] = [];
  for (const metric of await metricsOf(reader, ask)) {
    const named = reader.selectorText([...matchers, { name: METRIC_NAME, op: '=', value: metric }]);
    const found = await Promise.all(
      aspects.map((aspect) => readSpans(reader, `${aspect}_over_time(${named}[${tierMs}ms])`, span)),
    );
    lines.push(...together(found, metric));
  }
  return lines;
}

async function readSpans(
  reader: Reader,
  query: string,
  { tierMs, startMs, endMs }: CoarseSpan,
): Promise<readonly SampledSeries[]> {
  const parts: SampledSeries[] = [];
  for (let fromMs = startMs; fromMs <= endMs; fromMs += MAX_STEPS * tierMs) {
    const toMs = Math.min(endMs, fromMs + (MAX_STEPS - 1) * tierMs);
    const range = { start: secondsText(fromMs), end: secondsText(toMs), step: secondsText(tierMs) };
    parts.push(...(await reader.matrix('query_range', { query, ...range })));
  }
  return parts;
}

interface CoarseSpan {
  readonly tierMs: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Functions over time drop the name, so that each metric is asked for by itself. */
async function metricsOf(reader: Reader, { matchers, fromMs, toMs }: HistoryAsk): Promise<readonly string[]> {
  const named = matchers.find(({ name, op }) => name === METRIC_NAME && op === '=');
  if (named !== undefined) return [named.value];
  const found = await reader.names(matchers, fromMs, toMs);
  return [...new Set(found.map((labels) => labels[METRIC_NAME] ?? ''))].filter((name) => name !== '');
}

/** One line for each instant at which the first aspect has a value, with the others beside it. */
function together(aspects: readonly (readonly SampledSeries[])[], metric: string): readonly HistoryLines[] {
  const rows = new Map<string, { readonly labels: Labels; readonly columns: Map<number, number>[] }>();
  for (const [index, found] of aspects.entries()) {
    for (const { labels, timesMs, values } of found) {
      const own = { ...without(labels, METRIC_NAME), [METRIC_NAME]: metric };
      const key = labelsKey(own);
      const row = rows.get(key) ?? { labels: own, columns: aspects.map(() => new Map<number, number>()) };
      rows.set(key, row);
      for (const [at, atMs] of timesMs.entries()) row.columns[index]?.set(atMs, values[at] ?? Number.NaN);
    }
  }
  return [...rows.values()].map(({ labels, columns }) => {
    const timesMs = Float64Array.from([...(columns[0]?.keys() ?? [])].sort((a, b) => a - b));
    return {
      labels,
      timesMs,
      columns: columns.map((column) => timesMs.map((atMs) => column.get(atMs) ?? Number.NaN)),
    };
  });
}
