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

/** The programs run as they are written or, as people start them, bundled (`collector/bundle/`): then all files lie in one folder. */
const IS_BUNDLED = !import.meta.filename.endsWith('.ts');

/** The folder of the product, with what is shipped, the pages and `package.json`: two above this file, and above each of a bundle. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** The file to start a program or a thread with. */
export function entryFile(entry: Entry): string {
  return IS_BUNDLED ? join(import.meta.dirname, bundledName(entry)) : join(ROOT, entry);
}

/** What an entry is called once it is bundled: `agents/settings/main.ts` is `agents-settings-main.js`. */
export function bundledName(entry: Entry): string {
  return entry.replaceAll('/', '-').replace(/\.ts$/, '.js');
}
