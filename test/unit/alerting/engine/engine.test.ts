import { describe, expect, it, onTestFinished } from 'vitest';
import { startEngine, SETTLING_MS, type Engine } from '../../../../alerting/engine/engine.ts';
import type { OnPushed, Pushed } from '../../../../alerting/ports.ts';
import type { AlertInstance } from '../../../../config/model/alert.ts';
import {
  fakeAlertStore,
  fakeSink,
  type FakeAlertStore,
  type FakeSink,
} from '../../../support/alert-stores.ts';
import { element, fakeQuery, type FakeQuery } from '../../../support/fake-query.ts';
import { manualClock, type ManualClock } from '../../../support/manual-clock.ts';
import { rulesIn } from '../../../support/rules.ts';
import { silentLog } from '../../../support/silent-log.ts';

const HOT = `
groups:
  - name: climate
    interval: 10s
    rules:
      - alert: Hot
        expr: x > 28
        labels: { severity: major }
        annotations: { summary_en: 'Hot at {{ $labels.device }}', no_data: hold }
`;

const WARM = element({ device: 'a' }, 30);
const COOL = element({ device: 'a' }, 20);
const isHot = ({ value }: { value: number }): boolean => value > 28;

interface Bench {
  readonly clock: ManualClock;
  readonly query: FakeQuery;
  readonly store: FakeAlertStore;
  readonly sink: FakeSink;
  readonly engine: Engine;
  readonly changes: () => number;
  readonly phases: () => readonly string[];
  readonly transitions: () => readonly string[];
}

interface BenchOptions {
  readonly rules?: string;
  readonly query?: FakeQuery;
  readonly store?: FakeAlertStore;
  readonly sink?: FakeSink;
  readonly clock?: ManualClock;
  readonly devices?: readonly string[];
  readonly onPushed?: OnPushed;
}

const rulesOf = (engine: Engine) => engine.groups().flatMap(({ runs }) => runs);

async function bench(options: BenchOptions = {}): Promise<Bench> {
  const {
    rules = HOT,
    query = fakeQuery(),
    store = fakeAlertStore(),
    sink = fakeSink(),
    clock = manualClock(),
  } = options;
  let changes = 0;
  const engine = startEngine(
    {
      clock,
      log: silentLog(),
      query,
      series: sink,
      store,
      onChange: () => (changes += 1),
      ...(options.onPushed === undefined ? {} : { onPushed: options.onPushed }),
    },
    {
      rules: rulesIn(rules, query),
      intervalMs: 10_000,
      devices: new Set(options.devices ?? ['a', 'b']),
      externalLabels: {},
      externalUrl: () => '',
    },
    { instances: await store.instances() },
  );
  onTestFinished(() => engine.stop());
  return {
    clock,
    query,
    store,
    sink,
    engine,
    changes: () => changes,
    phases: () => engine.instances().map(({ phase }) => phase.kind),
    transitions: () => store.entries.map(({ transition }) => transition),
  };
}

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
  async function held(options: BenchOptions = {}): Promise<Bench & { fingerprint: string }> {
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
