import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../../collector/promql/parse.ts';
import { printed } from '../../../../collector/promql/print.ts';
import { reachOf } from '../../../../collector/promql/reach.ts';
import { engineOn, metric, MINUTE, shown } from './promql-site.ts';

const { engine } = engineOn([
  [metric('load', { ups: 'a', room: 'r' }), [10, 20, 30, 45, 60, 61, 7, 8]],
  [metric('load', { ups: 'b', room: 'r' }), [50, 60, 70, 80, 90, 91, 92, 93]],
  [metric('heat', { ups: 'b', room: 'q"\\\n' }), [5, 5, 6, 7, 6, 5, 4, 3]],
]);

describe('an expression as text again', () => {
  it.each([
    'load',
    'load{ups="a",room!="x"}',
    'heat{room="q\\"\\\\\\n"}',
    '{__name__=~"lo.*|heat",ups!~"a"}',
    'load offset 2m',
    'load offset -1m',
    'load @ 120',
    'load @ 61.5 offset 30s',
    'rate(load[3m])',
    'max_over_time(load[3m] offset 1m)',
    'max_over_time((load > 20)[5m:1m] offset 1m)',
    'avg_over_time(load[4m:])',
    '-load ^ 2',
    '2 ^ 3 ^ 2',
    '-(1 + 2) * 3',
    'load - load - 1',
    'load > bool 50',
    '50 < load',
    'load * on (ups) group_left (room) heat',
    'load * ignoring (room) heat',
    'heat * on (ups) group_right () load',
    'load and on () heat',
    'load unless ignoring (room) heat or heat',
    'sum by (room) (load)',
    'sum without (ups) (load)',
    'sum(load)',
    'topk(1, load)',
    'quantile by (room) (0.5, load)',
    'count_values("load \\"of\\" it", load)',
    'label_replace(load, "to", "$1", "ups", "(.*)")',
    'label_join(load, "to", "-", "ups", "room")',
    'histogram_quantile(0.9, load)',
    'absent(gone{ups="a"})',
    'clamp(load, -Inf, +Inf) + NaN > 1e21',
    'scalar(load{ups="a"}) + time() + pi() + 0x1f',
    'round(load, 5)',
    'load atan2 load',
    'day_of_month()',
    'vector(1)',
    '"text"',
  ])('%s', (text) => {
    const again = printed(parseExpression(text));
    expect(printed(parseExpression(again))).toBe(again);
    expect(shown(engine.instant(again, 7 * MINUTE))).toEqual(shown(engine.instant(text, 7 * MINUTE)));
  });

  it('has conditions that stand on every selector', () => {
    const more = [{ name: 'site', op: '=', value: 'a"b' }] as const;
    expect(printed(parseExpression('sum(rate(x{y="z"}[5m])) > on () max_over_time(w[1h:1m])'), more)).toBe(
      '(sum (rate({__name__="x",y="z",site="a\\"b"}[300000ms]))) > on () ' +
        '(max_over_time(({__name__="w",site="a\\"b"})[3600000ms:60000ms]))',
    );
  });
});

describe('how far an expression looks back', () => {
  it.each([
    ['1 + time()', 0],
    ['load', 5],
    ['load offset 10m', 15],
    ['load offset -10m', 5],
    ['rate(load[1h])', 60],
    ['rate(load[1h] offset 1d) > 0 or heat', 25 * 60],
    ['max_over_time(rate(load[10m])[2h:1m] offset 1h)', 190],
    ['topk(scalar(heat offset 20m), load)', 25],
    ['load @ 60', Number.POSITIVE_INFINITY],
    ['max_over_time(load[1h:1m] @ end())', Number.POSITIVE_INFINITY],
  ])('%s', (text, minutes) => {
    expect(reachOf(parseExpression(text)) / MINUTE).toBe(minutes);
  });
});
