import { setImmediate as nextTurn } from 'node:timers/promises';
import { messageOf } from '../../config/model/errors.ts';
import type { RuleHealth } from '../../config/model/rules-api.ts';
import { labelsKey, METRIC_NAME, without, type Labels } from '../../config/model/labels.ts';
import type { Log } from '../../config/runtime/log.ts';
import { monotonicMs } from '../../config/runtime/system-clock.ts';
import type { Answering, RuleQuery, RuleSeriesSink, VectorElement } from '../ports.ts';
import type { AlertRule, RecordRule, Rule, RuleGroup } from '../rules/rule.ts';
import { alertView } from '../view.ts';
import { writeAlerts, writeRecorded, type Recorded, type Written } from './alert-series.ts';
import {
  evaluate,
  requireWithin,
  sameLabels,
  type Evaluation,
  type Instances,
  type Outcome,
} from './evaluate.ts';
import type { Saver } from './saver.ts';

/** What the groups of an engine share. */
export interface GroupDeps {
  readonly query: RuleQuery;
  readonly series: RuleSeriesSink;
  readonly saver: Saver;
  readonly log: Pick<Log, 'warn'>;
  readonly externalLabels: Labels;
  readonly externalUrl: () => string;
  readonly isOfSite: (device: string) => boolean;
  /** What was sampled before the start does not end what fired before it. */
  readonly heardFromMs: number;
  /** From when on it is believed that a series without samples has none. */
  readonly settledAtMs: number;
  readonly count: (what: 'evaluated' | 'failed') => void;
}

/** One rule at work. */
export interface RuleRun {
  readonly rule: Rule;
  instances: Instances;
  written: Written;
  /** Fingerprints of the instances from before the start that no series has told of since. */
  readonly awaited: Set<string>;
  /** `failed`: the last evaluation gave no result; phases and series stayed as they were. */
  health: RuleHealth;
  lastEvaluatedAtMs?: number;
  /** How long the last evaluation took. */
  durationMs?: number;
  /** What was wrong at the last evaluation; of a healthy rule, a template that could not be expanded. */
  lastError?: string;
}

/** One group at work. */
export interface GroupRun {
  readonly group: RuleGroup;
  readonly intervalMs: number;
  readonly runs: readonly RuleRun[];
  lastEvaluatedAtMs?: number;
  /** How long its rules took at the last evaluation, without what went on between them. */
  durationMs?: number;
}

/** How long rules are evaluated before other work may go on. */
const STRETCH_MS = 5;

/**
 * Evaluates rules of a group in their order, all at one instant, so that a later rule sees what an earlier one wrote. A
 * rule that fails leaves the others alone.
 * @returns whether an instance began, ended or is in another phase; durable by then.
 */
export async function evaluateGroup(
  group: GroupRun,
  runs: readonly RuleRun[],
  atMs: number,
  deps: GroupDeps,
): Promise<boolean> {
  group.lastEvaluatedAtMs = atMs;
  const answering = deps.query.elsewhere?.();
  deps.query.beginStretch?.();
  let stretchedFromMs = monotonicMs();
  let isNews = false;
  for (const run of runs) {
    const isNewsOfRun =
      answering === undefined
        ? evaluateRun(run, group.group, atMs, deps)
        : await evaluateElsewhere(run, { group: group.group, atMs }, deps, answering);
    if (isNewsOfRun) isNews = true;
    if (monotonicMs() - stretchedFromMs < STRETCH_MS) continue;
    await nextTurn();
    deps.query.beginStretch?.();
    stretchedFromMs = monotonicMs();
  }
  deps.query.endStretch?.();
  group.durationMs = runs.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
  await deps.saver.flush();
  return isNews;
}

/** @returns whether an instance began, ended or is in another phase. */
export function evaluateRun(run: RuleRun, group: RuleGroup, atMs: number, deps: GroupDeps): boolean {
  const startedMs = monotonicMs();
  let attempt: Attempt;
  try {
    attempt = decide(run, { group, atMs }, deps, false)();
  } catch (error) {
    attempt = { failure: messageOf(error) };
  }
  return finish(run, attempt, { atMs, startedMs }, deps);
}

/** As `evaluateRun`, with answers that come from elsewhere. */
async function evaluateElsewhere(
  run: RuleRun,
  moment: Moment,
  deps: GroupDeps,
  answering: Answering,
): Promise<boolean> {
  const startedMs = monotonicMs();
  let attempt: Attempt;
  try {
    const { expression } = run.rule;
    const keep = await answering.answered(expression, (isPartial) => decide(run, moment, deps, isPartial));
    attempt = keep();
  } catch (error) {
    attempt = { failure: messageOf(error) };
  }
  return finish(run, attempt, { atMs: moment.atMs, startedMs }, deps);
}

/** How an evaluation went: with whether there is news and what was wrong with a template, or not at all. */
type Attempt = { readonly isNews: boolean; readonly fault?: string } | { readonly failure: string };

