import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { alertmanager } from './alertmanager.ts';
import { grafana } from './grafana.ts';
import { openmetrics } from './openmetrics.ts';
import { promql } from './promql.ts';
import { rules } from './rules.ts';
import { snmp } from './snmp.ts';
import type { Suite } from './suite.ts';

const SUITES: readonly Suite[] = [promql, openmetrics, rules, grafana, alertmanager, snmp];

/** How many failures of a suite are printed. */
const SHOWN_FAILURES = 50;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** @returns Whether every case passed. */
async function runSuite(suite: Suite, folder: string): Promise<boolean> {
  const { name } = suite;
  const part = join(folder, suite.part ?? name);
  if (!existsSync(part)) {
    print(`${name} skipped: there is no ${part}`);
    return process.env['CI'] !== 'true';
  }
  const { passed, total, failures, notes = [], isPassed } = await suite.run(part);
  for (const failure of failures.slice(0, SHOWN_FAILURES)) print(failure);
  for (const note of notes) print(note);
  print(`${name} ${passed}/${total}`);
  return isPassed ?? passed === total;
}

const folder = process.env['WATCHKEEPER_CONFORMANCE'] ?? '../shared/conformance';
const names = process.argv.slice(2);
const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name));
for (const name of unknown) {
  print(`There is no suite ${name}; there are ${SUITES.map((suite) => suite.name).join(', ')}.`);
}
let isPassed = unknown.length === 0;
for (const suite of SUITES) {
  if (names.length > 0 && !names.includes(suite.name)) continue;
  isPassed = (await runSuite(suite, folder)) && isPassed;
}
process.exitCode = isPassed ? 0 : 1;
