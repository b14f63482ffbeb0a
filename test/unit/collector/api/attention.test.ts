import { describe, expect, it } from 'vitest';
import type { AlertRule } from '../../../../alerting/rules/rule.ts';
import { parseTemplate } from '../../../../alerting/templates/template.ts';
import { alertView } from '../../../../alerting/view.ts';
import { attentionRoutes } from '../../../../collector/api/attention.ts';
import { limitOf } from '../../../../collector/api/attention/limit.ts';
import { addHistory } from '../../../../collector/records/alerts.ts';
import { addLedgerLine } from '../../../../collector/records/watch.ts';
import { alertJournal } from '../../../../collector/records/alert-journal.ts';
import type { AttentionReport } from '../../../../config/model/attention.ts';
import { apiSite } from '../../../support/api-site.ts';
import { instance, SITE } from '../../../support/alerts.ts';

const MINUTE = 60_000;
/** Noon of a day of November in Shanghai. */
const NOON_MS = Date.UTC(2026, 10, 10, 4);

const RULE: AlertRule = {
  kind: 'alert',
  id: 'UpsLoadHigh',
  file: '',
  line: 1,
  name: 'UpsLoadHigh',
  query: 'ups_load_ratio > 0.6',
  expression: { evaluate: () => [], unfiltered: () => [] },
  forMs: 30_000,
  keepFiringForMs: 0,
  labels: {},
  annotations: { response_en: parseTemplate('Look.') },
  holds: false,
};
const GROUPS = [
  { group: { file: '', name: 'g', offsetMs: 0, limit: 0, rules: [RULE] }, intervalMs: 0, runs: [] },
];

async function site(values: readonly number[] = []) {
  const asked: string[] = [];
  const own = await apiSite({
    plugins: ({ db, clock }) => [
      attentionRoutes({
        db,
        clock,
        site: () => SITE,
        groups: () => GROUPS,
        headRetentionMs: () => 60 * MINUTE,
        queries: {
          async range(expression) {
            asked.push(expression);
            const series = [
              { labels: { device: 'ups-a' }, timesMs: new Float64Array(), values: Float64Array.from(values) },
            ];
            return { value: { type: 'matrix', series }, warnings: [], infos: [] };
          },
        },
      }),
    ],
  });
  await own.clock.advance(NOON_MS - own.clock.nowMs());
  /** UPS A is raised so often, each time for a while. */
  const raise = async (
    count: number,
    { everyMs = 30 * MINUTE, lastsMs = 20_000, fromMs = NOON_MS - 300 * MINUTE } = {},
  ) => {
    for (let n = 0; n < count; n += 1) {
      const firedAtMs = fromMs + n * everyMs;
      const firing = instance({
        rule: 'UpsLoadHigh',
        severity: 'minor',
        phase: { kind: 'firing', sinceMs: firedAtMs, firedAtMs },
      });
      const resolvedAtMs = firedAtMs + lastsMs;
      const over = {
        ...firing,
        phase: { kind: 'resolved', firedAtMs, resolvedAtMs, cause: 'condition' } as const,
      };
      await addHistory(own.db, [
        { atMs: firedAtMs, transition: 'fired', alert: alertView(firing) },
        { atMs: resolvedAtMs, transition: 'resolved', alert: alertView(over) },
      ]);
    }
  };
  const cookie = await own.cookieOf(await own.account('operator'));
  const get = async (query = '') => {
    const answer = await own.api.inject({ url: `/api/attention${query}`, headers: { cookie } });
    return { status: answer.statusCode, body: answer.json<AttentionReport>() };
  };
  return { own, raise, get, asked };
}

describe('the month of the watch', () => {
  it('is counted from the history by the calendar of the site, per person on watch', async () => {
    const { own, raise, get } = await site();
    const signed = { atMs: 0, recordedAtMs: 0, cause: 'taken' } as const;
    await addLedgerLine(own.db, { ...signed, post: 'operator', person: 'li' });
    await addLedgerLine(own.db, { ...signed, post: 'deputy', person: 'wang' });
    await raise(6);
    await raise(1, { fromMs: Date.UTC(2026, 9, 31, 15, 59) });
    const { body } = await get('?month=2026-11');
    expect(body).toMatchObject({
      people: 2,
      raised: { own: 6, folded: 0, silenced: 0 },
      toMs: NOON_MS,
      isCut: false,
    });
    expect(body.fromMs).toBe(Date.UTC(2026, 9, 31, 16));
    expect(body.days).toHaveLength(10);
    expect(body.days.at(-1)).toMatchObject({ day: '2026-11-10', own: 6 });
    expect(body.load.day).toMatchObject({ most: 3 });
    expect((await get()).body).toEqual(body);
    expect((await get('?month=2026-10')).body.raised.own).toBe(1);
  });

  it('proposes a delay from the history, and a dead band where the samples show a value that dances', async () => {
    const calm = await site();
    await calm.raise(6);
    expect((await calm.get()).body.offenders).toMatchObject([
      {
        name: 'UpsOnBattery',
        raised: 6,
        ratio: 1,
        proposal: { kind: 'delay', forMs: 60_000, spared: 6, of: 6 },
      },
    ]);
    const dancing = await site(Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? 0.61 : 0.58)));
    await dancing.raise(6);
    expect((await dancing.get()).body.offenders[0]?.proposal).toMatchObject({
      kind: 'dead_band',
      limit: 0.6,
      of: 20,
    });
    expect(dancing.asked).toEqual(['ups_load_ratio']);
  });

  it('names rules that do not say what happens otherwise and by when', async () => {
    const { get } = await site();
    expect((await get()).body.unexplained).toEqual([
      { rule: 'UpsLoadHigh', name: 'UpsLoadHigh', missing: ['consequence', 'time_to_act'] },
    ]);
  });

  it('refuses what is no month, and whom it does not concern', async () => {
    const { own, get } = await site();
    expect((await get('?month=2026-13')).status).toBe(400);
    expect((await get('?month=x')).status).toBe(400);
    const wall = await own.cookieOf(await own.account('viewer'));
    expect((await own.api.inject({ url: '/api/attention', headers: { cookie: wall } })).statusCode).toBe(403);
  });

  it('reads no more lines than it can hold, and says so', async () => {
    const { own, raise } = await site();
    await raise(3);
    const { lines, isCut } = await alertJournal(own.db, { fromMs: 0, toMs: NOON_MS + MINUTE }, 4);
    expect(isCut).toBe(true);
    expect(lines.map(({ transition }) => transition)).toEqual(['fired', 'resolved', 'fired', 'resolved']);
  });
});

describe('the limit of a rule', () => {
  it.each([
    ['ups_load_ratio > 0.6', { expression: 'ups_load_ratio', limit: 0.6, isAbove: true }],
    ['(avg by (room) (x) >= 27)', { expression: 'avg by (room) (x)', limit: 27, isAbove: true }],
    ['x < -5', { expression: 'x', limit: -5, isAbove: false }],
    ['3 < x{a="b"}', { expression: 'x{a="b"}', limit: 3, isAbove: true }],
    ['x == 1', undefined],
    ['x > y', undefined],
    ['x > bool 1', undefined],
    ['x > 1 and y', undefined],
  ])('of %s', (query, limit) => {
    expect(limitOf(query)).toEqual(limit);
  });
});
