import { resolve } from 'node:path';
import { loadRules } from '../../alerting/rules/load.ts';
import { DEMO_FOLDER, loadConfig } from '../../config/load.ts';
import { loadProfiles } from '../../config/profiles.ts';
import { ConfigError, formatFault, type Fault } from '../../config/yaml-file.ts';
import { createEngine } from '../promql/engine.ts';
import type { Command } from './command.ts';
import { parseOptions } from './options.ts';

/** Validates a whole configuration without starting anything. */
export const check: Command = {
  name: 'check',
  usage: '[--config DIR]',
  summary: 'validates a whole configuration without starting it: every fault, with file and line',
  run(args) {
    const { values } = parseOptions(args, { config: { type: 'string' } });
    const folder = resolve(values.config ?? DEMO_FOLDER);
    const faults = faultsOf(folder);
    for (const fault of faults) process.stderr.write(`${formatFault(fault)}\n`);
    const verdict = faults.length === 0 ? 'is valid' : `has ${faults.length} faults`;
    process.stdout.write(`${folder} ${verdict}.\n`);
    return Promise.resolve(faults.length === 0 ? 0 : 1);
  },
};

/** Every fault of the site's files, the profiles and the rules. */
function faultsOf(folder: string): readonly Fault[] {
  try {
    const { profileFiles, ruleFiles } = loadConfig(folder, process.env);
    const query = createEngine({ source: { select: () => [] } });
    return [...loadProfiles(profileFiles).faults, ...loadRules(ruleFiles, query).faults];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}
