import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Labels } from '../../config/model/labels.ts';
import type { RuleQuery, VectorElement } from '../../alerting/ports.ts';

/** Expressions with answers that a test sets: `raw` is what the expression has without its filter `keeps`. */
export interface FakeQuery extends RuleQuery {
  set(expression: string, raw: readonly VectorElement[], keeps?: (element: VectorElement) => boolean): void;
  fail(expression: string, message: string): void;
  /** Nothing of it was sampled since. */
  silence(expression: string): void;
}

interface Answer {
  readonly raw: readonly VectorElement[];
  readonly keeps: (element: VectorElement) => boolean;
  readonly failure?: string;
  readonly isUnheard?: boolean;
}

export function fakeQuery(): FakeQuery {
  const answers = new Map<string, Answer>();
  const answer = (expression: string): Answer => {
    const known = answers.get(expression) ?? { raw: [], keeps: () => true };
    if (known.failure !== undefined) throw new WatchkeeperError('query_failed', known.failure);
    return known;
  };
  return {
    set(expression, raw, keeps = () => true) {
      answers.set(expression, { raw, keeps });
    },
    fail(expression, failure) {
      answers.set(expression, { raw: [], keeps: () => true, failure });
    },
    silence(expression) {
      answers.set(expression, { ...answer(expression), isUnheard: true });
    },
    compile: (expression) => ({
      evaluate() {
        const { raw, keeps } = answer(expression);
        return raw.filter(keeps);
      },
      unfiltered(_atMs, heardForMs) {
        const { raw, isUnheard = false } = answer(expression);
        return isUnheard && heardForMs !== undefined ? [] : raw;
      },
    }),
  };
}

export function element(labels: Labels, value = 1): VectorElement {
  return { labels, value };
}
