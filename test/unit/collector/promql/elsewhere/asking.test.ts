import { describe, expect, it, onTestFinished } from 'vitest';
import { createAsking } from '../../../../../collector/promql/elsewhere/asking.ts';
import { elsewherePast } from '../../../../../collector/promql/elsewhere/past.ts';
import { elsewhereQueries } from '../../../../../collector/promql/elsewhere/queries.ts';
import type { Queries } from '../../../../../collector/promql/worker/queries.ts';
import { Secret } from '../../../../../config/runtime/secret.ts';
import { httpPeer, type Asked } from '../../../../support/http-peer.ts';
import { manualClock } from '../../../../support/manual-clock.ts';
import { shown } from '../promql-site.ts';

const TOKEN = 'a-token-of-the-engine';
const NOBODY = {} as Queries;
const never = new AbortController().signal;

/** An engine that answers as the test says. */
async function asking(
  answer: (asked: Asked) => { readonly status?: number; readonly body?: string } | undefined,
  { path = '', timeoutMs = 5_000 } = {},
) {
  const peer = await httpPeer(answer);
  const clock = manualClock();
  const settings = { url: peer.url + path, token: new Secret(TOKEN), timeoutMs, visibleAfterMs: 0 };
  const made = createAsking({ settings, clock, maxBytes: 10_000 });
  onTestFinished(() => made.close());
  return { asking: made, peer, clock, queries: elsewhereQueries(made, NOBODY, { site: 'a' }) };
}

const success = (resultType: string, result: unknown, more = {}) => ({
  body: JSON.stringify({ status: 'success', data: { resultType, result }, ...more }),
});

