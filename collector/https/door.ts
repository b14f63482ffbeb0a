import type { RequestListener } from 'node:http';
import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import { http, https } from '../../config/runtime/http.ts';
import type { Certificate } from './certificate.ts';

/** One port for both: who speaks TLS gets the server, who speaks HTTP in the clear is answered apart. */
export interface DoorDeps {
  readonly certificate: Certificate;
  /** Answers those who speak in the clear. */
  readonly plain: RequestListener;
  readonly deadlineMs?: number;
  readonly maxUndecided?: number;
}

/** From the connection to the end of its handshake; a slow phone needs two seconds. */
const DEADLINE_MS = 10_000;
/** Connections that have not said yet what they are; the oldest makes room. */
const MAX_UNDECIDED = 512;
const MAX_CONNECTIONS = 8_192;
/** The first byte of TLS: a handshake record (RFC 8446, 5.1). */
const HANDSHAKE = 0x16;
/** The letters that a request in the clear can begin with: HTTP's methods. */
const isMethod = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;

/** A server that is told apart by the first byte of each connection. It is not listening yet. */
export function createDoor(secured: RequestListener, deps: DoorDeps): Server {
  const { certificate, plain, deadlineMs = DEADLINE_MS, maxUndecided = MAX_UNDECIDED } = deps;
  const server = https().createServer(
    { ...certificate.context(), requestCert: true, rejectUnauthorized: false, handshakeTimeout: deadlineMs },
    secured,
  );
  certificate.onChange(() => server.setSecureContext(certificate.context()));
  server.maxConnections = MAX_CONNECTIONS;
  const clear = http.createServer({ maxHeaderSize: 8_192, keepAlive: false }, plain);
  const undecided = new Map<string, Socket>();
  const open = new Set<Socket>();
  // Who has not said what it is, or speaks in the clear, must not keep the server from closing either.
  server.closeAllConnections = () => {
    for (const socket of open) socket.destroy();
  };
  const begin = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('secureConnection', (socket) => undecided.delete(peerOf(socket)));
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    const [oldest] = undecided.size >= maxUndecided ? undecided.values() : [];
    oldest?.destroy();
    undecided.set(peer, socket);
    open.add(socket);
    socket.once('close', () => {
      undecided.delete(peer);
      open.delete(socket);
    });
    socket.on('error', ignore);
    socket.setTimeout(deadlineMs, () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      socket.unshift(first);
      const byte = first[0] ?? 0;
      if (byte === HANDSHAKE) {
        for (const listener of begin) listener.call(server, socket);
        return;
      }
      undecided.delete(peer);
      if (!isMethod(byte)) {
        socket.destroy();
        return;
      }
      endAfter(socket, deadlineMs);
      clear.emit('connection', socket);
      socket.resume();
    });
  });
  return server;
}

/** Who connects is told apart by this while it is connected. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? 0}`;
}

/** A peer that breaks off is no matter of ours. */
function ignore(): void {}

/** Whoever speaks in the clear has one question, which is answered at once. */
function endAfter(socket: Socket, deadlineMs: number): void {
  const timer = setTimeout(() => socket.destroy(), deadlineMs);
  socket.once('close', () => clearTimeout(timer));
}
