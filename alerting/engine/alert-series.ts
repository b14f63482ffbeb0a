import type { AlertInstance } from '../../config/model/alert.ts';
import { METRIC_NAME, type Labels } from '../../config/model/labels.ts';
import { remembered } from '../../config/model/remembered.ts';
import type { RuleSeries, RuleSeriesSink } from '../ports.ts';
import type { Rule } from '../rules/rule.ts';
import type { Instances } from './evaluate.ts';

/** What a rule wrote last, so that the series which are not written again can be ended. */
export interface Written {
  /** What its series are called. */
  readonly metrics: readonly string[];
  /** By the key of the result. */
  readonly results: ReadonlyMap<string, WrittenResult>;
}

type AlertState = 'pending' | 'firing';

/** The series of one result; one that there was no room for is missing. */
interface WrittenResult {
  readonly state: AlertState | 'recorded';
  /** `ALERTS`, or what is recorded. */
  readonly value: RuleSeries | undefined;
  /** `ALERTS_FOR_STATE`. */
  readonly since: RuleSeries | undefined;
}

/** What a rule records at one instant, by a key that is its own among those of the rule. */
export interface Recorded {
  readonly key: string;
  /** With the name of the metric. */
  readonly labels: Labels;
  readonly value: number;
}

/** Where results are written, and at which instant. */
interface Writing {
  readonly sink: RuleSeriesSink;
  readonly atMs: number;
}

const ALERTS = 'ALERTS';
const ALERTS_FOR_STATE = 'ALERTS_FOR_STATE';

/** Of a rule that has not written yet. */
export function nothingWritten(rule: Pick<Rule, 'kind' | 'name'>): Written {
  const metrics = rule.kind === 'alert' ? [ALERTS, ALERTS_FOR_STATE] : [rule.name];
  return { metrics, results: new Map() };
}

/** How results are written: of thousands that are as before nothing is made. */
interface Kind<Result, State extends WrittenResult['state']> {
  readonly keyOf: (result: Result) => string;
  /** `undefined`: nothing is written of it. */
  readonly stateOf: (result: Result) => State | undefined;
  readonly seriesOf: (result: Result, state: State, sink: RuleSeriesSink) => WrittenResult;
  readonly append: (result: Result, series: WrittenResult, atMs: number) => void;
}

const ALERT: Kind<AlertInstance, AlertState> = {
  keyOf: ({ fingerprint }) => fingerprint,
  stateOf({ phase }) {
    if (phase.kind === 'resolved') return undefined;
    return phase.kind === 'pending' ? 'pending' : 'firing';
  },
  seriesOf: ({ labels }, state, sink) => seriesOfAlert(labels, state, sink),
  append({ phase }, { value, since }, atMs) {
    if (phase.kind === 'resolved') return;
    value?.append(atMs, 1);
    since?.append(atMs, phase.sinceMs / 1000);
  },
};

const RECORDED: Kind<Recorded, 'recorded'> = {
  keyOf: ({ key }) => key,
  stateOf: () => 'recorded',
  seriesOf: ({ labels }, state, sink) => ({ state, value: sink.seriesOf(labels), since: undefined }),
  append: (result, { value }, atMs) => value?.append(atMs, result.value),
};

/**
 * Writes alerts as Prometheus does, and ends what was written before and is not now. A held alert stands as firing: it
 * has not resolved, and a dead band that looks at itself through `ALERTS` must find itself where it was.
 */
export function writeAlerts(instances: Instances, before: Written, writing: Writing): Written {
  return write([...instances.values()], ALERT, before, writing);
}

/** Writes what a rule records, and ends what it recorded before and does not now. */
export function writeRecorded(results: readonly Recorded[], before: Written, writing: Writing): Written {
  return write(results, RECORDED, before, writing);
}

