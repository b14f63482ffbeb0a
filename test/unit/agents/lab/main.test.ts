import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ReadyMessage } from '../../../../config/runtime/program.ts';
import { folderWith } from '../../../support/folder.ts';

const ENTRY = join(import.meta.dirname, '../../../../agents/lab/main.ts');

interface Started {
  readonly child: ChildProcess;
  readonly ready: ReadyMessage;
}

async function start(data: string, ports?: Readonly<Record<string, number>>): Promise<Started> {
  const env = {
    ...process.env,
    WATCHKEEPER_LOG: 'error',
    ...(ports === undefined ? {} : { WATCHKEEPER_LAB_PORTS: JSON.stringify(ports) }),
  };
  const child = fork(ENTRY, ['--data', data], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [ready] = (await once(child, 'message')) as [ReadyMessage];
  return { child, ready };
}

async function ask(data: string, request: object): Promise<unknown> {
  const socket = createConnection(join(data, 'lab.sock'));
  socket.write(`${JSON.stringify(request)}\n`);
  return JSON.parse(await text(socket));
}

describe('the lab as a process', () => {
  it('tells its addresses, obeys its socket, stops when told and returns on its ports', async () => {
    const data = join(folderWith(), 'data');
    const { child, ready } = await start(data);
    expect(ready.kind).toBe('ready');
    expect(statSync(data).mode & 0o777).toBe(0o700);
    expect(await ask(data, { scenario: 'leak' })).toMatchObject({ active: ['leak'] });
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);

    const ports = Object.fromEntries(
      Object.entries(ready.addresses).map(([device, address]) => [device, Number(address.split(':')[1])]),
    );
    const again = await start(data, ports);
    expect(again.ready.addresses).toEqual(ready.addresses);
    expect(await ask(data, { list: true })).toMatchObject({ active: [] });
  });

  it('ends when the one who started it is gone', async () => {
    const { child } = await start(folderWith());
    child.disconnect();
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
  });
});
