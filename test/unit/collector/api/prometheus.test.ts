import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { simulate } from '../../../../alerting/engine/simulate.ts';
import { prometheusRoutes } from '../../../../collector/api/prometheus.ts';
import type { TargetHealth } from '../../../../collector/ingest/target.ts';
import { createEngine } from '../../../../collector/promql/engine.ts';
import { createQueries, type Queries } from '../../../../collector/promql/worker/queries.ts';
import { joinSeries } from '../../../../collector/series/history/joined.ts';
import { createHead } from '../../../../collector/series/head.ts';
import { apiSite, FROM_PAGE } from '../../../support/api-site.ts';
import { eventually } from '../../../support/eventually.ts';
import { rulesIn } from '../../../support/rules.ts';
import { silentLog } from '../../../support/silent-log.ts';

const RULES = `
groups:
  - name: power
    interval: 30s
    rules:
      - alert: UpsOnBattery
        expr: device_up{device="ups-a"} > 0
        for: 30s
        labels: { severity: critical }
        annotations: { summary: "{{ $labels.device }} is on battery" }
      - record: room:heat:max
        expr: max(heat)
      - record: two
        expr: device_up
        labels: { device: same }
`;

const TARGETS: readonly TargetHealth[] = [
  {
    config: { job: 'agent', instance: 'local', url: 'http://127.0.0.1:8481/metrics' },
    isUp: true,
    lastScrapeAtMs: 60_000,
    samples: 7,
    durationSeconds: 0.01,
  },
  {
    config: { job: 'agent', instance: 'far', url: 'http://10.0.0.9:8481/metrics' },
    isUp: false,
    lastScrapeAtMs: 60_000,
    lastError: 'line 3: there is no value',
  },
];

async function site({ limitMs = 10_000, maxSamples = 1e6 } = {}) {
  const head = createHead();
  for (const [device, value] of [
    ['ups-a', 1],
    ['ups-b', 0],
  ] as const) {
    for (let atMs = 0; atMs <= 60_000; atMs += 15_000) {
      head.append({ __name__: 'device_up', job: 'agent', device }, atMs, value);
    }
  }
  head.append({ __name__: 'up', job: 'agent', instance: 'local' }, 60_000, 1);
  const query = createEngine({ source: head });
  const series = { seriesOf: () => undefined };
  const simulation = simulate(rulesIn(RULES, query).groups, { query, series });
  for (const atMs of [30_000, 60_000]) simulation.evaluateAt(atMs);
  const queries = createQueries({ source: head, limitMs, maxSamples });
  onTestFinished(() => queries.stop());
  const asked: string[] = [];
  const heard: Pick<Queries, 'instant' | 'range'> = {
    instant: (expression, atMs, gone) => {
      asked.push(expression);
      return queries.instant(expression, atMs, gone);
    },
    range: (expression, range, gone) => queries.range(expression, range, gone),
  };
  const own = await apiSite({
    plugins: ({ clock }) => [
      prometheusRoutes({
        series: joinSeries({ head, history: undefined, headFromMs: () => 0, maxSamples: 1e6 }),
        queries: heard,
        clock,
        log: silentLog(),
        groups: () => simulation.groups,
        targets: () => TARGETS,
        scrapeIntervalMs: () => 5_000,
      }),
    ],
  });
  const cookie = await own.cookieOf(await own.account('viewer'));
  const ask = async (path: string, form?: Readonly<Record<string, string>>) => {
    const answer = await own.api.inject({
      url: `/api/v1/${path}`,
      headers: { ...FROM_PAGE, cookie, 'content-type': 'application/x-www-form-urlencoded' },
      ...(form === undefined ? {} : { method: 'POST', payload: new URLSearchParams(form).toString() }),
    });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };
  return { ask, own, cookie, asked };
}

