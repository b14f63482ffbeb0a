import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { listenAddress, listenFailure, urlHost } from '../../config/model/listen.ts';

/** A port on which packets come that nobody asked for. */
export interface OpenPort {
  /** `HOST:PORT` as it was given by the system. */
  readonly address: string;
  send(packet: Uint8Array, to: RemoteInfo): void;
  close(): Promise<void>;
}

/** Room for a storm while the program does something else, if the system's limit allows. */
const RECEIVE_BUFFER_BYTES = 4 << 20;

/**
 * Listens for packets at `HOST:PORT`.
 * @throws {WatchkeeperError} `port_in_use`, or `config_invalid` for an address that is none.
 */
export async function openPort(
  listen: string,
  onPacket: (packet: Uint8Array, from: RemoteInfo) => void,
): Promise<OpenPort> {
  const { host, port } = listenAddress(listen);
  const socket = createSocket({
    type: isIPv6(host) ? 'udp6' : 'udp4',
    recvBufferSize: RECEIVE_BUFFER_BYTES,
  });
  socket.on('message', onPacket);
  await bind(socket, { address: host, port, exclusive: true }, listen);
  // What cannot be sent back is the sender's loss alone.
  socket.on('error', () => undefined);
  let closing: Promise<void> | undefined;
  return {
    address: `${urlHost(host)}:${socket.address().port}`,
    send: (packet, to) => socket.send(packet, to.port, to.address, () => undefined),
    close() {
      closing ??= new Promise<void>((done) => socket.close(() => done()));
      return closing;
    },
  };
}

async function bind(
  socket: Socket,
  options: { address: string; port: number; exclusive: true },
  listen: string,
): Promise<void> {
  try {
    socket.bind(options);
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw listenFailure(listen, error);
  }
}
