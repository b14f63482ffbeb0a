import { join } from 'node:path';
import { bundledName, ROOT, type Entry } from '../../config/runtime/place.ts';

/** Where `test/run.js` has the programs built before anything starts them. */
export const PROGRAMS = join(ROOT, 'dist', 'programs');

/** The file of a program as `npm start` runs it. */
export function builtProgram(entry: Entry): string {
  return join(PROGRAMS, bundledName(entry));
}

/** The environment of built programs, as `collector/watchkeeper.js` makes it. */
export const BUILT_ENV = { NODE_COMPILE_CACHE: join(PROGRAMS, 'cache') };
