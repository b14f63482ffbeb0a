import type { RemoteInfo } from 'node:dgram';
import { messageOf } from '../../config/model/errors.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { SnmpFault } from '../../config/model/snmp.ts';
import { openPacket, PDU_TAG, type PacketHead, type PduHead } from './codec.ts';
import { OpenRequests, type Numbered } from './open-requests.ts';
import { stampRequestId, type Request } from './request.ts';
import { openWays, SOCKETS, wayWithRoom, type Way, type Ways } from './sockets.ts';
import { isVersion3, messageIdOf } from './v3/message.ts';

/** Where a device answers. The address is one, not a name, in the form in which the system tells a sender's. */
export interface Endpoint {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
}

/** What became of a request. */
export type Outcome =
  /** `packet` holds the bindings: what was received, of version 3 what was in it. */
  | { readonly kind: 'answer'; readonly head: PduHead; readonly packet: Uint8Array }
  /** `note` says what came in its stead. */
  | { readonly kind: 'timeout'; readonly note?: Note }
  | { readonly kind: 'unsent'; readonly message: string }
  /** The device answered that it does not answer this user so. */
  | { readonly kind: 'refused'; readonly fault: SnmpFault };

/** What came instead of an answer; `unauthentic` is one that its signature or its time does not make one. */
export type Note = Extract<SnmpFault, 'garbage' | 'foreign' | 'silent_to_user' | 'unauthentic'>;

/** A message of version 3: made when its number is known; only what `open` accepts ends the wait for an answer. */
export interface Envelope<T> {
  /** @param messageId the number of the message and of the PDU in it. */
  seal(messageId: number): Uint8Array;
  /**
   * Reads what came from the device under that number.
   * @throws {WatchkeeperError} `snmp_malformed`.
   */
  open(packet: Uint8Array, messageId: number): T | Note;
}

/** Packets that were not an answer to an open request, by reason, since the start. */
export interface Dropped {
  /** No SNMP answer at all. */
  malformed: number;
  /** An answer from another address or port than was asked, or to a number that is not open (or no more). */
  foreign: number;
}

/** A few sockets for all devices. An answer counts only if address, port and request number are those of an open request. */
export interface Transport {
  /** How many requests may be open at once before the kernel could drop answers for want of space. */
  readonly maxInFlight: number;
  readonly dropped: Readonly<Dropped>;
  /** Sends a request, again after each `timeoutMs` up to `retries` times, and waits for its answer. */
  exchange(to: Endpoint, request: Request, patience: Patience): Promise<Outcome>;
  /** As `exchange`, for messages of version 3. */
  exchangeSealed<T extends object>(
    to: Endpoint,
    envelope: Envelope<T>,
    patience: Patience,
  ): Promise<T | Failure>;
  /** Closes the sockets; what is still waiting ends as a timeout. */
  close(): Promise<void>;
}

/** What becomes of a message that nobody answers. */
export type Failure = Extract<Outcome, { kind: 'timeout' | 'unsent' }>;

export interface Patience {
  readonly timeoutMs: number;
  readonly retries: number;
}

/** An open request. */
export interface Pending {
  readonly to: Endpoint;
  note: Note | undefined;
  /** Takes an answer of version 1 or 2c; of version 3 there is none. */
  readonly take?: ((head: PacketHead, packet: Uint8Array) => void) | undefined;
  /** Takes a message of version 3, or says why it is no answer. */
  readonly takeSealed?: ((packet: Uint8Array) => Note | undefined) | undefined;
  /** Ends it without an answer. */
  readonly fail: (failure: Failure) => void;
}

/** However much room there is: who waits for more answers than that takes them no faster. */
const MOST_IN_FLIGHT = 512;

/** Opens the shared sockets. */
export async function openTransport(clock: Clock): Promise<Transport> {
  const open = { pending: new OpenRequests<Pending>(), dropped: { malformed: 0, foreign: 0 } };
  const ways = await openWays((packet, from) => receive(open, packet, from));
  const wire: Wire = { ...open, clock, ways, isClosed: false };
  return {
    maxInFlight: Math.min(MOST_IN_FLIGHT, ways.room * SOCKETS),
    dropped: wire.dropped,
    exchange: (to, request, patience) =>
      askBy<Outcome>(wire, to, (own, resolve) => {
        const requestId = wire.pending.nextId();
        ask(wire, requestId, {
          ways: own,
          to,
          packet() {
            stampRequestId(request, requestId);
            return request.bytes;
          },
          onQueued() {
            // Others who are asked the same get bytes of their own, for these are not on their way yet.
            request.bytes = request.bytes.slice();
          },
          patience,
          fail: resolve,
          take: (head, packet) => resolve({ kind: 'answer', head, packet }),
        });
      }),
    exchangeSealed: <T extends object>(to: Endpoint, envelope: Envelope<T>, patience: Patience) =>
      askBy<T | Failure>(wire, to, (own, resolve) => {
        const messageId = wire.pending.nextId();
        const sealed = envelope.seal(messageId);
        ask(wire, messageId, {
          ways: own,
          to,
          packet: () => sealed,
          patience,
          fail: resolve,
          takeSealed(packet) {
            const opened = envelope.open(packet, messageId);
            if (typeof opened === 'string') return opened;
            resolve(opened);
            return undefined;
          },
        });
      }),
    async close() {
      if (wire.isClosed) return;
      wire.isClosed = true;
      for (const waiting of wire.pending.values()) waiting.fail({ kind: 'timeout' });
      await ways.close();
    },
  };
}

