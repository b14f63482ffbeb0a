import { describe, expect, it, onTestFinished } from 'vitest';
import { simulate } from '../../../../alerting/engine/simulate.ts';
import { ruleRoutes } from '../../../../collector/api/rules.ts';
import { createEngine } from '../../../../collector/promql/engine.ts';
import { createQueries } from '../../../../collector/promql/worker/queries.ts';
import { createHead } from '../../../../collector/series/head.ts';
import type { DryRunBody, RulesBody } from '../../../../config/model/rules-api.ts';
import { apiSite, FROM_PAGE } from '../../../support/api-site.ts';
import { rulesIn } from '../../../support/rules.ts';

const RULES = `
groups:
  - name: climate
    rules:
      - alert: Hot
        expr: heat > 28
        for: 1m
        labels: { severity: major }
        annotations: { summary_zh: 太热, summary_en: Too hot, response_en: Open the door, time_to_act: 15m, no_data: hold }
      - { record: "room:heat", expr: avg(heat) }
`;

async function site() {
  const head = createHead();
  const query = createEngine({ source: head });
  const simulation = simulate(rulesIn(RULES, query).groups, {
    query,
    series: { seriesOf: () => undefined },
  });
  const queries = createQueries({ source: head, limitMs: 20_000, maxSamples: 1e9 });
  onTestFinished(() => queries.stop());
  const own = await apiSite({
    plugins: ({ clock }) => {
      for (const agoMs of [30_000, 20_000, 10_000]) {
        head.append({ __name__: 'heat', device: 'a' }, clock.nowMs() - agoMs, 30);
      }
      simulation.evaluateAt(clock.nowMs());
      return [
        ruleRoutes({
          queries,
          clock,
          groups: () => simulation.groups,
          faults: () => ['rules.yaml:3: wrong'],
        }),
      ];
    },
  });
  const cookieOf = async (role: 'viewer' | 'operator') => own.cookieOf(await own.account(role));
  const tryOut = async (body: object, role: 'viewer' | 'operator' = 'operator') =>
    own.api.inject({
      method: 'POST',
      url: '/api/rules/dry-run',
      headers: { ...FROM_PAGE, cookie: await cookieOf(role) },
      payload: body,
    });
  return { own, cookieOf, tryOut };
}

describe('the rules', () => {
  it('are told by group with what became of them, and with what is wrong with the others', async () => {
    const { own, cookieOf } = await site();
    const answer = await own.api.inject({
      url: '/api/rules',
      headers: { ...FROM_PAGE, cookie: await cookieOf('viewer') },
    });
    const body = answer.json<RulesBody>();
    expect(body.faults).toEqual(['rules.yaml:3: wrong']);
    expect(body.groups).toMatchObject([
      {
        file: 'rules.yaml',
        name: 'climate',
        rules: [
          {
            id: 'Hot{severity="major"}',
            kind: 'alert',
            state: 'pending',
            health: 'ok',
            severity: 'major',
            forMs: 60_000,
            summary: { 'zh-CN': '太热', en: 'Too hot' },
            timeToAct: '15m',
            isHeldWithoutData: true,
          },
          { kind: 'record', name: 'room:heat', state: 'inactive', health: 'ok' },
        ],
      },
    ]);
    expect(body.groups[0]?.rules[0]?.durationMs).toBeGreaterThan(0);
  });

  it('can be tried over the samples at hand', async () => {
    const { tryOut } = await site();
    const answer = await tryOut({ query: 'heat > 28', hours: 1 });
    expect(answer.statusCode).toBe(200);
    expect(answer.json<DryRunBody>()).toMatchObject({
      fired: 1,
      episodes: [{ labels: { device: 'a' }, value: 30 }],
    });
  });

  it.each([
    [{ query: 'heat >', hours: 1 }, 400],
    [{ query: 'heat', hours: 25 }, 400],
    [{ query: 'heat' }, 400],
    [{ query: 'heat', hours: 1, forMs: -1 }, 400],
    [{ query: 'heat', hours: 1, more: 1 }, 400],
  ])('are not tried where the request is wrong: %j', async (body, status) => {
    expect((await (await site()).tryOut(body)).statusCode).toBe(status);
  });

  it('are not tried by a screen on the wall', async () => {
    expect((await (await site()).tryOut({ query: 'heat', hours: 1 }, 'viewer')).statusCode).toBe(403);
  });
});
