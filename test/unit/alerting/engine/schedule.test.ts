import { describe, expect, it, onTestFinished } from 'vitest';
import { scheduleGroup, type ScheduleDeps } from '../../../../alerting/engine/schedule.ts';
import { simulate } from '../../../../alerting/engine/simulate.ts';
import type { Pushed } from '../../../../alerting/ports.ts';
import { createEngine } from '../../../../collector/promql/engine.ts';
import { createHead } from '../../../../collector/series/head.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { rulesIn } from '../../../support/rules.ts';
import { silentLog } from '../../../support/silent-log.ts';

const RULES = `
groups:
  - name: g
    interval: 1m
    rules:
      - { record: room:heat, expr: max(heat) }
      - { alert: Hot, expr: room:heat > 28 }
      - { alert: Wet, expr: leak == 1 }
      - { alert: Slow, expr: query_seconds > 5 }
`;

/** A group at work; `push` writes a sample and tells of it. */
async function working(rules = RULES) {
  const clock = manualClock();
  const head = createHead();
  const query = createEngine({ source: head });
  const [group] = simulate(rulesIn(rules, query).groups, { query, series: head }).groups;
  if (group === undefined) throw new Error('no group');
  const evaluated: string[] = [];
  const recorded: Pushed[] = [];
  for (const run of group.runs) {
    const { expression } = run.rule;
    const evaluate = expression.evaluate.bind(expression);
    Object.assign(expression, {
      evaluate(atMs: number) {
        evaluated.push(`${run.rule.name} ${atMs - startMs}`);
        return evaluate(atMs);
      },
    });
  }
  const deps: ScheduleDeps = {
    clock,
    query,
    series: head,
    log: silentLog(),
    saver: { add: () => undefined, flush: () => Promise.resolve() },
    externalLabels: {},
    externalUrl: () => '',
    isOfSite: () => true,
    heardFromMs: 0,
    settledAtMs: 0,
    count: () => undefined,
    onChange: () => undefined,
    missed: () => undefined,
    recorded: (pushed) => recorded.push(pushed),
  };
  const schedule = scheduleGroup(group, deps);
  onTestFinished(() => schedule.stop());
  await clock.advance(60_000);
  // A group lets other work go on between two rules.
  for (const _ of group.runs) await clock.advance(0);
  const startMs = clock.nowMs();
  evaluated.length = 0;
  const push = (metric: string, value: number, aheadMs = 0): void => {
    const atMs = clock.nowMs() + aheadMs;
    head.append({ __name__: metric }, atMs, value);
    schedule.pushed({ metrics: new Set([metric]), atMs });
  };
  const firing = (): readonly string[] =>
    group.runs.filter(({ instances }) => instances.size > 0).map(({ rule }) => rule.name);
  return { clock, push, evaluated, firing, recorded, schedule };
}

describe('a pushed sample', () => {
  it('is judged at once by the rules that select it, and by no other', async () => {
    const { clock, push, evaluated, firing } = await working();
    push('leak', 1);
    push('something_else', 1);
    await clock.advance(5);
    expect(firing()).toEqual(['Wet']);
    expect(evaluated).toEqual(['Wet 5']);
  });

  it('is judged by what is recorded of it too', async () => {
    const { clock, push, evaluated, firing } = await working();
    push('heat', 30);
    await clock.advance(5);
    expect(firing()).toEqual(['Hot']);
    expect(evaluated).toEqual(['room:heat 5', 'Hot 5']);
  });

  it('is told on to other groups by what is recorded of it, three groups far', async () => {
    const { clock, push, recorded, schedule } = await working();
    push('leak', 1);
    await clock.advance(5);
    expect(recorded).toEqual([]);
    push('heat', 30);
    await clock.advance(200);
    const metrics = new Set(['room:heat']);
    expect(recorded).toEqual([{ metrics, atMs: expect.any(Number) as number, hops: 1 }]);
    for (const hops of [2, 3]) {
      schedule.pushed({ metrics: new Set(['heat']), atMs: clock.nowMs(), hops });
      await clock.advance(200);
    }
    expect(recorded.map(({ hops }) => hops)).toEqual([1, 3]);
  });

  it('is seen when the clock of its sender is a little ahead', async () => {
    const { clock, push, firing } = await working();
    push('leak', 1, 300);
    await clock.advance(5);
    expect(firing()).toEqual(['Wet']);
  });

  it('is judged by a rule that may select anything', async () => {
    const { clock, push, firing } = await working(
      'groups: [{ name: g, interval: 1m, rules: [{ alert: Any, expr: \'{__name__=~"le.+"} == 1\' }] }]',
    );
    push('leak', 1);
    await clock.advance(5);
    expect(firing()).toEqual(['Any']);
  });

  it('of a storm gets no more than ten evaluations a second, the last of them with the last word', async () => {
    const { clock, push, evaluated, firing } = await working();
    for (let count = 0; count < 1_000; count += 1) {
      push('leak', count === 999 ? 1 : 0);
      await clock.advance(1);
    }
    await clock.advance(200);
    expect(evaluated.length).toBeGreaterThanOrEqual(9);
    expect(evaluated.length).toBeLessThanOrEqual(12);
    expect(firing()).toEqual(['Wet']);
  });

  it('leaves the interval as it is', async () => {
    const { clock, push, evaluated } = await working();
    push('leak', 1);
    await clock.advance(60_000);
    for (let turn = 0; turn < 4; turn += 1) await clock.advance(0);
    expect(evaluated.filter((line) => line.startsWith('Slow'))).toHaveLength(1);
    expect(evaluated.filter((line) => line.startsWith('Wet'))).toHaveLength(2);
  });
});
