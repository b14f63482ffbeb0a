import type { RuleQuery, RuleSeriesSink } from '../alerting/ports.ts';
import { METRIC_NAME, type Labels } from '../config/model/labels.ts';
import type { Clock } from '../config/runtime/clock.ts';
import { createEngine } from './promql/engine.ts';
import { createSharedSource } from './promql/shared-source.ts';
import type { Head } from './series/head.ts';
import type { Series } from './series/series.ts';

/** How long one rule's expression may take: what takes longer keeps the scrapes waiting. */
const RULE_DEADLINE_MS = 5_000;

/** How rules read and write the head. */
export interface RuleWork {
  readonly query: RuleQuery;
  readonly series: RuleSeriesSink;
}

/** Rules on the head: what several of them select is read once, and what one writes the next sees. */
export function ruleWork(head: Pick<Head, 'select' | 'seriesOf'>, clock: Pick<Clock, 'nowMs'>): RuleWork {
  const source = createSharedSource(head);
  const engine = createEngine({ source, deadline: { clock, limitMs: RULE_DEADLINE_MS } });
  const wrote = (labels: Labels): void => source.wrote(labels[METRIC_NAME] ?? '');
  /** A rule writes with the same labels each time: they are looked up once. */
  const known = new WeakMap<Labels, Series>();
  const seriesOf = (labels: Labels): Series | undefined => {
    const before = known.get(labels);
    if (before?.isGone === false) return before;
    const found = head.seriesOf(labels);
    if (found !== undefined) known.set(labels, found);
    return found;
  };
  return {
    query: { compile: (expression) => engine.compile(expression), beginStretch: () => source.forget() },
    series: {
      append(labels, atMs, value) {
        seriesOf(labels)?.append(atMs, value);
        wrote(labels);
      },
      end(labels, atMs) {
        seriesOf(labels)?.end(atMs);
        wrote(labels);
      },
    },
  };
}
