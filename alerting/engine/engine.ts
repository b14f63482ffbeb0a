import type { AlertInstance } from '../../config/model/alert.ts';
import type { Labels } from '../../config/model/labels.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { Log } from '../../config/runtime/log.ts';
import type { Judged } from '../notify/chart/charts.ts';
import type { AlertStore, OnPushed, RuleQuery, RuleSeriesSink } from '../ports.ts';
import type { RuleSet } from '../rules/load.ts';
import { endingsOf, type Endings } from './ending.ts';
import type { Instances } from './evaluate.ts';
import type { GroupDeps, GroupRun, RuleRun } from './group.ts';
import { resumeGroups, settleOrphans, type Carried } from './resume.ts';
import { createSaver } from './saver.ts';
import { scheduleGroup, type Schedule } from './schedule.ts';
import { OUTAGE_TOLERANCE_MS } from './step.ts';

export interface EngineDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly query: RuleQuery;
  readonly series: RuleSeriesSink;
  readonly store: AlertStore;
  /** Absent: rules are evaluated on their interval only. */
  readonly onPushed?: OnPushed;
  /**
   * Called after each evaluation, once it is durable: with whether an instance began, ended or is in another phase.
   * Without, there may be other values.
   */
  readonly onChange: (isNews: boolean) => void;
}

/** What an engine works on; a reload makes a new one. */
export interface EngineSettings {
  readonly rules: RuleSet;
  /** For groups that state none. */
  readonly intervalMs: number;
  /** Ids of the devices that the site's files name. */
  readonly devices: ReadonlySet<string>;
  readonly externalLabels: Labels;
  readonly externalUrl: () => string;
}

export interface Engine {
  /** Every instance: pending, firing, held, and those that resolved lately; the very same list until one is another. */
  instances(): readonly AlertInstance[];
  /** An instance, and what its rule asks. */
  judged(fingerprint: string): Judged | undefined;
  /** The rules at work, with what became of them at their last evaluation. */
  groups(): readonly GroupRun[];
  /** What an engine that follows goes on from. */
  carried(): Carried;
  counters(): Readonly<EngineCounters>;
  /** Ending held instances by a person's word. */
  readonly endings: Endings;
  stop(): Promise<void>;
}

export interface EngineCounters {
  evaluated: number;
  failed: number;
  /** Evaluations that did not take place because the one before took too long. */
  missed: number;
}

/** How long after a start the silence of a series may only mean that nobody has asked it yet. */
export const SETTLING_MS = 2 * 60_000;

/** Starts to evaluate all groups, going on from what was before. */
export function startEngine(deps: EngineDeps, settings: EngineSettings, before: Carried): Engine {
  const { clock } = deps;
  const saver = createSaver(deps);
  const counters: EngineCounters = { evaluated: 0, failed: 0, missed: 0 };
  const startedAtMs = clock.nowMs();
  const heardFromMs = before.heardFromMs ?? startedAtMs;
  const groupDeps: GroupDeps = {
    ...deps,
    ...settings,
    saver,
    isOfSite: (device) => settings.devices.has(device),
    heardFromMs,
    settledAtMs: startedAtMs + SETTLING_MS,
    count: (what) => {
      counters[what] += 1;
    },
  };
  const { groups, orphans: homeless } = resumeGroups(settings, before, {
    sink: deps.series,
    atMs: startedAtMs,
    outage: before.written === undefined ? { fromMs: judgedLastAtMs(deps, startedAtMs) } : undefined,
  });
  const runs = groups.flatMap((group) => group.runs);
  const orphans = settleOrphans(homeless, {
    ...groupDeps,
    atMs: startedAtMs,
    isDoubtful: settings.rules.faults.length > 0,
  });
  const schedules: readonly Schedule[] = groups.map((group, own) =>
    scheduleGroup(group, {
      ...groupDeps,
      clock,
      log: deps.log,
      onChange: deps.onChange,
      recorded: (recorded) => {
        for (const [other, schedule] of schedules.entries()) if (other !== own) schedule.pushed(recorded);
      },
      missed: (count) => {
        counters.missed += count;
      },
    }),
  );
  const endPushes = deps.onPushed?.((pushed) => {
    for (const schedule of schedules) schedule.pushed(pushed);
  });

  return {
    ...looking(runs, orphans, heardFromMs),
    groups: () => groups,
    counters: () => counters,
    endings: endingsOf(runs, { saver, onChange: () => deps.onChange(true) }),
    async stop() {
      endPushes?.();
      await Promise.all(schedules.map((schedule) => schedule.stop()));
      await saver.flush();
    },
  };
}

/** When rules were judged last before a restart, by what they wrote then; `undefined`: too long ago, or nobody knows. */
function judgedLastAtMs({ query, log }: EngineDeps, atMs: number): number | undefined {
  try {
    const [newest] = query.compile(JUDGED_LAST).evaluate(atMs);
    return newest === undefined ? undefined : newest.value * 1_000;
  } catch (error) {
    log.warn({ err: error }, 'it is not known when rules were judged last; waits begin anew');
    return undefined;
  }
}

/** Half a minute is finer than the lookback, so that no sample is passed over. */
const JUDGED_LAST = `max(max_over_time(timestamp(ALERTS_FOR_STATE)[${OUTAGE_TOLERANCE_MS / 60_000}m:30s]))`;

function looking(
  runs: readonly RuleRun[],
  orphans: readonly AlertInstance[],
  heardFromMs: number,
): Pick<Engine, 'instances' | 'judged' | 'carried'> {
  const instances = listing(runs, orphans);
  return {
    instances,
    judged: (fingerprint) => judgedOf(runs, fingerprint),
    carried: () => ({
      instances: instances(),
      written: new Map(runs.map(({ rule, written }) => [rule.id, written])),
      heardFromMs,
    }),
  };
}

/** All instances in one list: the very same until one of them is another. */
function listing(
  runs: readonly RuleRun[],
  orphans: readonly AlertInstance[],
): () => readonly AlertInstance[] {
  let listed: readonly Instances[] = [];
  let list = orphans;
  return () => {
    if (runs.some(({ instances }, index) => instances !== listed[index])) {
      listed = runs.map(({ instances }) => instances);
      list = [...listed.flatMap((instances) => [...instances.values()]), ...orphans];
    }
    return list;
  };
}

function judgedOf(runs: readonly RuleRun[], fingerprint: string): Judged | undefined {
  for (const { rule, instances } of runs) {
    const instance = instances.get(fingerprint);
    if (instance !== undefined) return { instance, expression: rule.expression };
  }
  return undefined;
}
