#!/usr/bin/env node
// Installs what is missing, then runs one of the project's own tasks with the pinned Node.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  COMPILE_CACHE,
  ensureInstalled,
  ensureProgramsBuilt,
  ensureWebBuilt,
  pinnedNode,
  ROOT,
} from '../collector/bootstrap.js';
import { installMissing } from './system-packages.js';

const [task, ...args] = process.argv.slice(2);

function run(script, ...scriptArgs) {
  return spawnSync(pinnedNode(), [script, ...scriptArgs], { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}

/** The tests' own processes, and what they start from its sources, compile their code once. */
function vitest(...vitestArgs) {
  process.env.NODE_COMPILE_CACHE ??= COMPILE_CACHE;
  return run('node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', ...vitestArgs);
}

function ensureBuilt() {
  ensureWebBuilt();
  ensureProgramsBuilt();
}

/** Runs `test/bench/NAME.ts`. */
function bench() {
  const [name, ...rest] = args;
  const known = readdirSync(join(ROOT, 'test', 'bench')).map((file) => file.replace(/\.ts$/, ''));
  if (known.includes(name) && name !== 'figures') return run(`test/bench/${name}.ts`, ...rest);
  console.error(`Say which: ${known.filter((other) => other !== 'figures').join(', ')}.`);
  return 2;
}

/** What of `test/torture/` can be asked for: the others help them. */
const TORTURES = ['alerting', 'handover', 'history', 'packets', 'records', 'series'];

/** Runs `test/torture/NAME.ts`. */
function torture() {
  const [name, ...rest] = args;
  if (TORTURES.includes(name)) return run(`test/torture/${name}.ts`, ...rest);
  console.error(`Say which: ${TORTURES.join(', ')}.`);
  return 2;
}

const TASKS = {
  check() {
    return (
      run('node_modules/typescript/bin/tsc', '-b') ||
      run('node_modules/oxlint/bin/oxlint', '--type-aware', '--quiet') ||
      run('node_modules/@biomejs/biome/bin/biome', 'format', '.') ||
      vitest('--project', 'house')
    );
  },
  test() {
    installMissing();
    // Functions and edges need neither pages nor programs; everything else may.
    if (!args.includes('unit')) ensureBuilt();
    return vitest(...args);
  },
  conformance() {
    ensureProgramsBuilt();
    return run('test/conformance/run.ts', ...args);
  },
  bench() {
    installMissing();
    ensureBuilt();
    return bench();
  },
  torture() {
    return torture();
  },
  screenshots() {
    installMissing();
    ensureBuilt();
    return run('test/browser/screenshots.ts', ...args);
  },
};

const chosen = TASKS[task];
if (chosen === undefined) {
  console.error(`There is no task ${task}; there are ${Object.keys(TASKS).join(', ')}.`);
  process.exit(2);
}
ensureInstalled();
process.exit(chosen());
