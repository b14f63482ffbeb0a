import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { askControl, startControl, type ControlCommands } from '../../../collector/control.ts';
import { createLog } from '../../../config/runtime/log.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { folderWith } from '../../support/folder.ts';

const COMMANDS: ControlCommands = {
  status: async () => ({ faults: [] }),
  refuse: () => Promise.reject(new WatchkeeperError('conflict', 'There is an administrator.')),
  break: () => Promise.reject(new Error('a fault of ours')),
};

async function control(): Promise<string> {
  const path = join(folderWith(), 'collector.sock');
  const running = await startControl({ path, commands: COMMANDS, log: createLog('test', 'silent') });
  onTestFinished(() => running.stop());
  return path;
}

it('answers the command line, on a socket for its own account alone', async () => {
  const path = await control();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await askControl(path, 'status')).toEqual({ faults: [] });
});

it('passes on why a command was refused', async () => {
  await expect(askControl(await control(), 'refuse')).rejects.toMatchObject({
    code: 'conflict',
    message: 'There is an administrator.',
  });
});

it.each(['', 'toString', '__proto__', 'nothing'])('knows no command %j', async (command) => {
  await expect(askControl(await control(), command)).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringContaining('there are status, refuse') as string,
  });
});

it('goes on after a command that broke, and after a request that is none', async () => {
  const path = await control();
  await expect(askControl(path, 'break')).rejects.toMatchObject({ code: 'internal' });
  await expect(askControl(path, JSON.parse('{"not":"a name"}') as string)).rejects.toMatchObject({
    code: 'invalid_request',
  });
  expect(await askControl(path, 'status')).toEqual({ faults: [] });
});

it('says that nothing runs where nothing runs, or where something else does', async () => {
  const path = join(folderWith(), 'collector.sock');
  await expect(askControl(path, 'status')).rejects.toMatchObject({ code: 'not_running' });
  const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(path);
  onTestFinished(() => {
    other.close();
  });
  await expect(askControl(path, 'status')).rejects.toMatchObject({ code: 'not_running' });
});
