import type { AlertInstance } from '../../config/model/alert.ts';
import { METRIC_NAME, type Labels } from '../../config/model/labels.ts';
import type { RuleSeries, RuleSeriesSink } from '../ports.ts';
import type { Rule } from '../rules/rule.ts';

/** What a rule wrote last, so that the series which are not written again can be ended. */
export interface Written {
  /** What its series are called. */
  readonly metrics: readonly string[];
  /** By the key of the result. */
  readonly results: ReadonlyMap<string, WrittenResult>;
}

/** The series of one result; one that there was no room for is missing. */
interface WrittenResult {
  readonly state: Result['state'];
  /** `ALERTS`, or what is recorded. */
  readonly value: RuleSeries | undefined;
  /** `ALERTS_FOR_STATE`. */
  readonly since: RuleSeries | undefined;
}

/** A result of a rule at one instant, by a key that is its own among those of the rule. */
export interface Result {
  readonly key: string;
  readonly state: 'recorded' | 'pending' | 'firing';
  /** With the name of the metric, if it is recorded. */
  readonly labels: Labels;
  readonly value: number;
  /** Of an alert: since when it is pending or firing. */
  readonly sinceMs?: number;
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

/**
 * Alerts as Prometheus writes them. A held alert stands as firing: it has not resolved, and a dead band that looks at
 * itself through `ALERTS` must find itself where it was.
 */
export function alertResults(instances: Iterable<AlertInstance>): readonly Result[] {
  const results: Result[] = [];
  for (const { fingerprint, labels, phase } of instances) {
    if (phase.kind === 'resolved') continue;
    const state = phase.kind === 'pending' ? 'pending' : 'firing';
    results.push({ key: fingerprint, state, labels, value: 1, sinceMs: phase.sinceMs });
  }
  return results;
}

/** Writes the results of a rule, and ends what it wrote before and does not write now. */
export function writeResults(results: readonly Result[], before: Written, { sink, atMs }: Writing): Written {
  if (results.length === 0 && before.results.size === 0) return before;
  const fresh = new Map<string, WrittenResult>();
  for (const result of results) {
    const known = before.results.get(result.key);
    const written = isStillOf(known, result) ? known : seriesOf(result, known, sink);
    if (written !== known) fresh.set(result.key, written);
    append(written, result, atMs);
  }
  // No two results have the same key: as many as before, and none that is new, are the same.
  const isSame = fresh.size === 0 && results.length === before.results.size;
  const after = isSame ? before : { ...before, results: writtenOf(results, fresh, before) };
  if (!isSame) endAllBut(after, before, atMs);
  tell(before, sink);
  return after;
}

function append({ value, since }: WrittenResult, result: Result, atMs: number): void {
  value?.append(atMs, result.value);
  if (result.sinceMs !== undefined) since?.append(atMs, result.sinceMs / 1000);
}

function endAllBut(after: Written, before: Written, atMs: number): void {
  for (const [key, one] of before.results) endUnless(after.results.get(key), one, atMs);
}

function writtenOf(
  results: readonly Result[],
  fresh: ReadonlyMap<string, WrittenResult>,
  before: Written,
): ReadonlyMap<string, WrittenResult> {
  const after = new Map<string, WrittenResult>();
  for (const { key } of results) {
    const written = fresh.get(key) ?? before.results.get(key);
    if (written !== undefined) after.set(key, written);
  }
  return after;
}

/** Ends all that was written. */
export function endWritten(written: Written, { sink, atMs }: Writing): void {
  endAllBut({ ...written, results: new Map() }, written, atMs);
  tell(written, sink);
}

/** Ends what a rule that is not at work wrote of an alert. */
export function endAlertSeries(instance: AlertInstance, { sink, atMs }: Writing): void {
  for (const result of alertResults([instance]))
    endUnless(undefined, seriesOf(result, undefined, sink), atMs);
}

function tell({ metrics }: Written, sink: RuleSeriesSink): void {
  for (const metric of metrics) sink.wrote?.(metric);
}

/** Its series stand in the same state, and are there. */
function isStillOf(known: WrittenResult | undefined, { state, sinceMs }: Result): known is WrittenResult {
  if (known === undefined || known.state !== state) return false;
  return isThere(known.value) && (sinceMs === undefined || isThere(known.since));
}

function isThere(series: RuleSeries | undefined): boolean {
  return series !== undefined && !series.isGone;
}

function seriesOf(
  { state, labels }: Result,
  known: WrittenResult | undefined,
  sink: RuleSeriesSink,
): WrittenResult {
  if (state === 'recorded') return { state, value: sink.seriesOf(labels), since: undefined };
  const value = sink.seriesOf({ ...labels, [METRIC_NAME]: ALERTS, alertstate: state });
  const since = isThere(known?.since)
    ? known?.since
    : sink.seriesOf({ ...labels, [METRIC_NAME]: ALERTS_FOR_STATE });
  return { state, value, since };
}

function endUnless(now: WrittenResult | undefined, { value, since }: WrittenResult, atMs: number): void {
  if (value !== now?.value && value?.isGone === false) value.end(atMs);
  if (since !== now?.since && since?.isGone === false) since.end(atMs);
}
