import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import { decodeMessage, type Message } from '../snmp/codec.ts';
import type { MibView } from './mib/view.ts';
import { respond } from './respond.ts';
import type { Room } from './room/room.ts';

const HOST = '127.0.0.1';
export const COMMUNITY = 'public';
/** What fits one Ethernet frame. */
const MAX_ANSWER_BYTES = 1_472;

/** What a simulated device did with the packets that came. */
export interface PacketCounts {
  answered: number;
  /** Not valid SNMP, or none that a device answers. */
  malformed: number;
  wrongCommunity: number;
  /** Came while the device stood still, or its answer could not leave. */
  unanswered: number;
}

export interface Responder {
  readonly port: number;
  readonly counts: Readonly<PacketCounts>;
  /** Sends something that nobody asked for, from the device's own port to one of this machine. */
  send(packet: Uint8Array, toPort: number): void;
  stop(): Promise<void>;
}

export interface ResponderDeps {
  readonly view: MibView;
  /** The room that is told of; `undefined` while the device stands still and answers nothing. */
  readonly room: () => Room | undefined;
  /** 0 for one that the system gives. */
  readonly port: number;
}

/**
 * Answers SNMPv1 and v2c on a port of loopback. To a wrong community and to what is no SNMP it says nothing.
 * @throws {WatchkeeperError} `port_in_use`.
 */
export async function startResponder({ view, room, port }: ResponderDeps): Promise<Responder> {
  const counts: PacketCounts = { answered: 0, malformed: 0, wrongCommunity: 0, unanswered: 0 };
  const socket = createSocket('udp4');
  await bind(socket, port);
  socket.on('error', () => {
    counts.unanswered += 1;
  });
  socket.on('message', (packet, { port: peerPort, address }: RemoteInfo) => {
    const bytes = answerTo(packet, { view, room: room(), counts });
    if (bytes === undefined) return;
    socket.send(bytes, peerPort, address, (error) => {
      counts[error === null ? 'answered' : 'unanswered'] += 1;
    });
  });
  return {
    port: socket.address().port,
    counts,
    send: (packet, toPort) => socket.send(packet, toPort, HOST, () => undefined),
    async stop() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

async function bind(socket: Socket, port: number): Promise<void> {
  try {
    socket.bind({ address: HOST, port, exclusive: true });
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw new WatchkeeperError('port_in_use', `${HOST}:${port} cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

interface Packet {
  readonly view: MibView;
  readonly room: Room | undefined;
  readonly counts: PacketCounts;
}

function answerTo(packet: Uint8Array, { view, room, counts }: Packet): Uint8Array | undefined {
  if (room === undefined) {
    counts.unanswered += 1;
    return undefined;
  }
  const request = decoded(packet);
  if (request !== undefined && request.community !== COMMUNITY) {
    counts.wrongCommunity += 1;
    return undefined;
  }
  const bytes = request && respond({ view, room, maxBytes: MAX_ANSWER_BYTES }, request);
  if (bytes === undefined) counts.malformed += 1;
  return bytes;
}

function decoded(packet: Uint8Array): Message | undefined {
  try {
    return decodeMessage(packet);
  } catch (error) {
    if (error instanceof WatchkeeperError) return undefined;
    throw error;
  }
}
