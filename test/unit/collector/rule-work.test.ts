import { describe, expect, it } from 'vitest';
import { ruleWork } from '../../../collector/rule-work.ts';
import type { Labels } from '../../../config/model/labels.ts';
import { createHead } from '../../../collector/series/head.ts';
import { manualClock } from '../../support/manual-clock.ts';

/** The work of rules over one sample of `x`, and how often series were looked for. */
function working() {
  const head = createHead();
  head.append({ __name__: 'x' }, 1_000, 5);
  let selects = 0;
  const counting = {
    seriesOf: (labels: Labels) => head.seriesOf(labels),
    select: (...asked: Parameters<typeof head.select>) => {
      selects += 1;
      return head.select(...asked);
    },
    newest: (...asked: Parameters<typeof head.newest>) => {
      selects += 1;
      return head.newest(...asked);
    },
  };
  return { ...ruleWork(counting, manualClock()), selects: () => selects };
}

describe('the rules of a group', () => {
  it('read once what several of them select, and keep none of it when they are through', () => {
    const { query, selects } = working();
    const [some, others] = [query.compile('x > 1'), query.compile('x > 2')];
    query.beginStretch?.();
    expect([some, others].map((rule) => rule.evaluate(1_000).length)).toEqual([1, 1]);
    expect(selects()).toBe(1);
    query.endStretch?.();
    some.evaluate(1_000);
    expect(selects()).toBe(2);
  });

  it('see what one before them wrote', () => {
    const { query, series } = working();
    const rule = query.compile('sum(y)');
    query.beginStretch?.();
    expect(rule.evaluate(1_000)).toEqual([]);
    series.seriesOf({ __name__: 'y' })?.append(1_000, 7);
    series.wrote?.('y');
    expect(rule.evaluate(1_000)).toMatchObject([{ value: 7 }]);
  });
});