interface Wire {
  readonly clock: Clock;
  readonly pending: OpenRequests<Pending>;
  readonly dropped: Dropped;
  readonly ways: Ways;
  isClosed: boolean;
}

/** Asks by the sockets to that address: at once where they are open, as they nearly always are. */
function askBy<T>(
  wire: Wire,
  { family }: Endpoint,
  begin: (ways: readonly Way[], resolve: (outcome: T | Failure) => void) => void,
): Promise<T | Failure> {
  const own = wire.ways.of(family);
  return new Promise((resolve, reject) => {
    const go = (open: readonly Way[]): void =>
      wire.isClosed ? resolve({ kind: 'timeout' }) : begin(open, resolve);
    if (own instanceof Promise) own.then(go).catch(reject);
    else go(own);
  });
}

interface Question extends Omit<Pending, 'note'> {
  readonly ways: readonly Way[];
  /** The bytes to send, which hold for the moment. */
  readonly packet: () => Uint8Array;
  /** Told that they are needed for longer. */
  readonly onQueued?: () => void;
  readonly patience: Patience;
}

/** Sends a request under a number of its own; a repetition has the same, so that a late answer still counts. */
function ask(wire: Wire, id: number, { ways, patience, ...question }: Question): void {
  const { to } = question;
  const way = wayWithRoom(ways, wire.ways.room);
  way.open += 1;
  let cancelTimer: (() => void) | undefined;
  const end = (): boolean => {
    cancelTimer?.();
    if (!wire.pending.delete(id)) return false;
    way.open -= 1;
    return true;
  };
  const waiting: Pending = {
    to,
    note: undefined,
    take:
      question.take &&
      ((head, packet) => {
        if (end()) question.take?.(head, packet);
      }),
    takeSealed:
      question.takeSealed &&
      ((packet) => {
        const note = question.takeSealed?.(packet);
        if (note === undefined) end();
        return note;
      }),
    fail(failure) {
      if (end()) question.fail(failure);
    },
  };
  const send = (retriesLeft: number): void => {
    way.socket.send(question.packet(), to.port, to.address, (error) => {
      if (error) waiting.fail({ kind: 'unsent', message: messageOf(error) });
    });
    // Nearly always the system takes it at once.
    if (way.socket.getSendQueueCount() > 0) question.onQueued?.();
    cancelTimer = wire.clock.after(patience.timeoutMs, () => {
      if (retriesLeft > 0) send(retriesLeft - 1);
      else waiting.fail(timeoutOf(waiting));
    });
  };
  wire.pending.set(id, waiting);
  send(patience.retries);
}

/** Where a packet came from. */
export type Sender = Pick<RemoteInfo, 'address' | 'port'>;

/** Hands a packet to the open request that it answers; what answers none is counted. Never throws. */
export function receive(
  { pending, dropped }: { readonly pending: Numbered<Pending>; readonly dropped: Dropped },
  packet: Uint8Array,
  from: Sender,
): void {
  try {
    const note = isVersion3(packet) ? takeSealed(pending, packet, from) : take(pending, packet, from);
    if (note === undefined) return;
    dropped.foreign += 1;
    leaveNote(pending, from, note);
  } catch {
    dropped.malformed += 1;
    leaveNote(pending, from, 'garbage');
  }
}

/** @throws {WatchkeeperError} `snmp_malformed`. */
function take(pending: Numbered<Pending>, packet: Uint8Array, from: Sender): Note | undefined {
  const head = openPacket(packet);
  const waiting = pending.get(head.requestId);
  if (head.pduTag !== PDU_TAG.response || waiting?.take === undefined || !isFrom(from, waiting.to))
    return 'foreign';
  waiting.take(head, packet);
  return undefined;
}

/** @throws {WatchkeeperError} `snmp_malformed`. */
function takeSealed(pending: Numbered<Pending>, packet: Uint8Array, from: Sender): Note | undefined {
  const waiting = pending.get(messageIdOf(packet));
  if (waiting?.takeSealed === undefined || !isFrom(from, waiting.to)) return 'foreign';
  return waiting.takeSealed(packet);
}

function isFrom(from: Sender, to: Endpoint): boolean {
  return from.port === to.port && from.address === to.address;
}

/** So that a device which answers something else is not merely called silent. */
function leaveNote(pending: Numbered<Pending>, from: Sender, note: Note): void {
  for (const waiting of pending.values()) if (isFrom(from, waiting.to)) waiting.note = note;
}

function timeoutOf({ note }: Pending): Failure {
  return note === undefined ? { kind: 'timeout' } : { kind: 'timeout', note };
}
