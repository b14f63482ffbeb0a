import type { AlertInstance } from '../../config/model/alert.ts';
import type { RuleSeriesSink } from '../ports.ts';
import type { RuleSet } from '../rules/load.ts';
import type { Rule } from '../rules/rule.ts';
import { alertView } from '../view.ts';
import { endAlertSeries, endWritten, nothingWritten, writeAlerts, type Written } from './alert-series.ts';
import type { GroupRun, RuleRun } from './group.ts';
import type { Saver } from './saver.ts';
import { afterOutage, step } from './step.ts';

/** What an engine goes on from: instances of the records or of the engine before it, and what that one wrote. */
export interface Carried {
  readonly instances: readonly AlertInstance[];
  /** By the id of the rule; absent after a restart. */
  readonly written?: ReadonlyMap<string, Written>;
  /** When the first engine since the start began; absent after a restart. */
  readonly heardFromMs?: number;
}

interface Resumed {
  readonly groups: readonly GroupRun[];
  /** Instances of rules that are not at work. */
  readonly orphans: readonly AlertInstance[];
}

/** At a start. */
interface Resuming {
  readonly sink: RuleSeriesSink;
  readonly atMs: number;
  /** Absent at a reload. */
  readonly outage?: { readonly fromMs: number | undefined } | undefined;
}

/** The groups with what their rules had before. What a rule wrote that is no more ends. */
export function resumeGroups(
  { rules, intervalMs }: { readonly rules: RuleSet; readonly intervalMs: number },
  before: Carried,
  { sink, atMs, outage }: Resuming,
): Resumed {
  const byRule = Map.groupBy(before.instances, ({ rule }) => rule);
  const written = new Map(before.written);
  const resume = (rule: Rule): RuleRun => {
    const known = rule.kind === 'alert' ? (byRule.get(rule.id) ?? []) : [];
    const instances = outage === undefined ? known : known.flatMap((one) => resumed(one, rule, outage, atMs));
    const run = runOf(rule, instances, written.get(rule.id));
    byRule.delete(rule.id);
    written.delete(rule.id);
    if (rule.kind === 'alert') rewriteSeries(run, sink, atMs);
    return run;
  };
  const groups = rules.groups.map((group) => ({
    group,
    intervalMs: group.intervalMs ?? intervalMs,
    runs: group.rules.map(resume),
  }));
  for (const left of written.values()) endWritten(left, { sink, atMs });
  return { groups, orphans: [...byRule.values()].flat() };
}

function resumed(
  instance: AlertInstance,
  rule: Rule,
  { fromMs }: NonNullable<Resuming['outage']>,
  atMs: number,
): readonly AlertInstance[] {
  if (rule.kind !== 'alert') return [];
  const phase = afterOutage(instance.phase, fromMs, atMs, rule);
  return phase === undefined ? [] : [phase === instance.phase ? instance : { ...instance, phase }];
}

/** A rule at its first evaluation. */
export function runOf(
  rule: Rule,
  instances: readonly AlertInstance[] = [],
  written: Written = nothingWritten(rule),
): RuleRun {
  return {
    rule,
    instances: new Map(instances.map((instance) => [instance.fingerprint, instance])),
    written,
    awaited: new Set(instances.map(({ fingerprint }) => fingerprint)),
    health: 'unknown',
  };
}

/**
 * Writes `ALERTS` of what fired before, so that a rule which looks at itself does not start from nothing after a
 * restart.
 */
function rewriteSeries(run: RuleRun, sink: RuleSeriesSink, atMs: number): void {
  run.written = writeAlerts(run.instances, run.written, { sink, atMs });
}

/** What becomes of instances whose rule is not at work. */
interface Farewell {
  readonly saver: Saver;
  readonly series: RuleSeriesSink;
  readonly atMs: number;
  /** Some rules could not be read, so a rule that is missing may only be mistyped: its instances stay as they are. */
  readonly isDoubtful: boolean;
}

/** Ends the instances of rules that were taken away; answers those that are still to be told of. */
export function settleOrphans(
  orphans: readonly AlertInstance[],
  { saver, series, atMs, isDoubtful }: Farewell,
): readonly AlertInstance[] {
  if (isDoubtful) return orphans;
  return orphans.flatMap((orphan) => {
    const phase = step(orphan.phase, { kind: 'ended', cause: 'rule_removed' }, atMs, NO_DELAYS);
    if (phase === orphan.phase) return orphan;
    endAlertSeries(orphan, { sink: series, atMs });
    if (phase === undefined) {
      saver.add({ saved: [], removed: [orphan.fingerprint], entries: [] });
      return [];
    }
    const ended = { ...orphan, phase };
    saver.add({
      saved: [ended],
      removed: [],
      entries: [{ atMs, transition: 'resolved', alert: alertView(ended) }],
    });
    return ended;
  });
}

const NO_DELAYS = { forMs: 0, keepFiringForMs: 0 };
