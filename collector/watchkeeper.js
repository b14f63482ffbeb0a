#!/usr/bin/env node
// Installs and builds what is missing, then hands over to the pinned Node, which runs the TypeScript as it stands.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMPILE_CACHE, ensureInstalled, ensureWebBuilt, pinnedNode, ROOT } from './bootstrap.js';

const args = process.argv.slice(2);
ensureInstalled();
if (args[0] === 'start' || args[0] === 'collector' || args[0] === 'build') ensureWebBuilt();
if (args[0] !== 'build') handOver();

function handOver() {
  const env = { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env };
  const child = spawn(pinnedNode(), [join(ROOT, 'collector', 'cli', 'main.ts'), ...args], {
    stdio: 'inherit',
    env,
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