describe('the query interface of Prometheus', () => {
  it('answers queries of an instant, from the address or a form', async () => {
    const { ask } = await site();
    const answered = {
      status: 200,
      body: {
        status: 'success',
        data: {
          resultType: 'vector',
          result: [{ metric: { __name__: 'device_up', device: 'ups-a', job: 'agent' }, value: [60.5, '1'] }],
        },
      },
    };
    expect(await ask('query?query=device_up%20%3E%200&time=60.5')).toEqual(answered);
    expect(await ask('query', { query: 'device_up > 0', time: '60.5' })).toEqual(answered);
    expect((await ask('query', { query: '1 / 0', time: '1970-01-01T00:01:00Z' })).body).toMatchObject({
      data: { resultType: 'scalar', result: [60, '+Inf'] },
    });
  });

  it('answers queries of a range', async () => {
    const { ask } = await site();
    const form = { query: 'sum(device_up)', start: '0', end: '30.5', step: '15s' };
    expect((await ask('query_range', form)).body['data']).toEqual({
      resultType: 'matrix',
      result: [
        {
          metric: {},
          values: [
            [0, '1'],
            [15, '1'],
            [30, '1'],
          ],
        },
      ],
    });
  });

  it('says what else there is to say of a result', async () => {
    const { ask } = await site();
    expect((await ask('query', { query: 'rate(device_up[1m])', time: '60' })).body['infos']).toHaveLength(1);
    expect((await ask('query', { query: 'quantile(2, device_up)', time: '60' })).body['warnings']).toEqual([
      'PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)',
    ]);
  });

  it('tells names, values and series', async () => {
    const { ask } = await site();
    const data = async (path: string) => (await ask(path)).body['data'];
    expect(await data('labels')).toEqual(['__name__', 'device', 'instance', 'job']);
    expect(await data('labels?match[]=device_up&start=0&end=60')).toEqual(['__name__', 'device', 'job']);
    expect(await data('label/__name__/values')).toEqual(['device_up', 'up']);
    expect(await data('label/device/values?match[]=%7Bdevice%3D~%22.*b%22%7D&start=0&end=60')).toEqual([
      'ups-b',
    ]);
    expect(await data('label/device/values?match[]=device_up&start=90&end=99')).toEqual([]);
    expect(await data('series?match[]=up&match[]=device_up&limit=2&start=0&end=60')).toHaveLength(2);
    expect((await ask('label/device/values?limit=1')).body).toEqual({
      status: 'success',
      data: ['ups-a'],
      warnings: ['results truncated due to limit'],
    });
    expect(await data('metadata?metric=device_up')).toMatchObject({ device_up: [{ type: 'gauge' }] });
    expect(await data('status/buildinfo')).toHaveProperty('version');
    expect(await data('query_exemplars?query=up')).toEqual([]);
  });

  it('tells rules, alerts and targets', async () => {
    const { ask } = await site();
    const alert = {
      labels: { alertname: 'UpsOnBattery', device: 'ups-a', severity: 'critical' },
      annotations: { summary: 'ups-a is on battery' },
      state: 'firing',
      activeAt: '1970-01-01T00:00:30.000Z',
      value: '1',
    };
    expect((await ask('alerts')).body['data']).toMatchObject({ alerts: [alert] });
    expect((await ask('rules')).body['data']).toMatchObject({
      groups: [
        {
          name: 'power',
          interval: 30,
          lastEvaluation: '1970-01-01T00:01:00.000Z',
          rules: [
            {
              type: 'alerting',
              query: 'device_up{device="ups-a"} > 0',
              duration: 30,
              health: 'ok',
              lastEvaluation: '1970-01-01T00:01:00.000Z',
              annotations: { summary: '{{ $labels.device }} is on battery' },
              alerts: [alert],
            },
            { type: 'recording', name: 'room:heat:max', health: 'ok', lastError: '' },
            {
              name: 'two',
              health: 'err',
              lastError:
                'vector contains metrics with the same labelset after applying rule labels: {__name__="two",device="same",job="agent"}',
            },
          ],
        },
      ],
    });
  });

  it('tells how each target does', async () => {
    const { ask } = await site();
    const { data } = (await ask('targets')).body as { readonly data: { readonly activeTargets: unknown } };
    expect(data.activeTargets).toMatchObject([
      {
        labels: { job: 'agent', instance: 'local' },
        scrapePool: 'agent',
        scrapeUrl: 'http://127.0.0.1:8481/metrics',
        health: 'up',
        lastError: '',
        lastScrape: '1970-01-01T00:01:00.000Z',
        lastScrapeSamples: 7,
        scrapeInterval: '5s',
        scrapeTimeout: '4s',
      },
      { labels: { job: 'agent', instance: 'far' }, health: 'down', lastError: 'line 3: there is no value' },
    ]);
  });

  it.each([
    ['query', { query: 'rate(up)' }, 400, 'bad_data', '1:6: parse error: expected type range vector'],
    ['query', {}, 400, 'bad_data', 'invalid parameter "query"'],
    ['query', { query: 'up', time: 'soon' }, 400, 'bad_data', 'cannot parse "soon" to a valid timestamp'],
    [
      'query',
      { query: 'up * on() group_left device_up', time: '60' },
      422,
      'execution',
      'found duplicate series',
    ],
    ['query_range', { query: 'up', start: '9', end: '1', step: '1' }, 400, 'bad_data', 'before start time'],
    ['query_range', { query: 'up', start: '0', end: '1', step: '0' }, 400, 'bad_data', 'zero or negative'],
    [
      'query_range',
      { query: 'up', start: '0', end: '20000', step: '1' },
      400,
      'bad_data',
      'maximum resolution',
    ],
    ['series', {}, 400, 'bad_data', 'invalid parameter "match[]"'],
    ['series', { 'match[]': 'up + up' }, 400, 'bad_data', 'is no selector of series'],
    ['labels', { limit: '-1' }, 400, 'bad_data', 'invalid parameter "limit"'],
  ] as const)('refuses a wrong request (%s %o)', async (path, form, ...expected) => {
    const [status, errorType, error] = expected;
    const { ask } = await site();
    const answer = await ask(path, form);
    expect(answer).toMatchObject({ status, body: { status: 'error', errorType } });
    expect(answer.body['error']).toContain(error);
  });

  it('is for those who are signed in', async () => {
    const { own } = await site();
    const answer = await own.api.inject({ url: '/api/v1/query?query=1', headers: FROM_PAGE });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ status: 'error' });
  });

  it('ends the query of who hangs up, so that the next is answered', async () => {
    // For each second of a day the median of a day's seconds: what else ends it would be too late for this test.
    const endless = 'sum_over_time(quantile_over_time(0.5, vector(time())[1d:1s])[1d:1s])';
    const { own, cookie, asked } = await site({ limitMs: 3_600_000, maxSamples: 1e12 });
    const page = await own.listen();
    const get = (query: string, signal?: AbortSignal) =>
      fetch(`${page}/api/v1/query?time=60&query=${encodeURIComponent(query)}`, {
        headers: { cookie },
        ...(signal === undefined ? {} : { signal }),
      });
    const leaving = new AbortController();
    const left = expect(get(endless, leaving.signal)).rejects.toMatchObject({ name: 'AbortError' });
    await eventually(() => expect(asked).toEqual([endless]));
    const next = get('1 + 1');
    leaving.abort();
    await left;
    expect(await (await next).json()).toMatchObject({ data: { result: [60, '2'] } });
  });

  it('tells a program that posts without saying where it comes from what to do', async () => {
    const { own, cookie } = await site();
    const form = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
    const host = FROM_PAGE.origin.replace('http://', '');
    const post = (headers: Readonly<Record<string, string>>) =>
      own.api.inject({ method: 'POST', url: '/api/v1/query', headers, payload: 'query=1' });
    const silent = await post({ ...form, host });
    expect([silent.statusCode, silent.json<{ error: string }>().error]).toEqual([
      403,
      expect.stringMatching(/send the header `Origin` .* asked with GET/),
    ]);
    expect((await post({ ...form, host, origin: FROM_PAGE.origin })).statusCode).toBe(200);
    const got = await own.api.inject({ url: '/api/v1/query?query=1', headers: { cookie, host } });
    expect(got.statusCode).toBe(200);
    const foreign = await post({ ...form, host, origin: 'http://evil.example' });
    expect(foreign.json<{ error: string }>().error).toBe(
      'The request did not come from a page of this site.',
    );
  });
});

interface Asked {
  readonly why: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly resultType?: string;
  readonly needs?: readonly string[];
  readonly status?: number;
}

const GRAFANA = join(
  process.env['WATCHKEEPER_CONFORMANCE'] ?? '../shared/conformance',
  'grafana/requests.json',
);
const isThere = existsSync(GRAFANA) || process.env['CI'] === 'true';

describe.runIf(isThere)('a request of Grafana', () => {
  const asked = isThere ? (JSON.parse(readFileSync(GRAFANA, 'utf8')) as readonly Asked[]) : [];
  it.each(asked)('is answered: $why ($method $path)', async (request) => {
    const { ask } = await site();
    const path = request.path.replace('/api/v1/', '');
    const { status, body } = await ask(path, request.method === 'POST' ? (request.form ?? {}) : undefined);
    expect(status).toBe(request.status ?? 200);
    expect(body['status']).toBe(status === 200 ? 'success' : 'error');
    if (request.resultType !== undefined) {
      const { resultType } = body['data'] as { readonly resultType: string };
      expect(request.resultType.split(' or ')).toContain(resultType);
    }
    for (const need of request.needs ?? []) expect(body).toHaveProperty(need);
  });
});
