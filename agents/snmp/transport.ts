import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { messageOf } from '../../config/model/errors.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { openPacket, PDU_TAG, type PacketHead } from './codec.ts';
import { MAX_REQUEST_ID, MIN_REQUEST_ID, stampRequestId, type Request } from './request.ts';

/** Where a device answers. The address is one, not a name, in the form in which the system tells a sender's. */
export interface Endpoint {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
}

/** What became of a request. */
export type Outcome =
  | { readonly kind: 'answer'; readonly head: PacketHead; readonly packet: Uint8Array }
  /** `note` says what came in its stead. */
  | { readonly kind: 'timeout'; readonly note?: 'garbage' | 'foreign' }
  | { readonly kind: 'unsent'; readonly message: string };

/** Packets that were not an answer to an open request, by reason, since the start. */
export interface Dropped {
  /** No SNMP answer at all. */
  malformed: number;
  /** An answer from another address or port than was asked, or to a number that is not open (or no more). */
  foreign: number;
}

/** One socket for all devices. An answer counts only if address, port and request number are those of an open request. */
export interface Transport {
  /** How many requests may be open at once before the kernel could drop answers for want of space. */
  readonly maxInFlight: number;
  readonly dropped: Readonly<Dropped>;
  /** Sends a request, again after each `timeoutMs` up to `retries` times, and waits for its answer. */
  exchange(to: Endpoint, request: Request, patience: Patience): Promise<Outcome>;
  /** Closes the sockets; what is still waiting ends as a timeout. */
  close(): Promise<void>;
}

export interface Patience {
  readonly timeoutMs: number;
  readonly retries: number;
}

interface Pending {
  readonly to: Endpoint;
  note: 'garbage' | 'foreign' | undefined;
  readonly settle: (outcome: Outcome) => void;
}

/** Room that the kernel keeps for answers, if the system's limit allows. */
const RECEIVE_BUFFER_BYTES = 4 << 20;
/** What one answer takes in the kernel's buffer, its bookkeeping included. */
const BUFFER_PER_ANSWER_BYTES = 4096;

/** Opens the shared socket. One for IPv6 is added when the first device has such an address. */
export async function openTransport(clock: Clock): Promise<Transport> {
  const wire: Wire = {
    clock,
    pending: new Map(),
    dropped: { malformed: 0, foreign: 0 },
    sockets: new Map(),
    lastId: randomInt(MIN_REQUEST_ID, MAX_REQUEST_ID),
    isClosed: false,
  };
  const granted = (await socketOf(wire, 4)).getRecvBufferSize();
  return {
    maxInFlight: Math.max(32, Math.min(512, Math.floor(granted / BUFFER_PER_ANSWER_BYTES))),
    dropped: wire.dropped,
    async exchange(to, request, patience) {
      const socket = await socketOf(wire, to.family);
      if (wire.isClosed) return { kind: 'timeout' };
      return new Promise<Outcome>((resolve) => ask(wire, { socket, to, request, patience, resolve }));
    },
    async close() {
      if (wire.isClosed) return;
      wire.isClosed = true;
      for (const waiting of wire.pending.values()) waiting.settle({ kind: 'timeout' });
      for (const open of wire.sockets.values()) {
        const socket = await open;
        await new Promise<void>((done) => socket.close(done));
      }
    },
  };
}

interface Wire {
  readonly clock: Clock;
  readonly pending: Map<number, Pending>;
  readonly dropped: Dropped;
  readonly sockets: Map<4 | 6, Promise<Socket>>;
  lastId: number;
  isClosed: boolean;
}

function socketOf(wire: Wire, family: 4 | 6): Promise<Socket> {
  const open = wire.sockets.get(family) ?? openSocket(family, (packet, from) => receive(wire, packet, from));
  wire.sockets.set(family, open);
  return open;
}

interface Question {
  readonly socket: Socket;
  readonly to: Endpoint;
  readonly request: Request;
  readonly patience: Patience;
  readonly resolve: (outcome: Outcome) => void;
}

/** Sends a request under a number of its own; a repetition has the same, so that a late answer still counts. */
function ask(wire: Wire, { socket, to, request, patience, resolve }: Question): void {
  const requestId = wire.lastId >= MAX_REQUEST_ID ? MIN_REQUEST_ID : wire.lastId + 1;
  wire.lastId = requestId;
  stampRequestId(request, requestId);
  let cancelTimer: (() => void) | undefined;
  const waiting: Pending = {
    to,
    note: undefined,
    settle(outcome) {
      cancelTimer?.();
      if (wire.pending.delete(requestId)) resolve(outcome);
    },
  };
  const send = (retriesLeft: number): void => {
    socket.send(request.bytes, to.port, to.address, (error) => {
      if (error) waiting.settle({ kind: 'unsent', message: messageOf(error) });
    });
    cancelTimer = wire.clock.after(patience.timeoutMs, () => {
      if (retriesLeft > 0) send(retriesLeft - 1);
      else waiting.settle(timeoutOf(waiting));
    });
  };
  wire.pending.set(requestId, waiting);
  send(patience.retries);
}

function receive({ pending, dropped }: Wire, packet: Uint8Array, from: RemoteInfo): void {
  let head: PacketHead;
  try {
    head = openPacket(packet);
  } catch {
    dropped.malformed += 1;
    leaveNote(pending, from, 'garbage');
    return;
  }
  const waiting = pending.get(head.requestId);
  if (head.pduTag === PDU_TAG.response && waiting !== undefined && isFrom(from, waiting.to)) {
    waiting.settle({ kind: 'answer', head, packet });
    return;
  }
  dropped.foreign += 1;
  leaveNote(pending, from, 'foreign');
}

function openSocket(
  family: 4 | 6,
  onPacket: (packet: Uint8Array, from: RemoteInfo) => void,
): Promise<Socket> {
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

function isFrom(from: RemoteInfo, to: Endpoint): boolean {
  return from.port === to.port && from.address === to.address;
}

/** So that a device which answers something else is not merely called silent. */
function leaveNote(
  pending: ReadonlyMap<number, Pending>,
  from: RemoteInfo,
  note: 'garbage' | 'foreign',
): void {
  for (const waiting of pending.values()) if (isFrom(from, waiting.to)) waiting.note = note;
}

function timeoutOf({ note }: Pending): Outcome {
  return note === undefined ? { kind: 'timeout' } : { kind: 'timeout', note };
}
