import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledName } from '../../config/runtime/place.ts';
import { launchSettings } from '../cli/supervise.ts';

const DEADLINE_MS = 30_000;
const PROGRAMS = { agent: 'agents/main.ts', collector: 'collector/main.ts' } as const;
const ANYWHERE = {
  WATCHKEEPER_LISTEN: '127.0.0.1:0',
  WATCHKEEPER_AGENT_LISTEN: '127.0.0.1:0',
  WATCHKEEPER_TRAP_LISTEN: '127.0.0.1:0',
};

/**
 * Starts each program once and stops it, so that the compiled code of what a start needs is in `cache` of the folder: a program that
 * compiles its sources itself takes longer, and keeps memory of that for as long as it runs.
 */
export async function warmUp(folder: string): Promise<void> {
  await Promise.all([startOnce(folder, 'agent'), startOnce(folder, 'collector')]);
}

async function startOnce(folder: string, name: keyof typeof PROGRAMS): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'watchkeeper-'));
  const { flags, env } = launchSettings(name);
  const entry = join(folder, bundledName(PROGRAMS[name]));
  const child = spawn(process.execPath, [...flags, entry, '--data', data], {
    env: { ...env, ...ANYWHERE, NODE_COMPILE_CACHE: join(folder, 'cache') },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    timeout: DEADLINE_MS,
  });
  // Without us it stops in order, as without its supervisor: so it does when the build is killed.
  child.once('message', () => child.disconnect());
  await once(child, 'exit');
  rmSync(data, { recursive: true, force: true });
}
