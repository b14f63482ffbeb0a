// Runs on whatever Node (20 or newer) the machine has, before anything is installed: no dependency, no TypeScript.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');

/** Where the compiled code of tests and of what they run from its sources is kept. */
export const COMPILE_CACHE = join(ROOT, 'node_modules', '.cache', 'watchkeeper');

/** Installs the packages of the lock file, unless that very file has been installed. */
export function ensureInstalled() {
  const lock = join(ROOT, 'package-lock.json');
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  if (existsSync(installed) && isInstalled(lock, installed)) return;
  process.stderr.write('Installing packages …\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { status } = spawnSync(npm, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    process.stderr.write('npm ci failed; its messages stand above.\n');
    process.exit(1);
  }
}

/** Whether every package of the lock file that fits this machine stands in node_modules at its version. */
function isInstalled(lock, installed) {
  const wanted = JSON.parse(readFileSync(lock, 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  );
}

/** The Node that runs the product: the pinned one where there is a package for the machine, else this one if it is new enough. */
export function pinnedNode() {
  const require = createRequire(join(ROOT, 'package.json'));
  try {
    const folder = join(require.resolve(`node-${process.platform}-${process.arch}/package.json`), '..');
    return join(folder, 'bin', 'node');
  } catch {
    const [major = 0] = process.versions.node.split('.').map(Number);
    if (major >= 26) return process.execPath;
    process.stderr.write(
      `There is no Node package for ${process.platform}-${process.arch}; install Node 26 or newer (this is ${process.versions.node}).\n`,
    );
    return process.exit(1);
  }
}

/** Builds the pages into `web/dist`, unless they are newer than everything that they are built from. */
export function ensureWebBuilt() {
  const built = join(ROOT, 'web', 'dist', 'index.html');
  if (existsSync(built) && statSync(built).mtimeMs >= newestMs('web', 'config/model', 'package-lock.json'))
    return;
  process.stderr.write('Building the pages …\n');
  const args = ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'warn'];
  const { status } = spawnSync(pinnedNode(), args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    process.stderr.write('Building the pages failed; the messages stand above.\n');
    process.exit(1);
  }
}

/** A link to the folder of the last build. */
export const PROGRAMS = join(ROOT, 'dist', 'programs');

/** Bundles the programs into few files, unless that has been done with the very sources that are here. */
export function ensureProgramsBuilt() {
  const sources = stateOf('agents', 'alerting', 'collector', 'config', 'package-lock.json');
  if (isBuiltOf(sources)) return;
  process.stderr.write('Building the programs …\n');
  const args = ['collector/bundle/main.ts', sources];
  const { status } = spawnSync(pinnedNode(), args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    process.stderr.write('Building the programs failed; the messages stand above.\n');
    process.exit(1);
  }
}

function isBuiltOf(sources) {
  try {
    return readFileSync(join(PROGRAMS, 'sources'), 'utf8') === sources;
  } catch {
    return false;
  }
}

/** Which sources there are: other ones may be older than those before. */
function stateOf(...paths) {
  const files = filesOf(paths).filter((file) => /\.(ts|json)$/.test(file));
  return `${files.length} files, the newest of ${newestOf(files)}`;
}

/** When the latest of the sources was changed. */
function newestMs(...paths) {
  return newestOf(filesOf(paths));
}

function newestOf(files) {
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

function filesOf(paths) {
  return paths.flatMap((path) => {
    const place = join(ROOT, path);
    if (!statSync(place).isDirectory()) return [place];
    return readdirSync(place, { recursive: true })
      .filter((name) => !name.startsWith('dist'))
      .map((name) => join(place, name));
  });
}
