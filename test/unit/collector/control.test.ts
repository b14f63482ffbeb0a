import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { askControl, startControl, type ControlCommands } from '../../../collector/control.ts';
import { createLog } from '../../../config/runtime/log.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { folderWith } from '../../support/folder.ts';

const COMMANDS: ControlCommands = {
  status: async () => ({ faults: [] }),
  refuse: () => Promise.reject(new WatchkeeperError('conflict', 'There is an administrator.')),
};

async function control(path = join(folderWith(), 'collector.sock')): Promise<string> {
  const running = await startControl({ path, commands: COMMANDS, log: createLog('test', 'silent') });
  onTestFinished(() => running.stop());
  return path;
}

async function raw(path: string): Promise<Socket> {
  const socket = createConnection(path);
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  return socket;
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
  await expect(askControl(await control(), command)).rejects.toMatchObject({ code: 'not_found' });
});

it('says that nothing runs where nothing runs', async () => {
  await expect(askControl(join(folderWith(), 'collector.sock'), 'status')).rejects.toMatchObject({
    code: 'not_running',
  });
});

it('takes the place of a socket that a killed one left behind', async () => {
  const path = join(folderWith(), 'collector.sock');
  writeFileSync(path, '');
  expect(await askControl(await control(path), 'status')).toEqual({ faults: [] });
});

it.each(['no json\n', '{}\n', '{"command":7}\n', 'null\n', 'x'.repeat(10_000)])(
  'refuses a request that is none and goes on',
  async (request) => {
    const path = await control();
    const socket = await raw(path);
    socket.write(request);
    expect(JSON.parse(await text(socket))).toMatchObject({ error: { code: 'invalid_request' } });
    expect(await askControl(path, 'status')).toEqual({ faults: [] });
  },
);

it('survives a peer that leaves in the middle, and stops while one is still connected', async () => {
  const path = join(folderWith(), 'collector.sock');
  const running = await startControl({ path, commands: COMMANDS, log: createLog('test', 'silent') });
  const leaving = await raw(path);
  leaving.write('{"comm');
  leaving.destroy();
  const silent = await raw(path);
  expect(await askControl(path, 'status')).toEqual({ faults: [] });
  await running.stop();
  if (!silent.closed) await once(silent, 'close');
  await expect(askControl(path, 'status')).rejects.toMatchObject({ code: 'not_running' });
});

it('names the socket that cannot be made', async () => {
  const path = join(folderWith(), 'x'.repeat(120), 'collector.sock');
  await expect(
    startControl({ path, commands: COMMANDS, log: createLog('test', 'silent') }),
  ).rejects.toMatchObject({ code: 'data_folder_unusable', message: expect.stringContaining(path) as string });
});
