import type { RuleQuery, RuleSeriesSink } from '../alerting/ports.ts';
import { METRIC_NAME, type Labels } from '../config/model/labels.ts';
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
  head: Pick<Head, 'select' | 'append' | 'seriesOf'>,
  clock: Pick<Clock, 'nowMs'>,
): RuleWork {
  const source = createSharedSource(head);
  const engine = createEngine({ source, deadline: { clock, limitMs: RULE_DEADLINE_MS } });
  const wrote = (labels: Labels): void => source.wrote(labels[METRIC_NAME] ?? '');
  return {
    query: { compile: (expression) => engine.compile(expression), beginStretch: () => source.forget() },
    series: {
      append(labels, atMs, value) {
        head.append(labels, atMs, value);
        wrote(labels);
      },
      end(labels, atMs) {
        head.seriesOf(labels)?.end(atMs);
        wrote(labels);
      },
    },
  };
}
