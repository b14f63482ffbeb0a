#!/usr/bin/env node
// Installs what is missing, then runs one of the project's own tasks with the pinned Node.
import { spawnSync } from 'node:child_process';
import { ensureInstalled, pinnedNode, ROOT } from '../collector/bootstrap.js';

const [task, ...args] = process.argv.slice(2);
ensureInstalled();
const node = pinnedNode();

function run(command, commandArgs) {
  const { status } = spawnSync(command, commandArgs, { cwd: ROOT, stdio: 'inherit' });
  return status ?? 1;
}

function runNode(script, ...scriptArgs) {
  return run(node, [script, ...scriptArgs]);
}

const TASKS = {
  check() {
    return (
      runNode('node_modules/typescript/bin/tsc', '-b') ||
      run(node, ['node_modules/oxlint/bin/oxlint', '--type-aware', '--quiet']) ||
      runNode('node_modules/@biomejs/biome/bin/biome', 'format', '.') ||
      runNode(
        'node_modules/vitest/vitest.mjs',
        'run',
        '--config',
        'test/vitest.config.ts',
        '--project',
        'house',
      )
    );
  },
  test() {
    return runNode('node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', ...args);
  },
};

const chosen = TASKS[task];
if (chosen === undefined) {
  console.error(`There is no task ${task}; there are ${Object.keys(TASKS).join(', ')}.`);
  process.exit(2);
}
process.exit(chosen());
