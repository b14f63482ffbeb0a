import type { GroupRun } from '../../alerting/engine/group.ts';
import { simulate } from '../../alerting/engine/simulate.ts';
import type { AlertRule } from '../../alerting/rules/rule.ts';
import { isActive } from '../../config/model/alert.ts';
import { defined } from '../../config/model/defined.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { METRIC_NAME, without, type Labels } from '../../config/model/labels.ts';
import type { DryRunBody, DryRunEpisode, DryRunRequest } from '../../config/model/rules-api.ts';
import type { SeriesSource } from '../../config/model/series.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { monotonicMs } from '../../config/runtime/system-clock.ts';
import { createEngine } from '../promql/engine.ts';
import { createHead } from '../series/head.ts';

export interface DryRunDeps {
  readonly source: SeriesSource;
  readonly clock: Clock;
  /** Until when the samples are looked at. */
  readonly toMs: number;
}

/** As often as most rules are judged, or as often as a run may. */
const STEP_MS = 10_000;
const MAX_STEPS = 720;
const MAX_EPISODES = 200;
/** How long it may take in all, and one evaluation. */
const BUDGET_MS = 8_000;
const EVALUATION_LIMIT_MS = 5_000;
const MAX_SAMPLES = 2_000_000;

/**
 * What an alerting rule would have done over the samples at hand: judged step by step by the code that judges for real,
 * on its own `ALERTS` instead of those that were written. Ends early, and says so, when it costs too much. It keeps its
 * thread busy all the while, so it belongs into a worker.
 * @throws {WatchkeeperError} `query_invalid` for an expression that is wrong.
 */
export function dryRun(deps: DryRunDeps, request: DryRunRequest): DryRunBody {
  const { toMs } = deps;
  const fromMs = toMs - request.hours * 3_600_000;
  const stepMs = Math.max(STEP_MS, Math.ceil((toMs - fromMs) / MAX_STEPS / 1_000) * 1_000);
  const { simulation, run } = start(deps, request);
  const episodes = episodesOf(run);
  const endMs = monotonicMs() + BUDGET_MS;
  let stopped: string | undefined;
  for (let atMs = fromMs; atMs <= toMs && stopped === undefined; atMs += stepMs) {
    simulation.evaluateAt(atMs);
    episodes.note(atMs);
    if (run.health === 'failed') stopped = run.lastError;
    else if (monotonicMs() > endMs) stopped = `it takes longer than ${BUDGET_MS / 1_000} s`;
  }
  return defined({ fromMs, toMs, stepMs, ...episodes.all(), stopped });
}

function start({ source, clock }: DryRunDeps, request: DryRunRequest) {
  const { query, name = 'DryRun', forMs = 0, keepFiringForMs = 0, isHeldWithoutData = false } = request;
  const own = createHead();
  const engine = createEngine({
    source: besides(source, own, name),
    maxSamples: MAX_SAMPLES,
    deadline: { clock, limitMs: EVALUATION_LIMIT_MS },
  });
  const rule: AlertRule = {
    kind: 'alert',
    id: name,
    file: '',
    line: 1,
    name,
    query,
    expression: engine.compile(query),
    forMs,
    keepFiringForMs,
    labels: {},
    annotations: {},
    holds: isHeldWithoutData,
  };
  const group = { file: '', name, offsetMs: 0, limit: 0, rules: [rule] };
  const simulation = simulate([group], { query: engine, series: own });
  const run = simulation.groups[0]?.runs[0];
  if (run === undefined) throw new WatchkeeperError('internal', 'a dry run has no rule');
  return { simulation, run };
}

/** What was sampled, with what the run itself writes in the place of the alert's own series. */
function besides(source: SeriesSource, own: SeriesSource, alertname: string): SeriesSource {
  const isOwn = (labels: Labels): boolean =>
    labels['alertname'] === alertname && labels[METRIC_NAME]?.startsWith('ALERTS') === true;
  return {
    *select(matchers, fromMs, toMs) {
      for (const slice of source.select(matchers, fromMs, toMs)) if (!isOwn(slice.labels)) yield slice;
      yield* own.select(matchers, fromMs, toMs);
    },
  };
}

interface Episodes {
  note(atMs: number): void;
  all(): Pick<DryRunBody, 'episodes' | 'fired'>;
}

/** Notes when each instance of the rule begins and ceases to fire. */
function episodesOf(run: GroupRun['runs'][number]): Episodes {
  const going = new Map<string, DryRunEpisode>();
  const over: DryRunEpisode[] = [];
  let fired = 0;
  return {
    note(atMs) {
      for (const [key, instance] of run.instances) {
        if (!isActive(instance) || going.has(key)) continue;
        fired += 1;
        const labels = without(instance.labels, 'alertname');
        going.set(key, { labels, firedAtMs: atMs, value: instance.value });
      }
      for (const [key, episode] of going) {
        const instance = run.instances.get(key);
        if (instance !== undefined && isActive(instance)) continue;
        going.delete(key);
        over.push({ ...episode, endedAtMs: atMs });
        if (over.length > MAX_EPISODES) over.shift();
      }
    },
    all: () => ({
      fired,
      episodes: [...over, ...going.values()].sort((a, b) => b.firedAtMs - a.firedAtMs).slice(0, MAX_EPISODES),
    }),
  };
}
