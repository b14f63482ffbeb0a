import { onTestFinished } from 'vitest';
import { startEngine, type Engine } from '../../alerting/engine/engine.ts';
import type { OnPushed } from '../../alerting/ports.ts';
import { fakeAlertStore, fakeSink, type FakeAlertStore, type FakeSink } from './alert-stores.ts';
import { element, fakeQuery, type FakeQuery } from './fake-query.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';
import { rulesIn } from './rules.ts';
import { silentLog } from './silent-log.ts';

/** One rule, on what `x > 28` answers; held without data. */
export const HOT = `
groups:
  - name: climate
    interval: 10s
    rules:
      - alert: Hot
        expr: x > 28
        labels: { severity: major }
        annotations: { summary_en: 'Hot at {{ $labels.device }}', no_data: hold }
`;

export const WARM = element({ device: 'a' }, 30);
export const COOL = element({ device: 'a' }, 20);
export const isHot = ({ value }: { value: number }): boolean => value > 28;

/** An engine whose answers, clock and stores the test has in its hands. */
export interface EngineBench {
  readonly clock: ManualClock;
  readonly query: FakeQuery;
  readonly store: FakeAlertStore;
  readonly sink: FakeSink;
  readonly engine: Engine;
  readonly changes: () => number;
  readonly phases: () => readonly string[];
  readonly transitions: () => readonly string[];
}

export interface EngineBenchOptions {
  readonly rules?: string;
  readonly query?: FakeQuery;
  readonly store?: FakeAlertStore;
  readonly sink?: FakeSink;
  readonly clock?: ManualClock;
  readonly devices?: readonly string[];
  readonly onPushed?: OnPushed;
}

export const rulesOf = (engine: Engine) => engine.groups().flatMap(({ runs }) => runs);

export async function engineBench(options: EngineBenchOptions = {}): Promise<EngineBench> {
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
