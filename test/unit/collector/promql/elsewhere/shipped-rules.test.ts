import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createAsking } from '../../../../../collector/promql/elsewhere/asking.ts';
import { readPlan } from '../../../../../collector/rule-tests/plan.ts';
import { reportOf } from '../../../../../collector/rule-tests/report.ts';
import { runTestFile } from '../../../../../collector/rule-tests/run.ts';
import { SHIPPED_FOLDER } from '../../../../../config/load.ts';
import { systemClock } from '../../../../../config/runtime/system-clock.ts';
import { startPrometheus, startVictoria, type Peer } from '../../../../support/peers.ts';
import { askElsewhere, type AskedTest } from '../../../../support/rules-elsewhere.ts';
import { programPath } from '../../../../support/system.ts';

const FOLDER = join(SHIPPED_FOLDER, 'rules');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.test.yaml'));

/** The tests are all of the same time, one after the other. */
const ANY_TIME = 'storage: { tsdb: { out_of_order_time_window: 1000d } }';

/**
 * Where an engine judges otherwise than Prometheus: to VictoriaMetrics a counter that begins above zero has grown. Both
 * rules are about what Watchkeeper tells of itself, and are judged from memory.
 */
const OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  'victoria-metrics history.test.yaml': ['HistoryGivesWay'],
  'victoria-metrics watcher.test.yaml': ['AgentSpoolDrops'],
};

const ENGINES = [
  ['prometheus', () => startPrometheus(ANY_TIME)],
  ['victoria-metrics', startVictoria],
] as const;

describe.each(ENGINES)('the tests of the shipped rules, with %s as the engine', (name, start) => {
  const program = programPath(name);
  let engine: Promise<Peer & { readonly url: string }> | undefined;
  afterAll(async () => (await engine)?.stop());

  it.skipIf(program === undefined).each(FILES)(
    '%s',
    async (file) => {
      engine ??= start();
      const { url } = await engine;
      const settings = { url, timeoutMs: 30_000, visibleAfterMs: 0 };
      const asking = createAsking({ settings, clock: systemClock });
      const flush = async (): Promise<void> => {
        if (name === 'victoria-metrics') await (await fetch(`${url}/internal/force_flush`)).text();
      };
      const steps = name === 'victoria-metrics' ? { likeInstantsMs: 300_000 } : {};
      const { plan } = readPlan(join(FOLDER, file));
      if (plan === undefined) throw new Error(`${file} cannot be read`);
      const asked = new Map<string, AskedTest>();
      for (const [index, test] of plan.tests.entries()) {
        const own = { rule_test: `${basename(file, '.test.yaml')}-${index}` };
        asked.set(test.name, await askElsewhere({ url, asking, flush, ...steps }, { plan, test, own }));
      }
      asking.close();
      const outcome = runTestFile(
        join(FOLDER, file),
        (test, here) => asked.get(test.name)?.query(here) ?? here,
      );
      expect([...asked.values()].flatMap(({ differing }) => differing)).toEqual([]);
      const otherwise = OTHERWISE[`${name} ${file}`];
      if (otherwise === undefined) expect(reportOf(outcome)).toMatch(/: \d+ tests passed\.\n$/);
      const differing = outcome.failures
        .flatMap(({ lines }) => lines)
        .filter((line) => line.includes('alertname'));
      expect([...new Set(differing.map((line) => /alertname="(\w+)"/.exec(line)?.[1]))]).toEqual(
        otherwise ?? [],
      );
    },
    60_000,
  );
});
