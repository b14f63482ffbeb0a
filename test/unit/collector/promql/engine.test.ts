import { describe, expect, it } from 'vitest';
import { markStale } from '../../../../config/model/sample.ts';
import { engineOn, metric, MINUTE, shown } from './promql-site.ts';

const LOADS = [
  [metric('load', { ups: 'a', feed: 'A' }), [10, 20, 30]],
  [metric('load', { ups: 'b', feed: 'B' }), [50, 60, 70]],
  [metric('limit', { ups: 'a' }), [25, 25, 25]],
  [metric('limit', { ups: 'b' }), [80, 80, 80]],
] as const;

describe('an instant query', () => {
  const { engine } = engineOn(LOADS);
  it.each([
    ['1 + 2 * 3 ^ 2 ^ 0.5 - -1', [String(1 + 2 * 3 ** (2 ** 0.5) + 1)]],
    ['-2 ^ 2', ['-4']],
    ['2.', ['2']],
    ['5m + 0x10', ['316']],
    ['"a\\u0041\\x42"', ['aAB']],
    ['time()', ['120']],
    ['load{feed!~"B|C"} * 2', ['{feed="A",ups="a"} 60']],
    ['load > 60', ['load{feed="B",ups="b"} 70']],
    ['60 < load', ['load{feed="B",ups="b"} 70']],
    ['load > bool 60', ['{feed="A",ups="a"} 0', '{feed="B",ups="b"} 1']],
    ['load > on(ups) limit', ['{ups="a"} 30']],
    ['limit < on(ups) group_right load', ['load{feed="A",ups="a"} 25']],
    ['load - on(ups) group_left limit', ['{feed="A",ups="a"} 5', '{feed="B",ups="b"} -10']],
    ['limit and on(ups) load > 50', ['limit{ups="b"} 80']],
    ['limit unless on(ups) load > 50', ['limit{ups="a"} 25']],
    ['load{ups="a"} or on(feed) load', ['load{feed="A",ups="a"} 30', 'load{feed="B",ups="b"} 70']],
    ['sum(load)', ['{} 100']],
    ['avg by (feed) (load)', ['{feed="A"} 30', '{feed="B"} 70']],
    ['max without (ups) (load)', ['{feed="A"} 30', '{feed="B"} 70']],
    ['count(load) + on() min(load)', ['{} 32']],
    ['topk(1, load)', ['load{feed="B",ups="b"} 70']],
    ['quantile(0.5, load)', ['{} 50']],
    ['count_values("v", limit > 1)', ['{v="25"} 1', '{v="80"} 1']],
    ['stddev(load)', ['{} 20']],
    ['absent(load)', []],
    ['absent(gone{ups="c",feed=~"."})', ['{ups="c"} 1']],
    ['avg_over_time(load[3m])', ['{feed="A",ups="a"} 20', '{feed="B",ups="b"} 60']],
    ['last_over_time(load{ups="a"}[3m])', ['load{feed="A",ups="a"} 30']],
    ['max_over_time(sum(load)[2m:1m])', ['{} 100']],
    ['predict_linear(load{ups="a"}[5m], 60)', ['{feed="A",ups="a"} 40']],
    ['load{ups="a"} offset 1m', ['load{feed="A",ups="a"} 20']],
    ['load{ups="a"} @ 0', ['load{feed="A",ups="a"} 10']],
    ['scalar(load{ups="b"}) - vector(1)', ['{} 69']],
    ['label_replace(load{ups="a"}, "to", "x$1", "ups", "(.*)")', ['load{feed="A",to="xa",ups="a"} 30']],
    ['clamp_max(load, 50)', ['{feed="A",ups="a"} 30', '{feed="B",ups="b"} 50']],
    ['year(vector(0)) + month(vector(0))', ['{} 1971']],
  ])('%s', (expression, expected) => {
    expect(shown(engine.instant(expression, 2 * MINUTE))).toEqual(expected);
  });

  it('says no more of a series whose last sample is older than the lookback', () => {
    expect(shown(engine.instant('sum(load)', 7 * MINUTE - 1))).toEqual(['{} 100']);
    expect(shown(engine.instant('sum(load)', 7 * MINUTE))).toEqual([]);
  });

  it('says no more of a series that has ended, and skips the marks of its end in ranges', () => {
    const { head, engine: own } = engineOn([[metric('up', { job: 'ups' }), [1, 2, 4]]]);
    const mark = new Float64Array(1);
    markStale(mark, 0);
    head.append(metric('up', { job: 'ups' }), 3 * MINUTE, mark[0] ?? 0);
    expect(shown(own.instant('sum_over_time(up[10m])', 3 * MINUTE))).toEqual(['{job="ups"} 7']);
    expect(shown(own.instant('up', 3 * MINUTE))).toEqual([]);
  });
});

