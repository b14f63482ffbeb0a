import type { Labels } from '../../../config/model/labels.ts';
import type { QuerySettings } from '../../../config/query.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import type { RuleWork } from '../../rule-work.ts';
import type { Queries } from '../worker/queries.ts';
import { createAsking, type EngineFigures } from './asking.ts';
import { elsewherePast, type Past } from './past.ts';
import { elsewhereQueries } from './queries.ts';
import { engineRoom, type EngineRoom } from './room.ts';
import { elsewhereRules, type ElsewhereRules } from './rule-work.ts';

/** The engine that `query:` names, in the places of what would be answered here. */
export interface Elsewhere {
  /** What is behind the head. */
  readonly past: Past;
  /** Where it is: host and port. */
  readonly host: string;
  queries(here: Queries): Queries;
  rules(memory: RuleWork): RuleWork;
  /** What it tells of its own room, as much as it does. */
  room(signal: AbortSignal): Promise<EngineRoom>;
  figures(): ElsewhereFigures;
  faults(): readonly string[];
  stop(): void;
}

export interface ElsewhereFigures extends EngineFigures {
  readonly awaySeconds: number;
  /** Whether rules had to be judged from memory. */
  readonly isFromMemory: boolean;
}

export interface ElsewhereDeps {
  readonly settings: QuerySettings;
  /** The labels that `remote_write` puts on all that is ours. */
  readonly own: Labels;
  readonly memoryMs: () => number;
  /** Brings all that was sampled to the engine; whether it has it. */
  readonly deliver: () => Promise<boolean>;
  readonly clock: Clock;
}

/** An engine may start anew without anybody being told. */
const AWAY_TOLD_AFTER_MS = 15_000;

/** @throws {Error} when a certificate cannot be read. */
export function openElsewhere({ settings, ...deps }: ElsewhereDeps): Elsewhere {
  const { clock, own } = deps;
  const asking = createAsking({ settings, clock });
  let rules: ElsewhereRules | undefined;
  const awayMs = (): number => Math.max(0, clock.nowMs() - (asking.figures().away?.sinceMs ?? clock.nowMs()));
  return {
    past: elsewherePast(asking, own),
    host: new URL(settings.url).host,
    room: (signal) => engineRoom((path) => asking.look(path, signal)),
    queries: (here) => elsewhereQueries(asking, here, own),
    rules(memory) {
      const { visibleAfterMs } = settings;
      rules = elsewhereRules({ ...deps, asking, memory, visibleAfterMs });
      return rules;
    },
    figures: () => ({
      ...asking.figures(),
      awaySeconds: awayMs() / 1_000,
      isFromMemory: rules?.isFromMemory() ?? false,
    }),
    faults() {
      const { away } = asking.figures();
      const isFromMemory = rules?.isFromMemory() ?? false;
      if (away !== undefined && awayMs() >= AWAY_TOLD_AFTER_MS)
        return [`the engine of query does not answer, rules are judged from memory: ${away.reason}`];
      return isFromMemory && away === undefined
        ? [
            'remote_write has not brought the newest samples to the engine of query: rules are judged from memory',
          ]
        : [];
    },
    stop: () => asking.close(),
  };
}
