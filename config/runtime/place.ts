import { join } from 'node:path';

/** The TypeScript files, from the root, with which a program or a thread begins. */
export const ENTRIES = [
  'agents/lab/main.ts',
  'agents/main.ts',
  'agents/settings/main.ts',
  'agents/tools/metrics-main.ts',
  'agents/tools/probe-main.ts',
  'agents/tools/record-main.ts',
  'collector/cli/main.ts',
  'collector/duty/people/workbook-thread.ts',
  'collector/main.ts',
  'collector/promql/worker/worker.ts',
  'collector/records/sqlite-thread.ts',
  'collector/series/history/process.ts',
  'collector/texts/paper-thread.ts',
] as const;
export type Entry = (typeof ENTRIES)[number];

/** The folder of the product, with what is shipped, the pages and `package.json`. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** The file to start a program or a thread with. */
export function entryFile(entry: Entry): string {
  return join(ROOT, entry);
}
