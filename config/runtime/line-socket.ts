import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { messageOf, WatchkeeperError } from '../model/errors.ts';

/** Longer requests are refused unread. */
const MAX_REQUEST_BYTES = 4_096;
const IDLE_MS = 5_000;
const MAX_CONNECTIONS = 8;

export interface LineSocketDeps {
  readonly path: string;
  /** Makes the answer to a request; a WatchkeeperError that it throws is told with its code. */
  readonly answer: (request: unknown) => object | Promise<object>;
  /** Gets what else it throws; the one who asked is told no more than that it failed. */
  readonly onError: (error: unknown) => void;
}

/**
 * Answers a line of JSON with a line of JSON (`{"error":{"code","message"}}` when refused), then closes, on a Unix
 * socket that only this user may open.
 * @throws {WatchkeeperError} `already_running` when somebody answers there, `data_folder_unusable`.
 */
export async function serveLines(deps: LineSocketDeps): Promise<{ stop(): Promise<void> }> {
  const { path } = deps;
  if (await answers(path)) throw new WatchkeeperError('already_running', `Another Watchkeeper uses ${path}.`);
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    serve(socket, deps);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, path);
  return {
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Whether a program listens there; what one that was killed left behind does not count. */
async function answers(path: string): Promise<boolean> {
  const socket = createConnection(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function listen(server: Server, path: string): Promise<void> {
  try {
    rmSync(path, { force: true });
    server.listen(path);
    await once(server, 'listening');
    chmodSync(path, 0o600);
  } catch (error) {
    throw new WatchkeeperError('data_folder_unusable', `${path} cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function serve(socket: Socket, { answer, onError }: LineSocketDeps): void {
  let text = '';
  const reply = (body: object): void => {
    socket.removeAllListeners('data');
    socket.end(`${JSON.stringify(body)}\n`);
  };
  socket.setEncoding('utf8');
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  // Who asked has gone: there is nobody to tell.
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    text += chunk;
    const end = text.indexOf('\n');
    if (end < 0 && text.length <= MAX_REQUEST_BYTES) return;
    if (end < 0 || end > MAX_REQUEST_BYTES) {
      reply(refusal(invalid(`A request has at most ${MAX_REQUEST_BYTES} bytes.`)));
      return;
    }
    socket.removeAllListeners('data');
    answerTo(text.slice(0, end), answer).then(reply, (error: unknown) => {
      onError(error);
      reply(refusal(new WatchkeeperError('internal', 'The program failed; its log says why.')));
    });
  });
}

async function answerTo(line: string, answer: LineSocketDeps['answer']): Promise<object> {
  try {
    return await answer(parsed(line));
  } catch (error) {
    if (error instanceof WatchkeeperError) return refusal(error);
    throw error;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw invalid('A request is a line of JSON.');
  }
}

function invalid(message: string): WatchkeeperError {
  return new WatchkeeperError('invalid_request', message);
}

function refusal({ code, message }: WatchkeeperError): object {
  return { error: { code, message } };
}

/** How long an answer may take if the one who asks says nothing else. */
const PATIENCE_MS = 10_000;

/**
 * Sends a line of JSON to who listens on a Unix socket; its answer, which is an object but otherwise unchecked.
 * @throws {WatchkeeperError} `not_running` when nobody answers there.
 */
export async function askLine(
  path: string,
  request: object,
  patienceMs: number = PATIENCE_MS,
): Promise<object> {
  const socket = createConnection(path);
  try {
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('it does not answer')));
    socket.write(`${JSON.stringify(request)}\n`);
    const answer: unknown = JSON.parse(await textOf(socket));
    if (typeof answer !== 'object' || answer === null) throw new Error('it answers nonsense');
    return answer;
  } catch (error) {
    throw new WatchkeeperError('not_running', `Nobody answers on ${path}; is Watchkeeper running?`, {
      cause: error,
    });
  } finally {
    socket.destroy();
  }
}
