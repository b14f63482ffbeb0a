import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenAddress, listenFailure, urlHost } from '../../config/model/listen.ts';
import { http } from '../../config/runtime/http.ts';
import { CONTENT_TYPES, formatFor, type Page, type PageFormat } from './page.ts';

/** What the page is asked for. */
export interface PageAnswers {
  metrics(format: PageFormat): Page;
  /** `undefined`: there is no such device. */
  device(id: string): object | undefined;
  traps(): object;
}

/** Serves `/metrics`, `/healthz`, `/devices/ID` and `/traps`; nothing can be changed through it. */
export interface PageServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Opens the agent's page at `HOST:PORT`.
 * @throws {WatchkeeperError} `config_invalid` for an address that is none, `port_in_use`.
 */
export async function servePage(listen: string, answers: PageAnswers): Promise<PageServer> {
  const server = http.createServer((request, response) => answer(request, response, answers));
  const { host, port } = listenAddress(listen);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(listenFailure(listen, cause)));
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    url: `http://${urlHost(host)}:${bound.port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, answers: PageAnswers): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(response, { status: 405, type: 'text/plain', body: 'only GET\n' });
    return;
  }
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const body = bodyAt(path, answers);
  if (path === '/metrics') void sendPage(response, formatFor(request.headers.accept), answers);
  else if (path === '/healthz') send(response, { status: 200, type: 'text/plain', body: 'ok\n' });
  else if (body !== undefined)
    send(response, { status: 200, type: 'application/json', body: `${JSON.stringify(body)}\n` });
  else send(response, { status: 404, type: 'text/plain', body: 'not found\n' });
}

function bodyAt(path: string, answers: PageAnswers): object | undefined {
  if (path === '/traps') return answers.traps();
  const id = /^\/devices\/([A-Za-z0-9._-]{1,63})$/.exec(path)?.[1];
  return id === undefined ? undefined : answers.device(id);
}

/** Sends the page part by part, at the pace of who reads it. */
async function sendPage(response: ServerResponse, format: PageFormat, answers: PageAnswers): Promise<void> {
  response.writeHead(200, { Vary: 'Accept', 'Content-Type': CONTENT_TYPES[format] });
  if (response.req.method !== 'HEAD') {
    const isClosed = new Promise<false>((closed) => response.once('close', () => closed(false)));
    for (const part of answers.metrics(format)) {
      // Its bytes are written over when the next part is asked for.
      if (!(await Promise.race([isWritten(response, part), isClosed]))) return;
    }
  }
  response.end();
}

/** Whether it has left; what cannot leave, since the reader has gone, is told at once, and again for each further part. */
function isWritten(response: ServerResponse, part: Uint8Array): Promise<boolean> {
  return new Promise((written) => response.write(part, (error) => written(!(error instanceof Error))));
}

function send(
  response: ServerResponse,
  { status, type, body }: { status: number; type: string; body: string },
): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
