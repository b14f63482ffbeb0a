import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';

/** A socket, and how many requests are open on it. */
export interface Way {
  readonly socket: Socket;
  open: number;
}

/** What requests leave by and answers come back to. */
export interface Ways {
  /** How many answers the kernel keeps for one of them before it could drop one. */
  readonly room: number;
  /** Those to addresses of a family, opened when first asked for: a promise until they are. */
  of(family: 4 | 6): readonly Way[] | Promise<readonly Way[]>;
  close(): Promise<void>;
}

export type OnPacket = (packet: Uint8Array, from: RemoteInfo) => void;

/** A system whose limit is left as it is keeps some hundred kilobytes for a socket: a thousand devices need more than one. */
export const SOCKETS = 4;
/** Room that the kernel keeps for answers, if the system's limit allows. */
const RECEIVE_BUFFER_BYTES = 4 << 20;
/** What one answer takes in the kernel's buffer, its bookkeeping included. */
const BUFFER_PER_ANSWER_BYTES = 4096;
const LEAST_ROOM = 8;

/** Opens the sockets for IPv4. Those for IPv6 are added when the first device has such an address. */
export async function openWays(onPacket: OnPacket): Promise<Ways> {
  const families = new Map<4 | 6, readonly Way[] | Promise<readonly Way[]>>();
  const open = async (family: 4 | 6): Promise<readonly Way[]> => {
    const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => openSocket(family, onPacket)));
    const ways = sockets.map((socket) => ({ socket, open: 0 }));
    families.set(family, ways);
    return ways;
  };
  const of = (family: 4 | 6): readonly Way[] | Promise<readonly Way[]> => {
    const ways = families.get(family) ?? open(family);
    families.set(family, ways);
    return ways;
  };
  const granted = (await of(4)).map(({ socket }) => socket.getRecvBufferSize());
  return {
    room: Math.max(LEAST_ROOM, Math.floor(Math.min(...granted) / BUFFER_PER_ANSWER_BYTES)),
    of,
    async close() {
      for (const ways of families.values())
        for (const { socket } of await ways) await new Promise<void>((done) => socket.close(done));
    },
  };
}

/** The first that has room, so that few requests wake up one socket only; else the one with the fewest open. */
export function wayWithRoom(ways: readonly Way[], room: number): Way {
  return (
    ways.find(({ open }) => open < room) ?? ways.reduce((least, way) => (way.open < least.open ? way : least))
  );
}

function openSocket(family: 4 | 6, onPacket: OnPacket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({
      type: `udp${family}`,
      recvBufferSize: RECEIVE_BUFFER_BYTES,
      // Endpoints hold addresses already; asking the resolver for each packet would only cost.
      lookup: (address, _options, done) => done(null, address, family),
    });
    socket.once('error', reject);
    socket.on('message', onPacket);
    socket.bind(0, () => {
      socket.off('error', reject);
      // An ICMP error of some device concerns no other; its request times out.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
