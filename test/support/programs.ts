import { join } from 'node:path';
import { bundledName, ROOT, type Entry } from '../../config/runtime/place.ts';

/** Where `test/run.js` has the programs built before anything starts them. */
export const PROGRAMS = join(ROOT, 'dist', 'programs');

/** The file of a program as `npm start` runs it. */
export function builtProgram(entry: Entry): string {
  return join(PROGRAMS, bundledName(entry));
}

/** Built programs keep no compiled code; the tests do, for what they run from its sources. */
export const BUILT_ENV = { NODE_COMPILE_CACHE: undefined };
/** Nor are they measured with what a machine trusts besides: Node reads all of that at its start, and holds it. */
export const MEASURED_ENV = { ...BUILT_ENV, NODE_EXTRA_CA_CERTS: undefined };
