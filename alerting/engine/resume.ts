import type { AlertInstance } from '../../config/model/alert.ts';
import { labelsKey } from '../../config/model/labels.ts';
import type { RuleSeriesSink } from '../ports.ts';
import type { RuleGroup } from '../rules/rule.ts';
import { alertView } from '../view.ts';
import { alertSeries, writeSeries } from './alert-series.ts';
import type { RuleRun } from './group.ts';
import type { Saver } from './saver.ts';
import { step } from './step.ts';

/** The rules of a group, each with the instances that it had before. */
export function runsOf(
  group: RuleGroup,
  restored: ReadonlyMap<string, readonly AlertInstance[]>,
): readonly RuleRun[] {
  return group.rules.map((rule) => {
    const instances = rule.kind === 'alert' ? (restored.get(rule.id) ?? []) : [];
    return {
      rule,
      instances: new Map(instances.map((instance) => [labelsKey(instance.labels), instance])),
      written: new Map(),
      awaited: new Set(instances.map(({ fingerprint }) => fingerprint)),
    };
  });
}

/**
 * Writes `ALERTS` of what fired before, so that a rule which looks at itself does not start from nothing after a
 * restart.
 */
export function rewriteSeries(runs: readonly RuleRun[], sink: RuleSeriesSink, atMs: number): void {
  for (const run of runs)
    run.written = writeSeries(sink, alertSeries(run.instances.values()), atMs, run.written);
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
    for (const [labels] of alertSeries([orphan])) series.end(labels, atMs);
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
