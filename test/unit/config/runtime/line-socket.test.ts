import { statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WatchkeeperError } from '../../../../config/model/errors.ts';
import { askLine, serveLines } from '../../../../config/runtime/line-socket.ts';
import { folderWith } from '../../../support/folder.ts';

interface Served {
  readonly path: string;
  readonly failures: readonly unknown[];
}

async function served(
  answer: (request: unknown) => object | Promise<object>,
  path = join(folderWith(), 'program.sock'),
): Promise<Served> {
  const failures: unknown[] = [];
  const server = await serveLines({ path, answer, onError: (error) => failures.push(error) });
  onTestFinished(() => server.stop());
  return { path, failures };
}

/** Everything that comes back until the other side closes. */
async function ask(path: string, sent: string): Promise<string> {
  const socket = createConnection(path);
  socket.write(sent);
  return text(socket);
}

const echo = (request: unknown): object => ({ request });

describe('a control socket', () => {
  it('answers a line with a line and closes', async () => {
    const { path } = await served(echo);
    expect(await ask(path, '{"list":true}\n')).toBe('{"request":{"list":true}}\n');
  });

  it('waits for an answer that takes time', async () => {
    const { path } = await served(async (request) => Promise.resolve({ later: request }));
    expect(await ask(path, '1\n')).toBe('{"later":1}\n');
  });

  it('is for this user alone', async () => {
    const { path } = await served(echo);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('tells a refusal with its code', async () => {
    const { path, failures } = await served(() => {
      throw new WatchkeeperError('lab_unknown_scenario', 'There is no such scenario.');
    });
    expect(JSON.parse(await ask(path, '{}\n'))).toEqual({
      error: { code: 'lab_unknown_scenario', message: 'There is no such scenario.' },
    });
    expect(failures).toEqual([]);
  });

  it.each([
    ['no JSON', 'list\n'],
    ['an empty line', '\n'],
    ['a line without end', `"${'x'.repeat(5_000)}`],
    ['a line that is too long', `"${'x'.repeat(5_000)}"\n`],
  ])('refuses %s', async (_, sent) => {
    const { path } = await served(echo);
    expect(JSON.parse(await ask(path, sent))).toMatchObject({ error: { code: 'invalid_request' } });
  });

  it('hears the first line only', async () => {
    const heard: unknown[] = [];
    const { path } = await served((request) => {
      heard.push(request);
      return {};
    });
    await ask(path, '1\n2\n3\n');
    expect(heard).toEqual([1]);
  });

  it('hands on what it did not expect, tells nothing of it and goes on', async () => {
    const failure = new Error('a fault of the program');
    const { path, failures } = await served((request) => {
      if (request === 1) throw failure;
      return {};
    });
    const answer = await ask(path, '1\n');
    expect(JSON.parse(answer)).toMatchObject({ error: { code: 'internal' } });
    expect(answer).not.toContain('fault');
    expect(failures).toEqual([failure]);
    expect(await ask(path, '2\n')).toBe('{}\n');
  });

  it('survives one who leaves without asking', async () => {
    const { path } = await served(echo);
    const socket = createConnection(path);
    await new Promise((done) => socket.write('{"half', done));
    socket.destroy();
    expect(await ask(path, '2\n')).toBe('{"request":2}\n');
  });

  it('takes the place of what a killed program left behind', async () => {
    const folder = folderWith();
    writeFileSync(join(folder, 'program.sock'), '');
    const { path } = await served(echo, join(folder, 'program.sock'));
    expect(await ask(path, '1\n')).toBe('{"request":1}\n');
  });

  it('leaves a program alone that listens there', async () => {
    const { path } = await served(echo);
    await expect(serveLines({ path, answer: () => ({}), onError: () => {} })).rejects.toMatchObject({
      code: 'already_running',
    });
    expect(await ask(path, '1\n')).toBe('{"request":1}\n');
  });

  it('says which place cannot be used', async () => {
    const path = join(folderWith(), 'missing', 'program.sock');
    await expect(serveLines({ path, answer: echo, onError: () => {} })).rejects.toMatchObject({
      code: 'data_folder_unusable',
      message: expect.stringContaining(path) as string,
    });
  });

  it('stops although somebody is still connected, and leaves no file', async () => {
    const path = join(folderWith(), 'program.sock');
    const server = await serveLines({ path, answer: echo, onError: () => {} });
    const socket = createConnection(path);
    socket.on('error', () => {});
    const closed = new Promise((done) => socket.once('close', done));
    await new Promise((done) => socket.write('{"half', done));
    await server.stop();
    await closed;
    expect(() => statSync(path)).toThrow('ENOENT');
  });
});

describe('who asks a control socket', () => {
  it('gets the answer, whatever its letters', async () => {
    const { path } = await served(echo);
    expect(await askLine(path, { 机房: 1 })).toEqual({ request: { 机房: 1 } });
  });

  it('is told that nobody answers where nobody does', async () => {
    const path = join(folderWith(), 'program.sock');
    await expect(askLine(path, {})).rejects.toMatchObject({
      code: 'not_running',
      message: expect.stringContaining(path) as string,
    });
  });

  it('is told so, too, where something answers that is no program of ours', async () => {
    const path = join(folderWith(), 'program.sock');
    const other = createServer((socket) => socket.end('7\n')).listen(path);
    onTestFinished(() => {
      other.close();
    });
    await expect(askLine(path, {})).rejects.toMatchObject({ code: 'not_running' });
  });
});
