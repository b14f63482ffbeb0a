import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { AlertInstance } from '../../config/model/alert.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Labels } from '../../config/model/labels.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { every, type Loop } from '../../config/runtime/every.ts';
import type { Log } from '../../config/runtime/log.ts';
import type { AlertStore, RuleQuery, RuleSeriesSink } from '../ports.ts';
import { isAlertRule, type RuleGroup } from '../rules/rule.ts';
import type { RuleSet } from '../rules/load.ts';
import { alertView } from '../view.ts';
import { evaluateGroup, type GroupDeps, type RuleRun } from './group.ts';
import { rewriteSeries, runsOf, settleOrphans } from './resume.ts';
import { createSaver, type Saver } from './saver.ts';
import { step } from './step.ts';

export interface EngineDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly query: RuleQuery;
  readonly series: RuleSeriesSink;
  readonly store: AlertStore;
  /** Called after each evaluation that may have changed something, once it is durable. */
  readonly onChange: () => void;
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
  /** Every instance: pending, firing, held, and those that resolved lately. */
  instances(): readonly AlertInstance[];
  /** The rules at work, with what was wrong with them at their last evaluation. */
  rules(): readonly RuleRun[];
  counters(): Readonly<EngineCounters>;
  /**
   * Ends a held instance by a person's word.
   * @throws {WatchkeeperError} `not_found`, or `conflict` when it is not held.
   */
  endHeld(fingerprint: string, by: { readonly person: string; readonly reason: string }): Promise<void>;
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

/** Starts to evaluate all groups, going on from the instances that are given. */
export function startEngine(
  deps: EngineDeps,
  settings: EngineSettings,
  restored: readonly AlertInstance[],
): Engine {
  const { clock } = deps;
  const saver = createSaver(deps);
  const counters: EngineCounters = { evaluated: 0, failed: 0, missed: 0 };
  const groupDeps: GroupDeps = {
    ...deps,
    ...settings,
    saver,
    isOfSite: (device) => settings.devices.has(device),
    settledAtMs: clock.nowMs() + SETTLING_MS,
    count: (what) => {
      counters[what] += 1;
    },
  };
  const byRule = Map.groupBy(restored, ({ rule }) => rule);
  const groups = settings.rules.groups.map((group) => ({ group, runs: runsOf(group, byRule) }));
  const runs = groups.flatMap((group) => group.runs);
  const startedAtMs = clock.nowMs();
  rewriteSeries(runs, deps.series, startedAtMs);
  const known = new Set(
    runs
      .map(({ rule }) => rule)
      .filter(isAlertRule)
      .map(({ id }) => id),
  );
  const orphans = settleOrphans(
    restored.filter(({ rule }) => !known.has(rule)),
    { ...groupDeps, atMs: startedAtMs, isDoubtful: settings.rules.faults.length > 0 },
  );

  const loops = groups.map((group) =>
    loopOf(group, { ...deps, ...groupDeps, counters, intervalMs: settings.intervalMs }),
  );

  return {
    instances: () => [...runs.flatMap(({ instances }) => [...instances.values()]), ...orphans],
    rules: () => runs,
    counters: () => counters,
    async endHeld(fingerprint, by) {
      endHeld(runs, fingerprint, { by, atMs: clock.nowMs(), saver });
      await saver.flush();
      deps.onChange();
    },
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await saver.flush();
    },
  };
}

interface LoopDeps extends GroupDeps, Pick<EngineDeps, 'clock' | 'onChange'> {
  readonly counters: EngineCounters;
  readonly intervalMs: number;
}

function loopOf({ group, runs }: { group: RuleGroup; runs: readonly RuleRun[] }, deps: LoopDeps): Loop {
  const { clock, counters, log } = deps;
  const intervalMs = group.intervalMs ?? deps.intervalMs;
  let lastMs: number | undefined;
  const onError = (error: unknown): void => log.error({ err: error, group: group.name }, 'rule group failed');
  return every(clock, { intervalMs, offsetMs: spreadMs(group, intervalMs), onError }, async (slotMs) => {
    counters.missed += lastMs === undefined ? 0 : Math.max(0, Math.round((slotMs - lastMs) / intervalMs) - 1);
    lastMs = slotMs;
    await evaluateGroup(group, runs, slotMs, deps);
    deps.onChange();
  });
}

/** A part of the interval that is a group's own and the same after a restart, so that not all start at once. */
function spreadMs({ file, name }: RuleGroup, intervalMs: number): number {
  const digest = createHash('sha256')
    .update(`${basename(file)};${name}`)
    .digest();
  return digest.readUInt32BE(0) % intervalMs;
}

interface Ending {
  readonly by: { readonly person: string; readonly reason: string };
  readonly atMs: number;
  readonly saver: Saver;
}

function endHeld(runs: readonly RuleRun[], fingerprint: string, { by, atMs, saver }: Ending): void {
  for (const run of runs) {
    for (const [key, instance] of run.instances) {
      if (instance.fingerprint !== fingerprint) continue;
      if (instance.phase.kind !== 'held' || run.rule.kind !== 'alert') {
        throw new WatchkeeperError('conflict', 'only an alert that is held can be ended by a person');
      }
      const phase = step(instance.phase, { kind: 'ended', cause: 'person' }, atMs, run.rule);
      if (phase === undefined) return;
      const ended = { ...instance, phase };
      run.instances = new Map([...run.instances, [key, ended]]);
      const entry = { atMs, transition: 'resolved' as const, alert: alertView(ended), ...by };
      saver.add({ saved: [ended], removed: [], entries: [entry] });
      return;
    }
  }
  throw new WatchkeeperError('not_found', 'there is no such alert');
}
