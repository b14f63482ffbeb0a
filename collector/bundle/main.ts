// Bundles the programs into a folder of their own in `dist`, to which the link `dist/programs` then leads. `collector/bootstrap.js`
// runs it whenever the sources are others, with a text that says which these are.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENTRIES, ROOT } from '../../config/runtime/place.ts';
import { bundle } from './bundle.ts';

const DIST = join(ROOT, 'dist');
/** The last ones stay: a program that runs loads what it rarely needs from the folder that it was started from. */
const BUILDS_KEPT = 3;

const [sources = ''] = process.argv.slice(2);
const name = `programs-${randomBytes(4).toString('hex')}`;
const folder = join(DIST, name);
mkdirSync(folder, { recursive: true });
// One after the other: each takes all processors.
for (const entry of ENTRIES)
  for (const file of await bundle(entry)) writeFileSync(join(folder, file.name), file.text);
writeFileSync(join(folder, 'sources'), sources);
lead();
forget();

/** In one step, so that whoever starts meanwhile finds the programs before or these, whole. */
function lead(): void {
  const link = join(DIST, `.${name}`);
  symlinkSync(name, link);
  renameSync(link, join(DIST, 'programs'));
}

/** Those that were never finished go with the others. */
function forget(): void {
  const builds = readdirSync(DIST)
    .filter((entry) => entry.startsWith('programs-'))
    .map((entry) => join(DIST, entry))
    .sort((a, b) => changedAtMs(b) - changedAtMs(a));
  for (const build of builds.slice(BUILDS_KEPT)) rmSync(build, { recursive: true, force: true });
}

/** Another build may have removed it meanwhile. */
function changedAtMs(build: string): number {
  return statSync(build, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
