import { describe, expect, it } from 'vitest';
import { SETTLING_MS } from '../../../../alerting/engine/engine.ts';
import type { OnPushed, Pushed } from '../../../../alerting/ports.ts';
import { engineBench as bench, COOL, HOT, isHot, rulesOf, WARM } from '../../../support/engine-bench.ts';
import { element, fakeQuery } from '../../../support/fake-query.ts';

describe('rules at work', () => {
  it('are evaluated on their interval, and what happened is in the history', async () => {
    const { clock, query, phases, transitions, store, changes } = await bench();
    query.set('x > 28', [COOL], isHot);
    await clock.advance(20_000);
    expect(phases()).toEqual([]);
    query.set('x > 28', [WARM], isHot);
    await clock.advance(10_000);
    expect(phases()).toEqual(['firing']);
    query.set('x > 28', [], isHot);
    await clock.advance(10_000);
    expect(phases()).toEqual(['held']);
    query.set('x > 28', [COOL], isHot);
    await clock.advance(10_000);
    expect(phases()).toEqual(['resolved']);
    expect(transitions()).toEqual(['fired', 'held', 'resolved']);
    expect(store.entries[0]?.alert).toMatchObject({ name: 'Hot', device: 'a', summary: { en: 'Hot at a' } });
    expect([...store.saved.values()].map(({ phase }) => phase.kind)).toEqual(['resolved']);
    expect(changes()).toBeGreaterThanOrEqual(5);
  });

  it('write ALERTS and ALERTS_FOR_STATE as Prometheus does, held as firing, and end them', async () => {
    const { clock, query, sink } = await bench({
      rules: HOT.replace('labels:', 'for: 15s\n        labels:'),
    });
    const written = (): readonly string[] =>
      [...sink.series.values()].map(
        ({ labels, value }) => `${labels['__name__']} ${labels['alertstate'] ?? ''} ${value}`,
      );
    query.set('x > 28', [WARM], isHot);
    await clock.advance(10_000);
    const [pending] = sink.series.values();
    const sinceSeconds = (pending?.atMs ?? 0) / 1000;
    expect(written()).toEqual(['ALERTS pending 1', `ALERTS_FOR_STATE  ${sinceSeconds}`]);
    await clock.advance(20_000);
    expect(written()).toEqual([`ALERTS_FOR_STATE  ${sinceSeconds}`, 'ALERTS firing 1']);
    expect(sink.ended).toHaveLength(1);
    query.set('x > 28', []);
    await clock.advance(SETTLING_MS);
    expect(written()).toEqual([`ALERTS_FOR_STATE  ${sinceSeconds}`, 'ALERTS firing 1']);
    query.set('x > 28', [COOL], isHot);
    await clock.advance(10_000);
    expect(written()).toEqual([]);
  });

  it('may record series, which later rules see and which end with their element', async () => {
    const { clock, query, sink } = await bench({
      rules: 'groups: [{ name: g, rules: [{ record: "a:sum", expr: s, labels: { l: "1" } }] }]',
    });
    query.set('s', [element({ __name__: 'y', device: 'a' }, 5)]);
    await clock.advance(10_000);
    expect([...sink.series.values()].map(({ labels, value }) => ({ labels, value }))).toEqual([
      { labels: { __name__: 'a:sum', device: 'a', l: '1' }, value: 5 },
    ]);
    query.set('s', []);
    await clock.advance(10_000);
    expect(sink.series.size).toBe(0);
  });

  it('fail where their labels make equal what the expression told apart, and write nothing', async () => {
    const { clock, query, sink, engine } = await bench({
      rules: 'groups: [{ name: g, rules: [{ record: "a:sum", expr: s, labels: { device: one } }] }]',
    });
    query.set('s', [element({ device: 'a' }), element({ device: 'b' })]);
    await clock.advance(10_000);
    expect(sink.series.size).toBe(0);
    expect(rulesOf(engine)[0]).toMatchObject({ health: 'failed' });
    expect(rulesOf(engine)[0]?.lastError).toContain('vector contains metrics with the same labelset');
  });

  it('have one list of instances until one of them is another', async () => {
    const { clock, query, engine } = await bench();
    query.set('x > 28', [WARM], isHot);
    await clock.advance(10_000);
    const list = engine.instances();
    await clock.advance(10_000);
    expect(engine.instances()).toBe(list);
    query.set('x > 28', [{ ...WARM, value: 40 }], isHot);
    await clock.advance(10_000);
    expect(engine.instances().map(({ value }) => value)).toEqual([40]);
  });

  it('tell when they were evaluated, how long it took and how it went', async () => {
    const { clock, query, engine } = await bench();
    expect(rulesOf(engine)[0]).toMatchObject({ health: 'unknown' });
    query.set('x > 28', [WARM], isHot);
    await clock.advance(10_000);
    const [group] = engine.groups();
    expect(rulesOf(engine)[0]).toMatchObject({ health: 'ok', lastEvaluatedAtMs: group?.lastEvaluatedAtMs });
    expect(rulesOf(engine)[0]?.durationMs).toBeGreaterThan(0);
    expect(group?.durationMs).toBe(rulesOf(engine)[0]?.durationMs);
  });

  it('do not suffer from one that fails', async () => {
    const { clock, query, engine, phases } = await bench({
      rules: `groups: [{ name: g, rules: [
        { alert: Broken, expr: y }, { alert: Hot, expr: x > 28 }, { record: z, expr: w } ] }]`,
    });
    query.fail('y', 'too much');
    query.fail('w', 'too');
    query.set('x > 28', [WARM], isHot);
    await clock.advance(10_000);
    expect(phases()).toEqual(['firing']);
    expect(rulesOf(engine).map(({ lastError }) => lastError)).toEqual(['too much', undefined, 'too']);
    expect(engine.counters()).toMatchObject({ evaluated: 3, failed: 2 });
    query.set('y', []);
    await clock.advance(10_000);
    expect(rulesOf(engine)[0]?.lastError).toBeUndefined();
  });

  it('leave the phases of one that fails as they are', async () => {
    const { clock, query, phases } = await bench();
    query.set('x > 28', [WARM], isHot);
    await clock.advance(10_000);
    query.fail('x > 28', 'no');
    await clock.advance(10 * 60_000);
    expect(phases()).toEqual(['firing']);
  });

  it('that have more results than their limit fail', async () => {
    const { clock, query, engine } = await bench({
      rules: 'groups: [{ name: g, limit: 1, rules: [{ alert: A, expr: x }, { record: r, expr: x }] }]',
    });
    query.set('x', [element({ device: 'a' }), element({ device: 'b' })]);
    await clock.advance(10_000);
    for (const { lastError } of rulesOf(engine)) expect(lastError).toContain('more than its limit of 1');
  });

  it('are told when evaluations were missed, and never overlap', async () => {
    const { clock, engine, query, store } = await bench();
    let release = (): void => undefined;
    store.slowness = new Promise((done) => (release = done));
    query.set('x > 28', [WARM], isHot);
    await clock.advance(30_000);
    expect(engine.counters()).toMatchObject({ evaluated: 1, missed: 0 });
    store.slowness = undefined;
    release();
    await clock.advance(10_000);
    expect(engine.counters()).toMatchObject({ evaluated: 2, missed: 2 });
  });
});