/** No two results have the same key. */
function write<Result, State extends WrittenResult['state']>(
  results: readonly Result[],
  kind: Kind<Result, State>,
  before: Written,
  { sink, atMs }: Writing,
): Written {
  if (results.length === 0 && before.results.size === 0) return before;
  const isSame = areStill(results, kind, before);
  const after = isSame ? before : { ...before, results: seriesOfAll(results, kind, before, sink) };
  for (const result of results) {
    const series = after.results.get(kind.keyOf(result));
    if (series !== undefined) kind.append(result, series, atMs);
  }
  if (!isSame) endAllBut(after, before, atMs);
  tell(before, sink);
  return after;
}

/** Whether the very series are written that were written before. */
function areStill<Result, State extends WrittenResult['state']>(
  results: readonly Result[],
  { keyOf, stateOf }: Kind<Result, State>,
  before: Written,
): boolean {
  let count = 0;
  for (const result of results) {
    const state = stateOf(result);
    if (state === undefined) continue;
    if (!isStillOf(before.results.get(keyOf(result)), state)) return false;
    count += 1;
  }
  return count === before.results.size;
}

function seriesOfAll<Result, State extends WrittenResult['state']>(
  results: readonly Result[],
  { keyOf, stateOf, seriesOf }: Kind<Result, State>,
  before: Written,
  sink: RuleSeriesSink,
): ReadonlyMap<string, WrittenResult> {
  const after = new Map<string, WrittenResult>();
  for (const result of results) {
    const state = stateOf(result);
    if (state === undefined) continue;
    const key = keyOf(result);
    const known = before.results.get(key);
    after.set(key, isStillOf(known, state) ? known : seriesOf(result, state, sink));
  }
  return after;
}

function endAllBut(after: Written, before: Written, atMs: number): void {
  before.results.forEach((one, key) => endUnless(after.results.get(key), one, atMs));
}

/** Ends all that was written. */
export function endWritten(written: Written, { sink, atMs }: Writing): void {
  endAllBut({ ...written, results: new Map() }, written, atMs);
  tell(written, sink);
}

/** Ends what a rule that is not at work wrote of an alert. */
export function endAlertSeries(instance: AlertInstance, { sink, atMs }: Writing): void {
  const state = ALERT.stateOf(instance);
  if (state !== undefined) endUnless(undefined, ALERT.seriesOf(instance, state, sink), atMs);
}

function tell({ metrics }: Written, sink: RuleSeriesSink): void {
  for (const metric of metrics) sink.wrote?.(metric);
}

/** Its series stand in the same state, and are there. */
function isStillOf(known: WrittenResult | undefined, state: WrittenResult['state']): known is WrittenResult {
  if (known === undefined || known.state !== state) return false;
  return isThere(known.value) && (state === 'recorded' || isThere(known.since));
}

function isThere(series: RuleSeries | undefined): boolean {
  return series !== undefined && !series.isGone;
}

/** The series of one alert, as far as they were looked for. */
type AlertSeries = Record<AlertState | 'since', RuleSeries | undefined>;

/** For as long as the labels are there: those of an alert that comes and goes are not looked for each time. */
const alertSeries = remembered((_sink: RuleSeriesSink) =>
  remembered((_labels: Labels): AlertSeries => ({ pending: undefined, firing: undefined, since: undefined })),
);

function seriesOfAlert(labels: Labels, state: AlertState, sink: RuleSeriesSink): WrittenResult {
  const own = alertSeries(sink)(labels);
  if (!isThere(own[state]))
    own[state] = sink.seriesOf({ ...labels, [METRIC_NAME]: ALERTS, alertstate: state });
  if (!isThere(own.since)) own.since = sink.seriesOf({ ...labels, [METRIC_NAME]: ALERTS_FOR_STATE });
  return { state, value: own[state], since: own.since };
}

function endUnless(now: WrittenResult | undefined, { value, since }: WrittenResult, atMs: number): void {
  if (value !== now?.value && value?.isGone === false) value.end(atMs);
  if (since !== now?.since && since?.isGone === false) since.end(atMs);
}
