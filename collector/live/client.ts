import type { WebSocket } from 'ws';
import { maySend } from '../../config/model/access.ts';
import type { Role } from '../../config/model/account.ts';
import { HEARTBEAT_MS, type ClientMessage, type Topic } from '../../config/model/api.ts';
import { maskAddresses } from '../../config/model/mask.ts';
import { readClientMessage } from './client-message.ts';

/** A browser at the live socket. */
export interface Client {
  readonly session: string;
  /** What its account may do. */
  readonly roles: readonly Role[];
  topics: readonly Topic[];
  /** Answers `false` when the client is too slow; it is cut off then. */
  send(text: string): boolean;
  /** Cuts off a client that has not answered the ping of the last check. */
  check(): void;
  close(reason: CloseReason): void;
  /** Ends the connection without a word. */
  terminate(): void;
}

/** Why a socket is closed; the code reaches the page. */
export type CloseReason = readonly [code: number, words: string];
export const CLOSE = {
  goingAway: [1001, 'the collector stops'],
  notText: [1003, 'text is expected'],
  badMessage: [1008, 'the message is none of this protocol'],
  tooMany: [1008, 'too many messages'],
  full: [1013, 'too many clients'],
  forbidden: [4403, 'your account may not do this'],
  sessionEnded: [4401, 'the session has ended'],
} as const satisfies Record<string, CloseReason>;

export const MAX_MESSAGE_BYTES = 8_192;

/** A page subscribes when it opens and when it goes elsewhere; a finger is not quicker. */
const MAX_MESSAGES = 20;
const MESSAGES_PER_MS = MAX_MESSAGES / (5 * HEARTBEAT_MS);

export interface ClientDeps {
  readonly session: string;
  readonly roles: readonly Role[];
  /** A screen on the wall: it is told no addresses, and of no device in full. */
  readonly isDisplay: boolean;
  readonly maxBufferedBytes: number;
  readonly nowMs: () => number;
  readonly onMessage: (client: Client, message: ClientMessage) => void;
  readonly onClose: (client: Client) => void;
}

export function createClient(socket: WebSocket, deps: ClientDeps): Client {
  const { session, roles, isDisplay, maxBufferedBytes, onMessage, onClose } = deps;
  const allowance = createAllowance(deps.nowMs);
  let isAnswering = true;
  const client: Client = {
    session,
    roles,
    topics: [],
    send(text) {
      if (socket.readyState !== socket.OPEN) return true;
      if (socket.bufferedAmount > maxBufferedBytes) {
        socket.terminate();
        return false;
      }
      socket.send(isDisplay ? maskAddresses(text) : text);
      return true;
    },
    check() {
      if (!isAnswering) socket.terminate();
      isAnswering = false;
      socket.ping();
    },
    close([code, words]) {
      socket.close(code, words);
    },
    terminate: () => socket.terminate(),
  };
  const hear = (bytes: Buffer, isBinary: boolean): void => {
    if (isBinary) return client.close(CLOSE.notText);
    if (!allowance()) return client.close(CLOSE.tooMany);
    const message = readClientMessage(bytes.toString());
    if (message === undefined) return client.close(CLOSE.badMessage);
    const isTooCurious = isDisplay && message.topics.some((topic) => topic !== 'overview');
    if (isTooCurious || !maySend(roles, message)) return client.close(CLOSE.forbidden);
    onMessage(client, message);
  };
  socket.on('message', (bytes: Buffer, isBinary) => {
    // What comes after a close is not heard any more.
    if (socket.readyState === socket.OPEN) hear(bytes, isBinary);
  });
  socket.on('pong', () => {
    isAnswering = true;
  });
  // The close that follows says all: a broken connection or a broken frame is the client's own matter.
  socket.on('error', () => undefined);
  socket.on('close', () => onClose(client));
  return client;
}

/** Allows some messages at once and as many again over time. */
function createAllowance(nowMs: () => number): () => boolean {
  let left = MAX_MESSAGES;
  let countedAtMs = nowMs();
  return () => {
    const atMs = nowMs();
    left = Math.min(MAX_MESSAGES, left + Math.max(0, atMs - countedAtMs) * MESSAGES_PER_MS);
    countedAtMs = atMs;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