describe('a pushed sample', () => {
  it('is judged at once by a group that selects what another group records of it', async () => {
    const rules = `
groups:
  - { name: judges, interval: 1h, rules: [{ alert: Hot, expr: mean }] }
  - { name: records, interval: 1h, rules: [{ record: mean, expr: heat }] }
`;
    const query = fakeQuery();
    const selecting = {
      ...query,
      compile: (expression: string) => ({ ...query.compile(expression), metrics: new Set([expression]) }),
    };
    let push: ((pushed: Pushed) => void) | undefined;
    const onPushed: OnPushed = (listener) => {
      push = listener;
      return () => undefined;
    };
    const { clock, phases } = await bench({ rules, query: selecting, onPushed });
    query.set('heat', [WARM]);
    query.set('mean', [WARM]);
    push?.({ metrics: new Set(['heat']), atMs: clock.nowMs() });
    await clock.advance(5);
    await clock.advance(200);
    expect(phases()).toEqual(['firing']);
  });
});

describe('records that cannot be written', () => {
  it('lose nothing: what changed is written once they can', async () => {
    const { clock, query, store, phases, transitions } = await bench();
    store.failure = new Error('disk full');
    query.set('x > 28', [WARM], isHot);
    await clock.advance(10_000);
    query.set('x > 28', [COOL], isHot);
    await clock.advance(10_000);
    expect(phases()).toEqual(['resolved']);
    expect(store.saved.size).toBe(0);
    store.failure = undefined;
    await clock.advance(10_000);
    expect(transitions()).toEqual(['fired', 'resolved']);
    expect([...store.saved.values()].map(({ phase }) => phase.kind)).toEqual(['resolved']);
  });
});
