import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkOpenMetrics } from '../../collector/ingest/openmetrics/check.ts';
import type { Suite } from './suite.ts';

interface Page {
  readonly name: string;
  readonly shouldParse: boolean;
  readonly text: string;
}

/** The pages of the OpenMetrics tests, before the strict reader. */
export const openmetrics: Suite = {
  name: 'openmetrics',
  part: 'exposition',
  async run(folder) {
    const pages = JSON.parse(readFileSync(join(folder, 'openmetrics.json'), 'utf8')) as readonly Page[];
    const failures = pages.flatMap(({ name, shouldParse, text }) => {
      const fault = checkOpenMetrics(text);
      if ((fault === undefined) === shouldParse) return [];
      return [`${name}: ${fault === undefined ? 'was taken' : `line ${fault.line}: ${fault.message}`}`];
    });
    return { passed: pages.length - failures.length, total: pages.length, failures };
  },
};
