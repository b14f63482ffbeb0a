#!/usr/bin/env node
// Installs and builds what is missing, then hands over to the pinned Node, which runs what was built.
import { spawn } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, ensureProgramsBuilt, ensureWebBuilt, pinnedNode, PROGRAMS } from './bootstrap.js';

const args = process.argv.slice(2);
ensureInstalled();
if (args[0] === 'start' || args[0] === 'collector' || args[0] === 'build') ensureWebBuilt();
ensureProgramsBuilt();
if (args[0] !== 'build') handOver();

function handOver() {
  // The folder itself: the link leads elsewhere after the next build.
  const folder = realpathSync(PROGRAMS);
  const child = spawn(pinnedNode(), [join(folder, 'collector-cli-main.js'), ...args], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)));
  if (args[0] === 'start' && process.env.npm_lifecycle_event === 'start') stopWithoutNpm(child);
}

/** npm passes signals on to its shell, not always to us, and cannot when it is killed: when it is gone, we stop. */
function stopWithoutNpm(child) {
  const ancestors = [process.ppid, parentOf(process.ppid)].filter((pid) => pid > 1);
  const watching = setInterval(() => {
    if (ancestors.every(isAlive)) return;
    clearInterval(watching);
    child.kill('SIGTERM');
  }, 500);
  watching.unref();
}

function parentOf(pid) {
  try {
    // proc(5): pid (comm) state ppid …; comm may hold anything, so count from its closing bracket.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const command = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    return command.startsWith('npm') ? 0 : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
