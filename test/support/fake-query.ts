import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Labels } from '../../config/model/labels.ts';
import type { RuleQuery, VectorElement } from '../../alerting/ports.ts';

/** Expressions with answers that a test sets: `raw` is what the expression has without its filter `keeps`. */
export interface FakeQuery extends RuleQuery {
  set(expression: string, raw: readonly VectorElement[], keeps?: (element: VectorElement) => boolean): void;
  fail(expression: string, message: string): void;
}

interface Answer {
  readonly raw: readonly VectorElement[];
  readonly keeps: (element: VectorElement) => boolean;
  readonly failure?: string;
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
    compile: (expression) => ({
      evaluate() {
        const { raw, keeps } = answer(expression);
        return raw.filter(keeps);
      },
      unfiltered: () => answer(expression).raw,
    }),
  };
}

export function element(labels: Labels, value = 1): VectorElement {
  return { labels, value };
}
