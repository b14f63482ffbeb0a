import { describe, expect, it } from 'vitest';
import { evaluateGroup, type GroupDeps } from '../../../../../alerting/engine/group.ts';
import { simulate } from '../../../../../alerting/engine/simulate.ts';
import type { VectorElement } from '../../../../../alerting/ports.ts';
import type { Asking, EngineFigures } from '../../../../../collector/promql/elsewhere/asking.ts';
import { elsewhereRules } from '../../../../../collector/promql/elsewhere/rule-work.ts';
import { ruleWork } from '../../../../../collector/rule-work.ts';
import { createHead } from '../../../../../collector/series/head.ts';
import { WatchkeeperError } from '../../../../../config/model/errors.ts';
import { METRIC_NAME, type Labels } from '../../../../../config/model/labels.ts';
import { manualClock } from '../../../../support/manual-clock.ts';
import { rulesIn } from '../../../../support/rules.ts';
import { silentLog } from '../../../../support/silent-log.ts';

const HOT = `
groups:
  - name: g
    rules:
      - alert: Hot
        expr: heat > 28
        annotations: { no_data: hold, limit: '{{ with query "limit" }}{{ . | first | value }} {{ query (printf "of_%v" (. | first | value)) | first | value }}{{ end }}' }
`;

/** Rules at work, an engine that answers by the text of the question, and memory. */
function working(
  rules: string,
  { visibleAfterMs = 0, own = {} }: { visibleAfterMs?: number; own?: Labels } = {},
) {
  const clock = manualClock();
  const head = createHead();
  const state = {
    isAway: false,
    isDelivered: true,
    asked: [] as string[],
    delivered: 0,
    answers: new Map<string, readonly VectorElement[] | Error>(),
  };
  let away: EngineFigures['away'];
  const asking: Asking = {
    async ask(_path, { parameters }, read) {
      const text = String(parameters['query']);
      state.asked.push(text);
      if (state.isAway) {
        away = { sinceMs: clock.nowMs(), lastTriedAtMs: clock.nowMs(), reason: 'gone' };
        throw new WatchkeeperError('engine_away', 'gone');
      }
      away = undefined;
      const answer = state.answers.get(text) ?? [];
      if (answer instanceof Error) throw answer;
      const result = answer.map(({ labels, value }) => ({ metric: labels, value: [0, String(value)] }));
      return read({ data: { resultType: 'vector', result }, warnings: [], infos: [] });
    },
    figures: () => ({ asked: 0, failed: 0, ...(away === undefined ? {} : { away }) }),
    look: async () => undefined,
    close: () => undefined,
  };
  const work = elsewhereRules({
    asking,
    memory: ruleWork(head, clock),
    own,
    memoryMs: () => 3_600_000,
    deliver: async () => {
      state.delivered += 1;
      return state.isDelivered;
    },
    visibleAfterMs,
    clock,
  });
  const loaded = rulesIn(rules, work.query);
  expect(loaded.faults).toEqual([]);
  const [group] = simulate(loaded.groups, work).groups;
  if (group === undefined) throw new Error('no group');
  const deps: GroupDeps = {
    ...work,
    saver: { add: () => undefined, flush: () => Promise.resolve() },
    log: silentLog(),
    externalLabels: {},
    externalUrl: () => '',
    isOfSite: () => true,
    heardFromMs: 0,
    settledAtMs: 0,
    count: () => undefined,
  };
  const evaluate = async (): Promise<readonly string[]> => {
    await evaluateGroup(group, group.runs, clock.nowMs(), deps);
    return group.runs.flatMap(({ rule, instances, lastError }) => [
      ...(lastError === undefined ? [] : [`${rule.name}: ${lastError}`]),
      ...[...instances.values()].map(
        ({ element, value, phase, annotations }) =>
          `${rule.name} ${element['room'] ?? ''} ${value} ${phase.kind} ${annotations['limit'] ?? ''}`,
      ),
    ]);
  };
  const remember = (name: string, room: string, value: number): void =>
    void head.append({ [METRIC_NAME]: name, room }, clock.nowMs(), value);
  return { clock, state, evaluate, remember, work };
}

const HEAT = '{__name__="heat"}';
const hot = (room: string, value: number): VectorElement => ({
  labels: { [METRIC_NAME]: 'heat', room },
  value,
});

