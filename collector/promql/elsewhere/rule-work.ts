import type { Answering, RuleExpression, VectorElement } from '../../../alerting/ports.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { labelsKey, type Labels } from '../../../config/model/labels.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import type { RuleWork } from '../../rule-work.ts';
import type { Expr } from '../ast.ts';
import { parseExpression } from '../parse.ts';
import { printed } from '../print.ts';
import { reachOf } from '../reach.ts';
import { metricsOf, selectorsOf } from '../selectors.ts';
import { withoutFilters } from '../unfiltered.ts';
import { resultOf } from './answer.ts';
import type { Asking } from './asking.ts';
import { ownMatchers, secondsText } from './queries.ts';
import { isToldHere, recordings } from './recordings.ts';
import { createRounds, type Answer, type Evaluate, type Round, type Rounds } from './rounds.ts';

export interface ElsewhereRulesDeps {
  readonly asking: Asking;
  /** How rules are judged from memory. */
  readonly memory: RuleWork;
  /** How far memory reaches back. */
  readonly memoryMs: () => number;
  /** The labels that `remote_write` puts on all that is ours. */
  readonly own: Labels;
  /** Brings all that was sampled to the engine; whether it has it. */
  readonly deliver: () => Promise<boolean>;
  readonly visibleAfterMs: number;
  readonly clock: Clock;
}

export interface ElsewhereRules extends RuleWork {
  /** Whether the last that was judged had to be judged from memory. */
  isFromMemory(): boolean;
}

/** How long the answer for one rule may take. */
const RULE_LIMIT_MS = 5_000;
/** An engine that does not answer keeps the rules waiting no more often than this. */
const RETRY_AFTER_MS = 10_000;
/** Queries of templates whose texts come from queries of templates, and so on. */
const MAX_ROUNDS = 6;

/**
 * Rules that ask the engine elsewhere. What Watchkeeper tells of itself (`watchkeeper_…`, `ALERTS…`) is judged from memory
 * always: an engine cannot tell of its own absence, and who has the watch is no matter of it. So is everything while the
 * engine does not answer or has not got the newest samples, as far as memory reaches.
 */
export function elsewhereRules(deps: ElsewhereRulesDeps): ElsewhereRules {
  const { memory, own, memoryMs } = deps;
  const shared: Shared = {
    ...deps,
    rounds: createRounds(memoryMs),
    recorded: recordings(),
    wasFromMemory: false,
  };
  const { rounds, recorded } = shared;
  const matchers = ownMatchers(own);
  return {
    query: {
      compile(expression): RuleExpression {
        const fromMemory = memory.query.compile(expression);
        const expr = parseExpression(expression);
        const metrics = metricsOf(selectorsOf(expr));
        if (metrics !== undefined && [...metrics].every(isToldHere)) return fromMemory;
        const reachMs = reachOf(expr);
        const asked = (text: Expr, here: Evaluate): Evaluate =>
          rounds.asking({ text: printed(text, matchers), reachMs, here });
        const unfiltered = asked(withoutFilters(expr), (atMs) => fromMemory.unfiltered(atMs));
        return {
          ...fromMemory,
          evaluate: asked(expr, (atMs) => fromMemory.evaluate(atMs)),
          unfiltered(atMs, heardForMs) {
            const found = unfiltered(atMs);
            if (heardForMs === undefined) return found;
            return without(found, unheard(fromMemory, atMs, heardForMs));
          },
        };
      },
      elsewhere: () => answering(shared),
      beginStretch: () => memory.query.beginStretch?.(),
      endStretch: () => memory.query.endStretch?.(),
    },
    series: {
      seriesOf: (labels) => memory.series.seriesOf(labels),
      wrote(metric) {
        memory.series.wrote?.(metric);
        recorded.wrote(metric);
      },
    },
    isFromMemory: () => shared.wasFromMemory,
  };
}

/** Keys of what memory has of old alone: the engine has not got anything newer of it. */
function unheard(fromMemory: RuleExpression, atMs: number, heardForMs: number): ReadonlySet<string> {
  const keys = (elements: readonly VectorElement[]) =>
    new Set(elements.map(({ labels }) => labelsKey(labels)));
  const lately = keys(fromMemory.unfiltered(atMs, heardForMs));
  return new Set([...keys(fromMemory.unfiltered(atMs))].filter((key) => !lately.has(key)));
}

function without(elements: readonly VectorElement[], keys: ReadonlySet<string>): readonly VectorElement[] {
  return keys.size === 0 ? elements : elements.filter(({ labels }) => !keys.has(labelsKey(labels)));
}

interface Shared extends ElsewhereRulesDeps {
  readonly rounds: Rounds;
  readonly recorded: ReturnType<typeof recordings>;
  wasFromMemory: boolean;
}

/** Work is done with what is known and tells what is missing, until nothing is. */
function answering(shared: Shared): Answering {
  const { asking, clock, rounds } = shared;
  const { away } = asking.figures();
  const freshen = freshener(shared);
  let isFromMemory = away !== undefined && clock.nowMs() - away.lastTriedAtMs < RETRY_AFTER_MS;
  return {
    async answered(rule, work) {
      const answers = new Map<string, Answer>();
      for (let count = 0; count < MAX_ROUNDS; count += 1) {
        const round: Round = { answers, missing: new Map(), isFromMemory };
        const outcome = rounds.attempt(round, work);
        if (round.missing.size === 0) {
          if (isFromMemory || answers.size > 0) shared.wasFromMemory = isFromMemory;
          if ('error' in outcome) throw outcome.error;
          return outcome.value;
        }
        try {
          await freshen(rule);
          const found = [...round.missing].map(
            async ([key, one]) => [key, await answerOf(shared, one)] as const,
          );
          for (const [key, answer] of await Promise.all(found)) answers.set(key, answer);
        } catch (error) {
          if (!isAway(error)) throw error;
          isFromMemory = true;
        }
      }
      throw new WatchkeeperError('query_failed', 'its templates ask again and again');
    },
  };
}

/** Sees to it that what was sampled, and what rules have recorded since, can be read at the engine. */
function freshener({ recorded, deliver, visibleAfterMs, clock }: Shared) {
  let freshTo: number | undefined;
  return async ({ metrics }: RuleExpression): Promise<void> => {
    if (freshTo !== undefined && !recorded.isSince(freshTo, metrics)) return;
    const to = recorded.count();
    if (!(await deliver())) throw new WatchkeeperError('engine_away', 'it has not got the newest samples');
    if (visibleAfterMs > 0) await new Promise<void>((done) => void clock.after(visibleAfterMs, done));
    freshTo = to;
  };
}

/** One answer; that the engine cannot evaluate it is an answer too. */
async function answerOf(
  { asking, own }: ElsewhereRulesDeps,
  { query, atMs }: { readonly query: string; readonly atMs: number },
): Promise<Answer> {
  try {
    const parameters = { query, time: secondsText(atMs) };
    const question = { parameters, limitMs: RULE_LIMIT_MS };
    const { value } = await asking.ask('query', question, (answer) => resultOf(answer, own));
    if (value.type === 'vector') return value.elements;
    if (value.type === 'scalar') return [{ labels: {}, value: value.value }];
    return new WatchkeeperError('query_failed', `the engine answered with a ${value.type}`);
  } catch (error) {
    if (isAway(error) || !(error instanceof WatchkeeperError)) throw error;
    return error;
  }
}

function isAway(error: unknown): boolean {
  return error instanceof WatchkeeperError && error.code === 'engine_away';
}
