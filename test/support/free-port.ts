import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give out by themselves (32768 and up on Linux, 49152 and up by RFC 6335, 6): between its
 * choice and its use nobody is given such a port by chance.
 */
const FIRST = 10_240;
const COUNT = 22_000;
/** How far processes whose numbers follow each other stay apart. */
const STRIDE = 101;

let turn = process.pid * STRIDE;

async function nextFree(isFree: (port: number) => Promise<boolean>): Promise<number> {
  for (;;) {
    const port = FIRST + (turn++ % COUNT);
    if (await isFree(port)) return port;
  }
}

/** A port of TCP on loopback for what is to listen later, or again and again, on one known beforehand. */
export async function freePort(): Promise<number> {
  return nextFree(async (port) => {
    const server = createServer();
    const listening = once(server, 'listening');
    server.listen(port, '127.0.0.1');
    try {
      await listening;
    } catch {
      return false;
    }
    server.close();
    await once(server, 'close');
    return true;
  });
}

/** The same of UDP. */
export async function freeUdpPort(): Promise<number> {
  return nextFree(async (port) => {
    const socket = createSocket('udp4');
    const bound = once(socket, 'listening');
    socket.bind(port, '127.0.0.1');
    try {
      await bound;
    } catch {
      socket.close();
      return false;
    }
    socket.close();
    await once(socket, 'close');
    return true;
  });
}
