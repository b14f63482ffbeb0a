import type { Labels } from '../../config/model/labels.ts';
import type { Log } from '../../config/runtime/log.ts';
import type { RuleQuery, RuleSeriesSink } from '../ports.ts';
import type { RuleGroup } from '../rules/rule.ts';
import { evaluateRun, type GroupDeps, type GroupRun } from './group.ts';
import { runOf } from './resume.ts';

export interface SimulationDeps {
  readonly query: RuleQuery;
  /** Where its series go; `query` should read them. */
  readonly series: RuleSeriesSink;
  readonly externalLabels?: Labels;
  readonly externalUrl?: string;
}

/** Rules that are evaluated at instants that the caller chooses, by the very code that judges for real. */
export interface Simulation {
  readonly groups: readonly GroupRun[];
  /** Evaluates all groups in their order, whatever their interval. Instants have to grow. */
  evaluateAt(atMs: number): void;
}

/** Rules at work on nothing but the given samples: nothing is stored, sent or told. */
export function simulate(groups: readonly RuleGroup[], deps: SimulationDeps): Simulation {
  const { query, series, externalLabels = {}, externalUrl = '' } = deps;
  const groupDeps: GroupDeps = {
    query,
    series,
    externalLabels,
    externalUrl: () => externalUrl,
    saver: { add: () => undefined, flush: () => Promise.resolve() },
    log: UNHEARD,
    isOfSite: () => true,
    heardFromMs: Number.NEGATIVE_INFINITY,
    settledAtMs: 0,
    count: () => undefined,
  };
  const runs = groups.map(
    (group): GroupRun => ({
      group,
      intervalMs: group.intervalMs ?? 0,
      runs: group.rules.map((rule) => runOf(rule)),
    }),
  );
  return {
    groups: runs,
    evaluateAt(atMs) {
      for (const group of runs) {
        group.lastEvaluatedAtMs = atMs;
        for (const run of group.runs) evaluateRun(run, group.group, atMs, groupDeps);
      }
    },
  };
}

const silence = (): void => undefined;
/** What is wrong with a rule stands at the rule. */
const UNHEARD: Pick<Log, 'warn'> = { warn: silence };