/** The one place where a rule's failure ends. */
function finish(
  run: RuleRun,
  attempt: Attempt,
  { atMs, startedMs }: { readonly atMs: number; readonly startedMs: number },
  deps: GroupDeps,
): boolean {
  const { rule } = run;
  const before = run.lastError;
  const isFailed = 'failure' in attempt;
  deps.count('evaluated');
  if (isFailed) deps.count('failed');
  run.health = isFailed ? 'failed' : 'ok';
  setError(run, isFailed ? attempt.failure : attempt.fault);
  run.durationMs = monotonicMs() - startedMs;
  run.lastEvaluatedAtMs = atMs;
  if (run.lastError !== undefined && run.lastError !== before) {
    deps.log.warn({ rule: rule.name, file: rule.file, line: rule.line, error: run.lastError }, 'rule failed');
  }
  return !isFailed && attempt.isNews;
}

function setError(run: RuleRun, error: string | undefined): void {
  if (error === undefined) delete run.lastError;
  else run.lastError = error;
}

interface Moment {
  readonly group: RuleGroup;
  readonly atMs: number;
}

/** Keeps what was decided. */
type Keep = () => Attempt;

/** Asks and decides, and changes nothing. */
function decide(run: RuleRun, moment: Moment, deps: GroupDeps, isPartial: boolean): Keep {
  const { rule } = run;
  return rule.kind === 'alert'
    ? judge(run, rule, { ...moment, isPartial }, deps)
    : record(run, rule, { ...moment, isPartial }, deps);
}

type Judging = Moment & { readonly isPartial: boolean };

function judge(run: RuleRun, rule: AlertRule, { group, atMs, isPartial }: Judging, deps: GroupDeps): Keep {
  const queryAtMs = atMs - group.offsetMs;
  const externalUrl = deps.externalUrl();
  const evaluation: Evaluation = {
    atMs,
    elements: rule.expression.evaluate(queryAtMs),
    unfiltered: () => rule.expression.unfiltered(queryAtMs),
    heard: () => rule.expression.unfiltered(queryAtMs, queryAtMs - deps.heardFromMs),
    expand: (template, { labels, value }) =>
      template.expand({
        labels,
        value,
        externalLabels: deps.externalLabels,
        externalUrl,
        nowMs: atMs,
        query: (expression) => deps.query.compile(expression).evaluate(queryAtMs),
      }),
    isOfSite: deps.isOfSite,
    isAwaited: ({ fingerprint }) => isPartial || (atMs < deps.settledAtMs && run.awaited.has(fingerprint)),
    isFromBefore: ({ fingerprint }) => run.awaited.has(fingerprint),
    limit: group.limit,
  };
  const outcome = evaluate(rule, run.instances, evaluation);
  return () => {
    keepOutcome(run, outcome, { atMs, queryAtMs }, deps);
    const [fault] = outcome.templateFaults;
    const isNews = outcome.changed.length + outcome.removed.length > 0;
    return fault === undefined ? { isNews } : { isNews, fault };
  };
}

function keepOutcome(
  run: RuleRun,
  { instances, changed, removed, transitions }: Outcome,
  { atMs, queryAtMs }: { readonly atMs: number; readonly queryAtMs: number },
  deps: GroupDeps,
): void {
  if (run.awaited.size > 0) {
    for (const [fingerprint, instance] of run.instances) {
      const now = instances.get(fingerprint);
      // That it is held tells of no series.
      if (now !== instance && now?.phase.kind !== 'held') run.awaited.delete(fingerprint);
    }
  }
  run.instances = instances;
  const writing = { sink: deps.series, atMs: queryAtMs };
  run.written = writeAlerts(instances, run.written, writing);
  deps.saver.add({
    saved: changed,
    removed,
    entries: transitions.map(({ transition, instance }) => ({
      atMs,
      transition,
      alert: alertView(instance),
    })),
  });
}

function record(run: RuleRun, rule: RecordRule, { group, atMs, isPartial }: Judging, deps: GroupDeps): Keep {
  const queryAtMs = atMs - group.offsetMs;
  const elements = rule.expression.evaluate(queryAtMs);
  requireWithin(group.limit, elements);
  // What is not known does not end.
  if (isPartial && elements.length === 0) return () => ({ isNews: false });
  const results = elements.map((element) => recorded(rule, element));
  requireDistinct(results);
  return () => {
    run.written = writeRecorded(results, run.written, { sink: deps.series, atMs: queryAtMs });
    return { isNews: false };
  };
}

function recorded(rule: RecordRule, { labels: found, value }: VectorElement): Recorded {
  const labels = { ...without(found, METRIC_NAME), ...rule.labels, [METRIC_NAME]: rule.name };
  return { key: labelsKey(labels), labels, value };
}

/** Rule labels may make equal what the expression told apart. */
function requireDistinct(results: readonly Recorded[]): void {
  const keys = new Set<string>();
  for (const { key, labels } of results) {
    if (keys.has(key)) throw sameLabels(labels);
    keys.add(key);
  }
}
