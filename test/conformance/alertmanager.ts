import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { play } from './alertmanager/play.ts';
import type { Scenario } from './alertmanager/scenario.ts';
import type { Suite } from './suite.ts';

/** The acceptance tests of Alertmanager, on a clock of our own. */
export const alertmanager: Suite = {
  name: 'alertmanager',
  async run(folder) {
    const scenarios = JSON.parse(readFileSync(join(folder, 'scenarios.json'), 'utf8')) as readonly Scenario[];
    const failures: string[] = [];
    for (const scenario of scenarios) {
      const faults = await play(scenario);
      if (faults.length > 0) failures.push(`${scenario.name}: ${faults.join('; ')}`);
    }
    return { passed: scenarios.length - failures.length, total: scenarios.length, failures };
  },
};
