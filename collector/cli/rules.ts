import { formatFault } from '../../config/yaml-file.ts';
import type { Command } from './command.ts';

const USAGE = 'watchkeeper rules check FILE…\n';

/** Works on rule files without starting anything. */
export const rules: Command = {
  name: 'rules',
  usage: 'check FILE…',
  summary: 'validates rule files: expressions, templates and fields, each fault with file and line',
  async run([action, ...files]) {
    if (action === 'check' && files.length > 0) return checkRules(files);
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
