import { formatFault } from '../../config/yaml-file.ts';
import type { Command } from './command.ts';

const USAGE = 'watchkeeper rules check FILE…\nwatchkeeper rules test FILE…\n';

const ACTIONS: Readonly<Record<string, (files: readonly string[]) => Promise<number>>> = {
  check: checkRules,
  test: testRules,
};

/** Works on rule files without starting anything. */
export const rules: Command = {
  name: 'rules',
  usage: 'check|test FILE…',
  summary:
    'check: validates rule files: expressions, templates and fields, each fault with file and line\n' +
    "      test: runs tests of rules in promtool's format, and shows what was expected and what was got",
  async run([action = '', ...files]) {
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (act !== undefined && files.length > 0) return act(files);
    process.stderr.write(USAGE);
    return 2;
  },
};

/** Tells of each file how many rules it has and what is wrong; the answer is the exit code. */
async function checkRules(files: readonly string[]): Promise<number> {
  const { rulesOfFiles } = await import('./faults.ts');
  let faultCount = 0;
  for (const file of files) {
    const { groups, faults } = rulesOfFiles([file]);
    for (const fault of faults) process.stderr.write(`${formatFault(fault)}\n`);
    const count = groups.reduce((sum, group) => sum + group.rules.length, 0);
    const verdict = faults.length === 0 ? 'valid' : `valid, ${faults.length} faults`;
    process.stdout.write(`${file}: ${count} rules are ${verdict}.\n`);
    faultCount += faults.length;
  }
  return faultCount === 0 ? 0 : 1;
}

/** Runs the tests of each file; the answer is the exit code. */
async function testRules(files: readonly string[]): Promise<number> {
  const { runTestFile } = await import('../rule-tests/run.ts');
  const { reportOf } = await import('../rule-tests/report.ts');
  let isPassed = true;
  for (const file of files) {
    const outcome = runTestFile(file);
    process.stdout.write(reportOf(outcome));
    isPassed &&= outcome.faults.length + outcome.failures.length === 0;
  }
  return isPassed ? 0 : 1;
}
