import type { RuleQuery, RuleSeriesSink } from '../alerting/ports.ts';
import type { Clock } from '../config/runtime/clock.ts';
import { createEngine } from './promql/engine.ts';
import { createSharedSource } from './promql/shared-source.ts';
import type { Head } from './series/head.ts';

/** How long one rule's expression may take: what takes longer keeps the scrapes waiting. */
const RULE_DEADLINE_MS = 5_000;

/** How rules read and write the head. */
export interface RuleWork {
  readonly query: RuleQuery;
  readonly series: RuleSeriesSink;
}

/** Rules on the head: what several of them select is read once, and what one writes the next sees. */
export function ruleWork(
  head: Pick<Head, 'select' | 'newest' | 'seriesOf'>,
  clock: Pick<Clock, 'nowMs'>,
): RuleWork {
  const source = createSharedSource(head);
  const engine = createEngine({ source, deadline: { clock, limitMs: RULE_DEADLINE_MS } });
  return {
    query: {
      compile: (expression) => engine.compile(expression),
      beginStretch: () => source.forget(),
      endStretch: () => source.forget(),
    },
    series: {
      seriesOf: (labels) => head.seriesOf(labels),
      wrote: (metric) => source.wrote(metric),
    },
  };
}
