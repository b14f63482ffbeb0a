import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A metrics page of a test's own, on a port of the system's choice. */
export interface PageServer {
  readonly url: string;
  /** What the page says from now on. */
  page: string;
  /** Answers in its own way from now on; `undefined`: with the page. */
  answer: ((response: ServerResponse) => void) | undefined;
  /** How often it was asked. */
  readonly requests: number;
  stop(): Promise<void>;
}

export async function startPageServer(page: string): Promise<PageServer> {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    if (served.answer !== undefined) served.answer(response);
    else response.end(served.page);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const served: PageServer = {
    url: `http://127.0.0.1:${port}/metrics`,
    page,
    answer: undefined,
    get requests() {
      return requests;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
  return served;
}
