import type { VectorElement } from '../../../alerting/ports.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';

/** What is known and what is still to be asked while the same work is done again and again. */
export interface Round {
  readonly answers: ReadonlyMap<string, Answer>;
  readonly missing: Map<string, Missing>;
  readonly isFromMemory: boolean;
}

/** What the engine says of one question; that it cannot evaluate it is an answer too. */
export type Answer = readonly VectorElement[] | WatchkeeperError;

export interface Missing {
  readonly query: string;
  readonly atMs: number;
}

export type Evaluate = (atMs: number) => readonly VectorElement[];

interface Asked {
  readonly text: string;
  /** How far it looks back. */
  readonly reachMs: number;
  /** From memory. */
  readonly here: Evaluate;
}

/** Lets work that cannot wait ask what has to be waited for. */
export interface Rounds {
  /** Evaluates from what the round knows; outside of a round from memory. */
  asking(asked: Asked): Evaluate;
  /** Does the work with what is known; what it yields counts only where nothing was missing. */
  attempt<T>(
    round: Round,
    work: (isPartial: boolean) => T,
  ): { readonly value: T } | { readonly error: unknown };
}

export function createRounds(memoryMs: () => number): Rounds {
  let current: Round | undefined;
  return {
    asking:
      ({ text, reachMs, here }) =>
      (atMs) => {
        if (current === undefined) return here(atMs);
        if (!current.isFromMemory) return known(current, { query: text, atMs });
        if (reachMs <= memoryMs()) return here(atMs);
        throw new WatchkeeperError(
          'engine_away',
          'the engine elsewhere does not answer, and memory does not reach so far',
        );
      },
    attempt(round, work) {
      current = round;
      try {
        return { value: work(round.isFromMemory) };
      } catch (error) {
        return { error };
      } finally {
        current = undefined;
      }
    },
  };
}

/** Nothing, where it is still to be asked. */
function known({ answers, missing }: Round, question: Missing): readonly VectorElement[] {
  const key = `${question.atMs} ${question.query}`;
  const answer = answers.get(key);
  if (answer instanceof WatchkeeperError) throw answer;
  if (answer === undefined) missing.set(key, question);
  return answer ?? [];
}
