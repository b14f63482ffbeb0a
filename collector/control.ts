import { chmodSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { ERROR_CODES, messageOf, WatchkeeperError, type ErrorCode } from '../config/model/errors.ts';
import type { Log } from '../config/runtime/log.ts';

/** The name of the socket in the data folder. */
export const CONTROL_SOCKET = 'collector.sock';

const MAX_REQUEST_CHARS = 4_096;
const MAX_CONNECTIONS = 16;
const PATIENCE_MS = 10_000;

/** What the command line can ask of a collector that runs: a name and what it does. */
export type ControlCommands = Readonly<Record<string, () => Promise<ControlAnswer>>>;
export type ControlAnswer = Readonly<Record<string, unknown>>;

interface ControlLine {
  readonly result?: ControlAnswer;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/**
 * Answers the command line on a socket that only this account can open: one line `{"command": NAME}` in, one line
 * `{"result": …}` or `{"error": {code, message}}` out.
 * @throws {WatchkeeperError} `data_folder_unusable` when the socket cannot be made.
 */
export async function startControl({
  path,
  commands,
  log,
}: {
  readonly path: string;
  readonly commands: ControlCommands;
  readonly log: Log;
}): Promise<{ stop(): Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', (error) => log.debug({ err: error }, 'control connection failed'));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    void serve(socket, commands).then((line) => socket.end(`${JSON.stringify(line)}\n`));
  });
  server.maxConnections = MAX_CONNECTIONS;
  // One that was killed leaves its socket behind; whoever holds the data folder may take its place.
  rmSync(path, { force: true });
  try {
    server.listen(path);
    await once(server, 'listening');
    chmodSync(path, 0o600);
  } catch (error) {
    throw new WatchkeeperError(
      'data_folder_unusable',
      `The control socket ${path} cannot be made: ${messageOf(error)}`,
      { cause: error },
    );
  }
  return {
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function serve(socket: Socket, commands: ControlCommands): Promise<ControlLine> {
  try {
    const name = commandOf(await firstLine(socket));
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) {
      throw new WatchkeeperError(
        'not_found',
        `There is no command ${name}; there are ${Object.keys(commands).join(', ')}.`,
      );
    }
    return { result: await command() };
  } catch (error) {
    const code = error instanceof WatchkeeperError ? error.code : 'internal';
    return { error: { code, message: messageOf(error) } };
  }
}

async function firstLine(socket: Socket): Promise<string> {
  let received = '';
  socket.setEncoding('utf8');
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    received += String(chunk);
    const end = received.indexOf('\n');
    if (end >= 0) return received.slice(0, end);
    if (received.length > MAX_REQUEST_CHARS) break;
  }
  throw new WatchkeeperError('invalid_request', 'The request is not one short line.');
}

function commandOf(line: string): string {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch {
    request = undefined;
  }
  if (typeof request === 'object' && request !== null && 'command' in request) {
    if (typeof request.command === 'string') return request.command;
  }
  throw new WatchkeeperError('invalid_request', 'The request is not {"command": NAME}.');
}

/**
 * Asks the collector that works on a data folder.
 * @throws {WatchkeeperError} what it answered, or `not_running`.
 */
export async function askControl(path: string, command: string): Promise<ControlAnswer> {
  const { result, error } = await exchange(path, command);
  if (error !== undefined) {
    const code = Object.hasOwn(ERROR_CODES, error.code) ? error.code : 'internal';
    throw new WatchkeeperError(code, error.message);
  }
  return result ?? {};
}

async function exchange(path: string, command: string): Promise<ControlLine> {
  const socket = createConnection(path);
  try {
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('it does not answer')));
    socket.write(`${JSON.stringify({ command })}\n`);
    return JSON.parse(await text(socket)) as ControlLine;
  } catch (error) {
    throw new WatchkeeperError('not_running', `No collector answers on ${path}: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    socket.destroy();
  }
}
