import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Clock } from '../../config/runtime/clock.ts';
import { every } from '../../config/runtime/every.ts';
import type { Log } from '../../config/runtime/log.ts';
import type { Pushed } from '../ports.ts';
import type { RuleGroup } from '../rules/rule.ts';
import { evaluateGroup, type GroupDeps, type GroupRun, type RuleRun } from './group.ts';

export interface ScheduleDeps extends GroupDeps {
  readonly log: Log;
  readonly clock: Clock;
  /** Called after each evaluation, once it is durable: with whether an instance began, ended or is in another phase. */
  readonly onChange: (isNews: boolean) => void;
  /** Told what rules recorded of something pushed: other groups may select it. */
  readonly recorded: (recorded: Pushed) => void;
  /** Evaluations that did not take place because the one before took too long. */
  readonly missed: (count: number) => void;
}

/** A group that is evaluated on its interval, and at once when a series that it selects was pushed. */
export interface Schedule {
  pushed(pushed: Pushed): void;
  stop(): Promise<void>;
}

/** How long to wait for the other series of the same write. */
const GATHERING_MS = 5;
/** A storm of pushes gets no more evaluations than one in so long, */
const REST_MS = 100;
/** and no more of the time than one part in so many, */
const REST_PARTS = 4;
/** as far as it is our time: who asks elsewhere mostly waits. */
const LONGEST_REST_ELSEWHERE_MS = 1_000;

/** Recordings of recordings that are followed at once; groups that record from each other in a ring come to rest so. */
const MAX_HOPS = 3;

/** Starts to evaluate a group. Its evaluations never overlap. */
export function scheduleGroup(run: GroupRun, deps: ScheduleDeps): Schedule {
  const { clock, log, onChange } = deps;
  const { group, intervalMs } = run;
  const selected = selectedBy(run.runs);
  let busy: Promise<void> = Promise.resolve();
  let waiting: Pushed | undefined;
  let cancel: (() => void) | undefined;
  let restsUntilMs = Number.NEGATIVE_INFINITY;
  let lastSlotMs: number | undefined;

  const onError = (error: unknown): void => log.error({ err: error, group: group.name }, 'rule group failed');
  const evaluate = (runs: readonly RuleRun[], atMs: number): Promise<void> => {
    busy = busy.then(async () => {
      onChange(await evaluateGroup(run, runs, after(run.lastEvaluatedAtMs, atMs), deps));
    });
    return busy;
  };
  const evaluatePushed = async (): Promise<void> => {
    const pushed = waiting;
    waiting = undefined;
    cancel = undefined;
    if (pushed === undefined) return;
    const runs = selecting(run.runs, pushed.metrics);
    const atMs = instantOf(pushed, clock.nowMs());
    await evaluate(runs, atMs).catch(onError);
    const { hops = 0 } = pushed;
    const metrics = recordedBy(runs);
    if (metrics.size > 0 && hops < MAX_HOPS) deps.recorded({ metrics, atMs, hops: hops + 1 });
    const longestMs =
      deps.query.elsewhere === undefined ? Number.POSITIVE_INFINITY : LONGEST_REST_ELSEWHERE_MS;
    restsUntilMs = clock.nowMs() + Math.max(REST_MS, Math.min(REST_PARTS * (run.durationMs ?? 0), longestMs));
  };
  const loop = every(clock, { intervalMs, offsetMs: spreadMs(group, intervalMs), onError }, (slotMs) => {
    const slots = lastSlotMs === undefined ? 0 : Math.round((slotMs - lastSlotMs) / intervalMs) - 1;
    deps.missed(Math.max(0, slots));
    lastSlotMs = slotMs;
    return evaluate(run.runs, slotMs);
  });
  return {
    pushed(pushed) {
      if (selected !== undefined && !overlap(pushed.metrics, selected)) return;
      waiting = waiting === undefined ? pushed : together(waiting, pushed);
      const waitMs = Math.max(GATHERING_MS, restsUntilMs - clock.nowMs());
      cancel ??= clock.after(waitMs, () => void evaluatePushed());
    },
    async stop() {
      cancel?.();
      waiting = undefined;
      await loop.stop();
      await busy.catch(() => undefined);
    },
  };
}

/** A part of the interval that is a group's own and the same after a restart, so that not all start at once. */
function spreadMs({ file, name }: RuleGroup, intervalMs: number): number {
  const digest = createHash('sha256')
    .update(`${basename(file)};${name}`)
    .digest();
  return digest.readUInt32BE(0) % intervalMs;
}

/** The clocks of two machines differ by less than this, or one of them is wrong. */
const CLOCK_DIFFERENCE_MS = 1_000;

/** A sample of a clock that is a little ahead of ours is to be seen too. */
function instantOf({ atMs }: Pushed, nowMs: number): number {
  return Math.min(Math.max(nowMs, atMs), nowMs + CLOCK_DIFFERENCE_MS);
}

/** A push may have been evaluated just before its slot: time does not go back for that; for a clock set back it does. */
function after(lastMs: number | undefined, atMs: number): number {
  if (lastMs === undefined || atMs > lastMs || lastMs - atMs > CLOCK_DIFFERENCE_MS) return atMs;
  return lastMs + 1;
}

/** The metrics that the rules select; `undefined`: it may be any. */
function selectedBy(runs: readonly RuleRun[]): ReadonlySet<string> | undefined {
  const selected = new Set<string>();
  for (const { rule } of runs) {
    const { metrics } = rule.expression;
    if (metrics === undefined) return undefined;
    for (const metric of metrics) selected.add(metric);
  }
  return selected;
}

/** The rules that select one of the metrics, or what a rule before them records of them. */
function selecting(runs: readonly RuleRun[], metrics: ReadonlySet<string>): readonly RuleRun[] {
  const moved = new Set(metrics);
  return runs.filter(({ rule }) => {
    const selected = rule.expression.metrics;
    const isMoved = selected === undefined || overlap(selected, moved);
    if (isMoved && rule.kind === 'record') moved.add(rule.name);
    return isMoved;
  });
}

function together(some: Pushed, others: Pushed): Pushed {
  return {
    metrics: new Set([...some.metrics, ...others.metrics]),
    atMs: Math.max(some.atMs, others.atMs),
    hops: Math.min(some.hops ?? 0, others.hops ?? 0),
  };
}

function recordedBy(runs: readonly RuleRun[]): ReadonlySet<string> {
  return new Set(runs.flatMap(({ rule }) => (rule.kind === 'record' ? [rule.name] : [])));
}

function overlap(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const metric of some) if (others.has(metric)) return true;
  return false;
}
