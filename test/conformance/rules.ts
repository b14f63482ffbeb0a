import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRules } from '../../alerting/rules/load.ts';
import type { Rule } from '../../alerting/rules/rule.ts';
import { createEngine } from '../../collector/promql/engine.ts';
import { runTestFile, type TestFileOutcome } from '../../collector/rule-tests/run.ts';
import { messageOf } from '../../config/model/errors.ts';
import { formatFault } from '../../config/yaml-file.ts';
import type { Suite } from './suite.ts';

/** Rule files that are in use in the world, and rule tests in promtool's format. */
export const rules: Suite = {
  name: 'rules',
  async run(folder) {
    const faults = [...publicFaults(join(folder, 'public')), ...unitFaults(join(folder, 'unit'))];
    const failures = faults.filter((fault) => fault !== undefined);
    return { passed: faults.length - failures.length, total: faults.length, failures };
  },
};

type Fault = string | undefined;

function publicFaults(folder: string): readonly Fault[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => publicFault(join(folder, name)));
}

/** What is wrong with the first rule that does not load, or whose expression or template does not evaluate. */
function publicFault(file: string): Fault {
  const engine = createEngine({ source: { select: () => [] } });
  const { groups, faults } = loadRules([file], engine);
  const [fault] = faults;
  if (fault !== undefined) return formatFault(fault);
  for (const rule of groups.flatMap((group) => group.rules)) {
    try {
      evaluate(rule, (expression) => engine.compile(expression).evaluate(0));
    } catch (error) {
      return `${file}:${rule.line}: ${rule.name}: ${messageOf(error)}`;
    }
  }
  return undefined;
}

const LABELS = { instance: 'host:9100', job: 'node', __value__: '1' };

function evaluate(
  rule: Rule,
  query: (expression: string) => ReturnType<Rule['expression']['evaluate']>,
): void {
  rule.expression.evaluate(0);
  rule.expression.unfiltered(0);
  if (rule.kind === 'record') return;
  const asked = (expression: string) => {
    query(expression);
    // So that what is done with an answer is evaluated too.
    return [{ labels: LABELS, value: 1.5 }];
  };
  for (const template of [...Object.values(rule.labels), ...Object.values(rule.annotations)]) {
    template.expand({
      labels: LABELS,
      value: 1234.5,
      externalLabels: {},
      externalUrl: 'http://localhost',
      nowMs: 0,
      query: asked,
    });
  }
}

function unitFaults(folder: string): readonly Fault[] {
  const table = join(folder, 'verdicts.tsv');
  if (!existsSync(table)) return [];
  const [, ...lines] = readFileSync(table, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [file = '', wanted = ''] = line.split('\t');
    const outcome = runTestFile(join(folder, file));
    const verdict = verdictOf(outcome);
    if (wanted.split('|').includes(verdict)) return undefined;
    const why = outcome.faults.map(formatFault)[0] ?? outcome.failures[0]?.what ?? '';
    return `${file}: ${verdict}, not ${wanted}: ${why}`;
  });
}

/** What this program does not know and says so, naming the key. */
const REFUSED = /fuzzy_compare|start_timestamp|histogram/;

function verdictOf({ faults, failures }: TestFileOutcome): 'pass' | 'fail' | 'refused' {
  if (faults.some((fault) => REFUSED.test(formatFault(fault)))) return 'refused';
  return faults.length + failures.length === 0 ? 'pass' : 'fail';
}
