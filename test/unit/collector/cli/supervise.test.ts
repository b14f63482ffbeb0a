import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { launchSettings, supervise, type Supervised } from '../../../../collector/cli/supervise.ts';
import type { Log } from '../../../../config/runtime/log.ts';
import { systemClock } from '../../../../config/runtime/system-clock.ts';
import { eventually } from '../../../support/eventually.ts';
import { folderWith } from '../../../support/folder.ts';
import { isAlive } from '../../../support/processes.ts';

const SILENT: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

/** Writes down its process id and what it finds in its environment, then runs until SIGTERM. */
const PROGRAM = `
process.on('disconnect', () => process.exit(0));
require('node:fs').appendFileSync(process.argv[2], process.pid + ' ' + (process.env.PORTS ?? '') + '\\n');
if (process.env.BROKEN) process.exit(3);
process.send({ kind: 'ready', addresses: { pid: String(process.pid) } });
setInterval(() => {}, 1000);
`;

async function superviseProgram(
  env: NodeJS.ProcessEnv = {},
): Promise<{ program: Supervised; started: () => readonly string[] }> {
  const folder = folderWith({ 'program.cjs': PROGRAM, log: '' });
  const program = await supervise({
    clock: systemClock,
    log: SILENT,
    name: 'program',
    entry: join(folder, 'program.cjs'),
    args: [join(folder, 'log')],
    env: { ...process.env, ...env },
  });
  onTestFinished(() => program.stop());
  return { program, started: () => readFileSync(join(folder, 'log'), 'utf8').trimEnd().split('\n') };
}

describe('the supervisor', () => {
  it('knows where a program answers once it is ready, and ends it', async () => {
    const { program } = await superviseProgram();
    const pid = Number(program.addresses['pid']);
    expect(isAlive(pid)).toBe(true);
    await program.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it('starts a program again that was killed, with the environment that it must find as it was', async () => {
    const { program, started } = await superviseProgram();
    program.keepEnv({ PORTS: '40001' });
    process.kill(Number(program.addresses['pid']), 'SIGKILL');
    await eventually(() => expect(started()).toHaveLength(2));
    expect(started()[1]).toMatch(/ 40001$/);
    const secondPid = Number.parseInt(started()[1] ?? '', 10);
    await program.stop();
    expect(isAlive(secondPid)).toBe(false);
  });

  it('does not start a program again that could not start the first time, and says so', async () => {
    await expect(superviseProgram({ BROKEN: '1' })).rejects.toMatchObject({
      code: 'not_running',
      message: 'The program could not start.',
    });
  });
});

describe('how programs are started', () => {
  it.each(['agent', 'collector', 'lab'])('%s: Node knows its flags', (name) => {
    const { flags, env } = launchSettings(name);
    const { status, stderr } = spawnSync(process.execPath, [...flags, '--eval', ''], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});