describe('the parts of a date', () => {
  const { engine } = engineOn([]);

  it.each([
    ['minute', -0.5, 0],
    ['hour', -0.5, 0],
    ['hour', -1, 23],
    ['day_of_month', -0.9, 1],
    ['day_of_week', -0.9, 4],
    ['day_of_year', -0.5, 1],
    ['day_of_year', -1.5, 365],
    ['days_in_month', -0.5, 31],
    ['month', -0.001, 1],
    ['year', -0.5, 1970],
    ['year', -1.5, 1969],
    ['minute', 59.999, 0],
    ['minute', 60, 1],
  ])('%s(vector(%d)) is %d: whole seconds towards 1970', (name, seconds, part) => {
    expect(shown(engine.instant(`${name}(vector(${seconds}))`, 0))).toEqual([`{} ${part}`]);
  });

  it('are no numbers where there is no date', () => {
    const names = 'day_of_month day_of_week day_of_year days_in_month hour minute month year'.split(' ');
    for (const name of names) {
      for (const text of ['NaN', 'Inf', '-Inf', '1e300']) {
        expect(shown(engine.instant(`${name}(vector(${text}))`, 0))).toEqual(['{} NaN']);
      }
    }
  });
});

describe('a counter', () => {
  const { engine } = engineOn([[metric('packets_total'), [0, 60, 120, 30, 90]]]);

  it('is seen as if it had gone on where it was set back', () => {
    expect(shown(engine.instant('rate(packets_total[4m])', 4 * MINUTE))).toEqual([`{} ${(150 / 180) * 1}`]);
  });

  it('is said not to look like one by its name', () => {
    expect(engine.instant('rate(packets_total[4m])', 4 * MINUTE).infos).toEqual([]);
    const other = engineOn([[metric('packets'), [0, 60]]]).engine;
    expect(other.instant('rate(packets[4m])', MINUTE).infos).toHaveLength(1);
  });
});

describe('vectors that do not match', () => {
  const { engine } = engineOn(LOADS);
  it.each([
    ['limit * on() limit', 'found duplicate series for the match group {} on the right hand-side'],
    ['load * on(ups) scalar(limit)', 'vector matching only allowed between instant vectors'],
    ['limit + on() vector(1)', 'multiple matches for labels: many-to-one matching must be explicit'],
    ['label_replace(load, "ups", "", "ups", ".*") > 1 and {__name__=~"a|b",x="y"}', undefined],
    [
      'abs({__name__=~"load|limit",ups="a",feed=""}) or label_replace(limit, "ups", "c", "ups", ".*")',
      'vector cannot contain metrics with the same labelset',
    ],
  ])('%s', (expression, message) => {
    const evaluate = () => engine.instant(expression, 2 * MINUTE);
    if (message === undefined) expect(shown(evaluate())).toEqual([]);
    else expect(evaluate).toThrow(message);
  });
});

describe('a range query', () => {
  const { engine } = engineOn(LOADS);

  it('yields at each step what an instant query would', () => {
    const steps = { startMs: 0, endMs: 9 * MINUTE, stepMs: MINUTE };
    expect(shown(engine.range('load{ups="a"} > 10', steps))).toEqual([
      'load{feed="A",ups="a"} 20@1 30@2 30@3 30@4 30@5 30@6',
    ]);
    expect(shown(engine.range('count_over_time(load{ups="b"}[90s])', steps))).toEqual([
      '{feed="B",ups="b"} 1@0 2@1 2@2 1@3',
    ]);
    expect(shown(engine.range('load{ups="a"} @ end() - 1', { ...steps, endMs: MINUTE }))).toEqual([
      '{feed="A",ups="a"} 19@0 19@1',
    ]);
  });

  it('ends a query that reads too much', () => {
    const { engine: strict } = engineOn(LOADS, { maxSamples: 5 });
    expect(() => strict.instant('load[5m]', 2 * MINUTE)).toThrow('more than 5 samples');
  });
});