describe('an engine elsewhere', () => {
  it('is asked for what is ours alone, and answers without the label that says so', async () => {
    const { queries, peer } = await asking(
      () =>
        success(
          'vector',
          [
            { metric: { __name__: 'up', site: 'a', device: 'd' }, value: [60, '+Inf'] },
            { metric: { __name__: 'up', site: 'b' }, value: [60.5, 'NaN'] },
          ],
          { warnings: ['slow'] },
        ),
      { path: '/select/0/prometheus' },
    );
    const result = await queries.instant('sum(up) > 1', 60_500, never);
    expect(shown(result)).toEqual(['up{device="d"} Infinity', 'up{site="b"} NaN']);
    expect(result.warnings).toEqual(['slow']);
    expect(peer.asked[0]).toMatchObject({
      method: 'POST',
      url: '/select/0/prometheus/api/v1/query',
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(Object.fromEntries(new URLSearchParams(peer.asked[0]?.body))).toMatchObject({
      query: '(sum ({__name__="up",site="a"})) > (1)',
      time: '60.500',
    });
  });

  it('answers ranges, scalars and texts', async () => {
    const { queries } = await asking(({ url, body }) => {
      if (url.includes('query_range'))
        return success('matrix', [
          {
            metric: { device: 'd' },
            values: [
              [60, '1'],
              [120, '-Inf'],
            ],
          },
        ]);
      return new URLSearchParams(body).get('query')?.startsWith('"') === true
        ? success('string', [60, 'x'])
        : success('scalar', [60, '3']);
    });
    const range = { startMs: 60_000, endMs: 120_000, stepMs: 60_000 };
    expect(shown(await queries.range('up', range, never))).toEqual(['{device="d"} 1@1 -Infinity@2']);
    expect(shown(await queries.instant('1 + 2', 60_000, never))).toEqual(['3']);
    expect(shown(await queries.instant('"x"', 60_000, never))).toEqual(['x']);
  });

  it.each([
    [400, 'bad_data', 'query_invalid'],
    [422, 'execution', 'query_failed'],
    [422, '422', 'query_failed'],
    [503, 'timeout', 'query_limit'],
  ])('that refuses with %s and %s is there', async (status, errorType, code) => {
    const { queries, asking: one } = await asking(() => ({
      status,
      body: JSON.stringify({ status: 'error', errorType, error: 'why' }),
    }));
    await expect(queries.instant('up', 0, never)).rejects.toMatchObject({ code, message: 'why' });
    expect(one.figures()).toEqual({ asked: 1, failed: 0 });
  });

  it.each<[what: string, answer: { status?: number; body?: string } | undefined, why: RegExp]>([
    ['says nothing', undefined, /no answer within 0.2 s/],
    ['is a web page', { body: '<html>hello' }, /it answered 200: <html>hello/],
    ['lets nobody in', { status: 401, body: 'no' }, /it answered 401: no/],
    ['has moved', { status: 302, body: '' }, /it answered 302/],
    [
      'has failed',
      { status: 500, body: '{"status":"error","errorType":"internal","error":"x"}' },
      /answered 500: x/,
    ],
    ['answers with a list', { body: '[]' }, /the answer is no object/],
    ['answers with nothing', { body: '{"status":"success"}' }, /data is no object/],
    ['has another type', success('streams', []), /a result of the type "streams"/],
    ['has no list', success('vector', {}), /result is no list/],
    ['has no labels', success('vector', [{ value: [1, '2'] }]), /metric is no object/],
    [
      'has labels of another kind',
      success('vector', [{ metric: { a: 1 }, value: [1, '2'] }]),
      /a is no text/,
    ],
    [
      'has a long label',
      success('vector', [{ metric: { a: 'x'.repeat(3_000) }, value: [1, '2'] }]),
      /too long/,
    ],
    [
      'has samples of another kind',
      success('vector', [{ metric: {}, value: ['1', '2'] }]),
      /a sample that is none/,
    ],
    [
      'has a number that is none',
      success('vector', [{ metric: {}, value: [1, 'x'] }]),
      /a sample that is none/,
    ],
  ])('that %s is away', async (_what, answer, why) => {
    const { queries, asking: one, clock } = await asking(() => answer, { timeoutMs: 200 });
    await clock.advance(5_000);
    const failing = queries.instant('up', 0, never);
    await expect(failing).rejects.toMatchObject({ code: 'engine_away', message: expect.stringMatching(why) });
    await expect(failing).rejects.not.toThrow(TOKEN);
    expect(one.figures()).toMatchObject({ failed: 1, away: { reason: expect.stringMatching(why) } });
  });

  it('that is a flood is cut off', async () => {
    const { queries } = await asking(() => success('string', [0, 'x'.repeat(20_000)]));
    await expect(queries.instant('up', 0, never)).rejects.toMatchObject({ code: 'query_limit' });
  });

  it('that is there again is not away any more, and says since when it was', async () => {
    const state = { isThere: false };
    const {
      queries,
      asking: one,
      clock,
    } = await asking(() => (state.isThere ? success('vector', []) : { status: 502, body: 'gateway' }));
    await expect(queries.instant('up', 0, never)).rejects.toThrow('it answered 502');
    const sinceMs = clock.nowMs();
    await clock.advance(7_000);
    await expect(queries.instant('up', 0, never)).rejects.toThrow('it answered 502');
    expect(one.figures()).toMatchObject({
      asked: 2,
      failed: 2,
      away: { sinceMs, lastTriedAtMs: sinceMs + 7_000 },
    });
    state.isThere = true;
    await queries.instant('up', 0, never);
    expect(one.figures()).toEqual({ asked: 3, failed: 2 });
  });

  it('is asked no longer than who asks waits', async () => {
    const { queries } = await asking(() => undefined);
    await expect(queries.instant('up', 0, AbortSignal.timeout(50))).rejects.toMatchObject({
      code: 'query_limit',
    });
  });
});

describe('what is behind the head, in an engine elsewhere', () => {
  it('is read in samples, and in lines of spans', async () => {
    const { asking: one, peer } = await asking(({ url, body }) => {
      const query = new URLSearchParams(body).get('query') ?? '';
      if (!url.includes('query_range'))
        return success('matrix', [
          {
            metric: { __name__: 'heat', site: 'a', device: 'd' },
            values: [
              [0, '1'],
              [10, '2'],
              [20, '3'],
            ],
          },
        ]);
      const value = { min: '1', max: '9', avg: '4' }[query.slice(0, 3)] ?? '0';
      return success('matrix', [
        {
          metric: { device: 'd' },
          values: [
            [300, value],
            [600, value],
          ],
        },
      ]);
    });
    const past = elsewherePast(one, { site: 'a' });
    const matchers = [{ name: '__name__', op: '=', value: 'heat' }] as const;
    const ask = { matchers, fromMs: 10_000, toMs: 20_000, maxLines: 100 };
    const raw = await past.read({ ...ask, tier: 'raw', aspects: ['last', 'count'] });
    expect(
      raw.series.map(({ labels, timesMs, columns }) => [
        labels,
        [...timesMs],
        columns.map((own) => [...own]),
      ]),
    ).toEqual([
      [
        { __name__: 'heat', device: 'd' },
        [10_000, 20_000],
        [
          [2, 3],
          [1, 1],
        ],
      ],
    ]);
    const coarse = await past.read({ ...ask, toMs: 600_000, tier: '5m', aspects: ['min', 'max', 'avg'] });
    expect(
      coarse.series.map(({ labels, timesMs, columns }) => [
        labels,
        [...timesMs],
        columns.map((own) => [...own]),
      ]),
    ).toEqual([
      [
        { __name__: 'heat', device: 'd' },
        [300_000, 600_000],
        [
          [1, 1],
          [9, 9],
          [4, 4],
        ],
      ],
    ]);
    expect(new URLSearchParams(peer.asked[1]?.body).get('query')).toBe(
      'min_over_time({__name__="heat",__name__="heat",site="a"}[300000ms])',
    );
    await expect(past.read({ ...ask, tier: 'raw', aspects: ['last'], maxLines: 1 })).rejects.toMatchObject({
      code: 'query_limit',
    });
  });

  it('has names of series and labels', async () => {
    const { asking: one, peer } = await asking(({ url }) => ({
      body: JSON.stringify({
        status: 'success',
        data: url.includes('series') ? [{ __name__: 'up', site: 'a' }] : ['__name__', 'site', 'job'],
      }),
    }));
    const past = elsewherePast(one, { site: 'a' });
    expect(await past.names([{ name: 'job', op: '=~', value: 'x.*' }], 0, 60_000)).toEqual([
      { __name__: 'up' },
    ]);
    expect(await past.labelNames()).toEqual(['__name__', 'job']);
    expect(await past.labelValues('a/../b')).toEqual(['__name__', 'site', 'job']);
    expect(new URLSearchParams(peer.asked[0]?.body).get('match[]')).toBe('{job=~"x.*",site="a"}');
    expect(peer.asked[2]).toMatchObject({ method: 'GET' });
    expect(peer.asked[2]?.url).toContain('/api/v1/label/a%2F..%2Fb/values?match%5B%5D=');
  });
});
