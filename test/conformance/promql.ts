import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { casesOf } from './promql/cases.ts';
import { judge } from './promql/judge.ts';
import type { Suite } from './suite.ts';

/** The tests of Prometheus' own engine. */
export const promql: Suite = {
  name: 'promql',
  async run(folder) {
    const failures: string[] = [];
    let total = 0;
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.test'))) {
      for (const one of casesOf(readFileSync(join(folder, file), 'utf8'))) {
        total += 1;
        const fault = judge(one);
        if (fault !== undefined) failures.push(`${file}:${one.line} ${one.expression}: ${fault}`);
      }
    }
    return { passed: total - failures.length, total, failures };
  },
};
