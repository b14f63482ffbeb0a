import { describe, expect, it, onTestFinished } from 'vitest';
import { startEngine, SETTLING_MS } from '../../../../alerting/engine/engine.ts';
import type { AlertInstance } from '../../../../config/model/alert.ts';
import { type FakeAlertStore } from '../../../support/alert-stores.ts';
import {
  COOL,
  engineBench as bench,
  HOT,
  isHot,
  WARM,
  type EngineBench,
  type EngineBenchOptions,
} from '../../../support/engine-bench.ts';
import { element, fakeQuery } from '../../../support/fake-query.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { rulesIn } from '../../../support/rules.ts';
import { silentLog } from '../../../support/silent-log.ts';

describe('a restart', () => {
  async function fired(): Promise<{ store: FakeAlertStore; instance: AlertInstance }> {
    const { clock, query, store, engine } = await bench();
    query.set('x > 28', [WARM], isHot);
    await clock.advance(10_000);
    await engine.stop();
    const [instance] = store.saved.values();
    if (instance === undefined) throw new Error('nothing was saved');
    return { store, instance };
  }

  it('goes on with the phases that were, and waits for data before it judges', async () => {
    const { store, instance } = await fired();
    const { clock, query, engine, sink, transitions } = await bench({ store });
    expect(engine.instances()).toEqual([instance]);
    expect([...sink.series.values()][0]?.labels).toMatchObject({ __name__: 'ALERTS', alertstate: 'firing' });
    query.set('x > 28', []);
    await clock.advance(SETTLING_MS - 20_000);
    expect(engine.instances()[0]?.phase).toEqual(instance.phase);
    query.set('x > 28', [WARM], isHot);
    await clock.advance(SETTLING_MS);
    expect(engine.instances()[0]?.phase).toEqual(instance.phase);
    expect(engine.instances()[0]?.fingerprint).toBe(instance.fingerprint);
    expect(transitions()).toEqual(['fired']);
  });

  it('does not end what fired by what was sampled before it: a crash loses the newest samples', async () => {
    const { store } = await fired();
    const { clock, query, phases, transitions } = await bench({ store });
    query.set('x > 28', [COOL], isHot);
    query.silence('x > 28');
    await clock.advance(SETTLING_MS - 20_000);
    expect(phases()).toEqual(['firing']);
    query.set('x > 28', [COOL], isHot);
    await clock.advance(10_000);
    expect(phases()).toEqual(['resolved']);
    expect(transitions()).toEqual(['fired', 'resolved']);
  });

  it('holds in the end what was sampled before it and not since', async () => {
    const { store } = await fired();
    const { clock, query, phases } = await bench({ store });
    query.set('x > 28', [COOL], isHot);
    query.silence('x > 28');
    await clock.advance(SETTLING_MS + 20_000);
    expect(phases()).toEqual(['held']);
  });

  it('ends what was recorded by a rule that a reload took away, and goes on with the others', async () => {
    const rules =
      'groups: [{ name: g, interval: 10s, rules: [{ record: kept, expr: s }, { record: gone, expr: s }] }]';
    const first = await bench({ rules });
    first.query.set('s', [element({ device: 'a' })]);
    await first.clock.advance(10_000);
    await first.engine.stop();
    const { sink, clock, query } = first;
    const second = startEngine(
      { clock, log: silentLog(), query, series: sink, store: first.store, onChange: () => undefined },
      {
        rules: rulesIn(rules.replace(', { record: gone, expr: s }', ''), query),
        intervalMs: 10_000,
        devices: new Set(),
        externalLabels: {},
        externalUrl: () => '',
      },
      first.engine.carried(),
    );
    onTestFinished(() => second.stop());
    expect(sink.ended).toEqual([{ __name__: 'gone', device: 'a' }]);
    query.set('s', []);
    await clock.advance(10_000);
    expect(sink.ended).toContainEqual({ __name__: 'kept', device: 'a' });
  });

  it.each([
    ['goes on with a wait, without the time in which nobody judged', 10_000, 'pending', 'firing'],
    ['begins a wait anew when nobody knows how long it was away', undefined, 'pending', 'pending'],
  ])('%s', async (_title, judgedAfterMs, soon, later) => {
    const rules = HOT.replace('labels:', 'for: 20s\n        labels:');
    const first = await bench({ rules });
    first.query.set('x > 28', [WARM], isHot);
    await first.clock.advance(10_000);
    await first.engine.stop();
    const startMs = manualClock().nowMs();
    const clock = manualClock(startMs + 600_000);
    const query = fakeQuery();
    const last = 'max(max_over_time(timestamp(ALERTS_FOR_STATE)[60m:30s]))';
    if (judgedAfterMs !== undefined) query.set(last, [element({}, (startMs + judgedAfterMs) / 1_000)]);
    query.set('x > 28', [WARM], isHot);
    const { phases } = await bench({ rules, store: first.store, clock, query });
    await clock.advance(10_000);
    expect(phases()).toEqual([soon]);
    await clock.advance(10_000);
    expect(phases()).toEqual([later]);
  });

  it('holds in the end what nobody tells of any more', async () => {
    const { store } = await fired();
    const { clock, phases } = await bench({ store });
    await clock.advance(SETTLING_MS + 20_000);
    expect(phases()).toEqual(['held']);
  });

  it('ends what belongs to a rule that is no longer there', async () => {
    const { store } = await fired();
    const { engine, store: after, sink } = await bench({ store, rules: 'groups: []' });
    expect(engine.instances()[0]?.phase).toMatchObject({ kind: 'resolved', cause: 'rule_removed' });
    await engine.stop();
    expect(after.entries.at(-1)).toMatchObject({ transition: 'resolved' });
    expect(sink.ended.map(({ alertstate }) => alertstate)).toEqual(['firing', undefined]);
  });

  it('keeps what belongs to a rule that is missing while the files have faults', async () => {
    const { store, instance } = await fired();
    const { engine } = await bench({ store, rules: 'groups: [{ name: g, rules: [{ alert: Hot }] }]' });
    expect(engine.instances()).toEqual([instance]);
  });

  it('forgets at last a resolved one whose rule is gone', async () => {
    const { store, instance } = await fired();
    const old: AlertInstance = {
      ...instance,
      phase: { kind: 'resolved', firedAtMs: 1, resolvedAtMs: 2, cause: 'condition' },
    };
    store.saved.set(old.fingerprint, old);
    const { engine } = await bench({ store, rules: 'groups: []' });
    expect(engine.instances()).toEqual([]);
    await engine.stop();
    expect(store.saved.size).toBe(0);
  });
});

describe('a held alert', () => {
  async function held(options: EngineBenchOptions = {}): Promise<EngineBench & { fingerprint: string }> {
    const running = await bench(options);
    running.query.set('x > 28', [WARM], isHot);
    await running.clock.advance(10_000);
    running.query.set('x > 28', []);
    await running.clock.advance(SETTLING_MS);
    return { ...running, fingerprint: running.engine.instances()[0]?.fingerprint ?? '' };
  }

  it('is ended by a person, and stays so without data', async () => {
    const { engine, fingerprint, phases, clock } = await held();
    const by = { person: 'li', reason: 'replaced', atMs: clock.nowMs() };
    engine.endings.took(engine.endings.end(fingerprint, by));
    expect(phases()).toEqual(['resolved']);
    await clock.advance(60_000);
    expect(phases()).toEqual(['resolved']);
  });

  it('is not held where the device has left the site', async () => {
    const { engine } = await held({ devices: ['b'] });
    expect(engine.instances()[0]?.phase).toMatchObject({ kind: 'resolved', cause: 'left_site' });
  });
});