describe('rules that ask an engine elsewhere', () => {
  it('are judged by what it answers, templates too, and by what it has data of', async () => {
    const site = working(HOT);
    site.state.answers.set(`(${HEAT}) > (28)`, [hot('a', 30)]);
    site.state.answers.set('{__name__="limit"}', [{ labels: {}, value: 28 }]);
    site.state.answers.set('{__name__="of_28"}', [{ labels: {}, value: 1 }]);
    expect(await site.evaluate()).toEqual(['Hot a 30 firing 28 1']);
    // The engine has nothing of it now, neither above nor below the limit.
    site.state.answers.set(`(${HEAT}) > (28)`, []);
    await site.clock.advance(10_000);
    expect(await site.evaluate()).toEqual(['Hot a 30 held 28 1']);
    site.state.answers.set(HEAT, [hot('a', 20)]);
    await site.clock.advance(10_000);
    expect((await site.evaluate())[0]).toContain('resolved');
  });

  it('pass over what memory has not heard of lately, for the engine has not either', async () => {
    const { clock, remember, state, work } = working(HOT);
    remember('heat', 'long ago', 20);
    await clock.advance(60_000);
    remember('heat', 'lately', 20);
    state.answers.set(HEAT, [hot('long ago', 20), hot('lately', 20), hot('of others', 20)]);
    const rule = work.query.compile('heat > 28');
    const rooms = (heardForMs?: number) =>
      work.query.elsewhere?.().answered(rule, () => {
        const found = rule.unfiltered(clock.nowMs(), heardForMs);
        return found.map(({ labels }) => labels['room']);
      });
    expect(await rooms()).toEqual(['long ago', 'lately', 'of others']);
    expect(await rooms(30_000)).toEqual(['lately', 'of others']);
  });

  it('ask for what is ours', async () => {
    const site = working(HOT, { own: { site: 'x' } });
    site.state.answers.set('({__name__="heat",site="x"}) > (28)', [
      { labels: { [METRIC_NAME]: 'heat', room: 'a', site: 'x' }, value: 30 },
    ]);
    expect(await site.evaluate()).toEqual(['Hot a 30 firing ']);
  });

  it('wait until what was sampled can be read, and again for what a rule before them has recorded', async () => {
    const site = working(
      `
groups:
  - name: g
    rules:
      - { record: room:heat, expr: max by (room) (heat) }
      - { alert: Hot, expr: room:heat > 28 }
      - { alert: Wet, expr: leak == 1 }
`,
      { visibleAfterMs: 2_000 },
    );
    site.state.answers.set(`max by (room) (${HEAT})`, [{ labels: { room: 'a' }, value: 30 }]);
    site.state.answers.set('({__name__="room:heat"}) > (28)', [{ labels: { room: 'a' }, value: 30 }]);
    const told = site.evaluate();
    await site.clock.advance(1_000);
    expect(site.state).toMatchObject({ delivered: 1, asked: [] });
    await site.clock.advance(1_500);
    expect(site.state).toMatchObject({ delivered: 2, asked: [`max by (room) (${HEAT})`] });
    await site.clock.advance(2_500);
    expect(await told).toEqual(['Hot a 30 firing ']);
    expect(site.state.delivered).toBe(2);
  });

  it('are judged from memory what Watchkeeper tells of itself', async () => {
    const site = working(`
groups:
  - name: g
    rules:
      - { alert: Own, expr: watchkeeper_query_engine_away_seconds > 60 }
      - { alert: Fires, expr: 'count(ALERTS{alertname="Own"}) > 0' }
`);
    site.state.isAway = true;
    site.remember('watchkeeper_query_engine_away_seconds', 'a', 90);
    expect(await site.evaluate()).toEqual(['Own a 90 firing ', 'Fires  1 firing ']);
    expect(site.state).toMatchObject({ asked: [], delivered: 0 });
  });

  it.each([
    ['does not answer', { isAway: true }],
    ['has not got the newest samples', { isDelivered: false }],
  ])('are judged from memory while it %s; what memory does not know keeps its state', async (_why, fault) => {
    const site = working(`
groups:
  - name: g
    rules:
      - { alert: Hot, expr: heat > 28 }
      - { alert: Long, expr: 'avg_over_time(heat[2h]) > 28' }
`);
    site.state.answers.set(`(${HEAT}) > (28)`, [hot('a', 30), hot('b', 31)]);
    site.state.answers.set('(avg_over_time({__name__="heat"}[7200000ms])) > (28)', [hot('b', 29)]);
    expect(await site.evaluate()).toEqual(['Hot a 30 firing ', 'Hot b 31 firing ', 'Long b 29 firing ']);
    expect(site.work.isFromMemory()).toBe(false);
    Object.assign(site.state, fault);
    await site.clock.advance(10_000);
    site.remember('heat', 'a', 20);
    site.remember('heat', 'c', 33);
    const told = await site.evaluate();
    // a has cooled down, c is hot; of b memory knows nothing, and two hours are more than it has.
    expect(told).toEqual([
      'Hot c 33 firing ',
      'Hot a 30 resolved ',
      'Hot b 31 firing ',
      'Long: the engine elsewhere does not answer, and memory does not reach so far',
      'Long b 29 firing ',
    ]);
    expect(site.work.isFromMemory()).toBe(true);
    Object.assign(site.state, { isAway: false, isDelivered: true });
    await site.clock.advance(10_000);
    await site.evaluate();
    expect(site.work.isFromMemory()).toBe(false);
  });

  it('keep waiting for an engine that is away no more often than each ten seconds', async () => {
    const site = working(HOT);
    site.state.isAway = true;
    await site.evaluate();
    expect(site.state.asked).toHaveLength(1);
    await site.clock.advance(5_000);
    await site.evaluate();
    expect(site.state.asked).toHaveLength(1);
    await site.clock.advance(5_000);
    await site.evaluate();
    expect(site.state.asked).toHaveLength(2);
  });

  it('fail where the engine cannot evaluate them, and keep their state', async () => {
    const site = working(HOT);
    site.state.answers.set(`(${HEAT}) > (28)`, [hot('a', 30)]);
    await site.evaluate();
    site.state.answers.set(`(${HEAT}) > (28)`, new WatchkeeperError('query_failed', 'many-to-many'));
    await site.clock.advance(10_000);
    expect(await site.evaluate()).toEqual(['Hot: many-to-many', expect.stringContaining('Hot a 30 firing')]);
  });
});
