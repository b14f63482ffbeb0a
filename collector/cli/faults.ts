import { loadRules, type RuleSet } from '../../alerting/rules/load.ts';
import { loadConfig } from '../../config/load.ts';
import { loadProfiles } from '../../config/profiles.ts';
import { ConfigError, type Fault } from '../../config/yaml-file.ts';
import { createEngine } from '../promql/engine.ts';

/** Every fault of the site's files, the profiles and the rules in a folder. */
export function faultsOfFolder(folder: string): readonly Fault[] {
  try {
    const { profileFiles, ruleFiles } = loadConfig(folder, process.env);
    return [...loadProfiles(profileFiles).faults, ...rulesOfFiles(ruleFiles).faults];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

/** The rules of files, with their expressions compiled but never evaluated. */
export function rulesOfFiles(files: readonly string[]): RuleSet {
  return loadRules(files, createEngine({ source: { select: () => [] } }));
}
