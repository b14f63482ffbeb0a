import { describe, expect, it } from 'vitest';
import { formatLabels, METRIC_NAME, without } from '../../../../config/model/labels.ts';
import { engineOn, metric, MINUTE } from './promql-site.ts';

const { engine } = engineOn([
  [metric('load', { ups: 'a' }), [10, 20, 30]],
  [metric('load', { ups: 'b' }), [50, 60, 70]],
  [metric('heat', { ups: 'b' }), [5, 5, 5]],
]);

function labelsOf(expression: string, way: 'evaluate' | 'unfiltered'): readonly string[] {
  const elements = engine.compile(expression)[way](2 * MINUTE);
  const names = elements.map(({ labels }) => formatLabels(without(labels, METRIC_NAME)));
  return names.sort();
}

describe('what a rule had data to judge', () => {
  it.each([
    ['load > 60', ['{ups="b"}'], ['{ups="a"}', '{ups="b"}']],
    ['100 < load', [], ['{ups="a"}', '{ups="b"}']],
    ['load > bool 60', ['{ups="a"}', '{ups="b"}'], ['{ups="a"}', '{ups="b"}']],
    ['load > 60 and heat > 7', [], ['{ups="b"}']],
    ['load > 90 or heat > 7', [], ['{ups="a"}', '{ups="b"}']],
    ['load > 60 unless heat', [], ['{ups="a"}', '{ups="b"}']],
    ['heat > load', [], ['{ups="b"}']],
    ['count(load > 90) > 0', [], ['{}']],
    ['abs(load > 90)', [], ['{ups="a"}', '{ups="b"}']],
    ['max_over_time((load > 90)[5m:1m])', [], ['{ups="a"}', '{ups="b"}']],
    ['absent(load{ups="a"})', [], ['{ups="a"}']],
    ['absent_over_time(load{ups="a"}[5m])', [], ['{ups="a"}']],
    ['absent(sum(load))', [], ['{}']],
    ['gone > 1', [], []],
    ['(-load) < -60', ['{ups="b"}'], ['{ups="a"}', '{ups="b"}']],
  ])('%s', (expression, found, judged) => {
    expect(labelsOf(expression, 'evaluate')).toEqual(found);
    expect(labelsOf(expression, 'unfiltered')).toEqual(judged);
  });

  it.each([
    ['load > 60', ['{ups="new"}']],
    ['max_over_time(load[2m]) > 60', ['{ups="new"}']],
    ['load offset 1m > 60', ['{ups="new"}', '{ups="old"}']],
    ['sum(load) > 200', ['{}']],
  ])('%s, of what was heard lately', (expression, heard) => {
    const { engine: late } = engineOn([
      [metric('load', { ups: 'old' }), [10, 20]],
      [metric('load', { ups: 'new' }), [50, 60, 70]],
    ]);
    const elements = late.compile(expression).unfiltered(2 * MINUTE, MINUTE);
    expect(elements.map(({ labels }) => formatLabels(without(labels, METRIC_NAME))).sort()).toEqual(heard);
  });

  it('refuses what is no vector and tells what is selected', () => {
    expect(() => engine.compile('load[5m]')).toThrow('a rule cannot use a matrix');
    expect(engine.compile('a > 1 and rate(b{c="d"}[5m]) > 0').selectors).toEqual([
      [{ name: '__name__', op: '=', value: 'a' }],
      [
        { name: '__name__', op: '=', value: 'b' },
        { name: 'c', op: '=', value: 'd' },
      ],
    ]);
  });

  it('gives a scalar as one element without labels', () => {
    expect(engine.compile('1 + 1').evaluate(0)).toMatchObject([{ labels: {}, value: 2 }]);
  });
});
