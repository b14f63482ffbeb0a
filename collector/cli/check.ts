import { resolve } from 'node:path';
import { DEMO_FOLDER } from '../../config/load.ts';
import { formatFault } from '../../config/yaml-file.ts';
import type { Command } from './command.ts';
import { parseOptions } from './options.ts';

/** Validates a whole configuration without starting anything. */
export const check: Command = {
  name: 'check',
  usage: '[--config DIR] | metrics [FILE|URL|-]',
  summary:
    'validates a whole configuration without starting it: every fault, with file and line\n' +
    '      metrics: reads a metrics page strictly, OpenMetrics or text, and says what is wrong in which line',
  async run(args) {
    if (args[0] === 'metrics') return (await import('./check-metrics.ts')).checkMetrics(args.slice(1));
    const { values } = parseOptions(args, { config: { type: 'string' } });
    const folder = resolve(values.config ?? DEMO_FOLDER);
    // Only here: a supervisor that runs for years need not hold the whole of PromQL.
    const { faultsOfFolder } = await import('./faults.ts');
    const faults = faultsOfFolder(folder);
    for (const fault of faults) process.stderr.write(`${formatFault(fault)}\n`);
    const verdict = faults.length === 0 ? 'is valid' : `has ${faults.length} faults`;
    process.stdout.write(`${folder} ${verdict}.\n`);
    return faults.length === 0 ? 0 : 1;
  },
};
