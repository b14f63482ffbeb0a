import { signal, type ReadonlySignal } from '@preact/signals';
import { SILENCE_MS, type ClientMessage, type ServerMessage, type Topic } from '../../config/model/api.ts';
import { backOffMs } from './back-off.ts';
import type { LiveState } from './live-state.ts';
import type { PageClock } from './page-clock.ts';

/** Whether the page is current. `asOfMs` is what it still shows: absent if it never heard anything. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly asOfMs?: number; readonly retryAtMs: number };

export interface SocketEvents {
  opened(): void;
  message(text: string): void;
  closed(): void;
}

export interface LiveSocket {
  send(text: string): void;
  close(): void;
}

export interface LiveConnection {
  readonly connection: ReadonlySignal<Connection>;
  /** Counts the heartbeats and changes that were heard: what moves while the collector lives. */
  readonly beats: ReadonlySignal<number>;
  start(): void;
  stop(): void;
  /** Topics beside the overview. */
  follow(topics: readonly Topic[]): void;
  retryNow(): void;
}

export interface LiveDeps {
  readonly clock: PageClock;
  readonly state: LiveState;
  readonly open: (events: SocketEvents) => LiveSocket;
  readonly chance: () => number;
  /** Called when a connection ended: the reason may be that the session has. */
  readonly onLost: () => void;
}

function parse(text: string): ServerMessage | undefined {
  try {
    return JSON.parse(text) as ServerMessage;
  } catch {
    return undefined;
  }
}

/** Keeps one socket to the collector open, and says when it is not. Silence counts as loss. */
export function createLiveConnection({ clock, state, open, chance, onLost }: LiveDeps): LiveConnection {
  const connection = signal<Connection>({ kind: 'connecting' });
  const beats = signal(0);
  let socket: LiveSocket | undefined;
  let isOpen = false;
  let attempt = 0;
  let heardAtMs: number | undefined;
  let topics: readonly Topic[] = ['overview'];
  let cancelTimer = (): void => undefined;

  function subscribe(resume: boolean): void {
    const position = resume ? state.position() : undefined;
    const message: ClientMessage = {
      type: 'subscribe',
      topics,
      ...(position === undefined ? {} : { resume: position }),
    };
    socket?.send(JSON.stringify(message));
  }

  function drop(): void {
    cancelTimer();
    const dropped = socket;
    socket = undefined;
    isOpen = false;
    dropped?.close();
  }

  function lose(): void {
    drop();
    const delayMs = backOffMs(attempt, chance());
    attempt += 1;
    const asOf = heardAtMs === undefined ? {} : { asOfMs: heardAtMs };
    connection.value = { kind: 'lost', ...asOf, retryAtMs: clock.nowMs() + delayMs };
    cancelTimer = clock.after(delayMs, connect);
    onLost();
  }

  function waitForSound(): void {
    cancelTimer();
    cancelTimer = clock.after(SILENCE_MS, lose);
  }

  function hear(text: string): void {
    const message = parse(text);
    if (message === undefined) return;
    clock.hear(message.atMs);
    heardAtMs = message.atMs;
    attempt = 0;
    state.apply(message);
    beats.value += 1;
    if (connection.value.kind !== 'live') connection.value = { kind: 'live' };
    waitForSound();
  }

  function connect(): void {
    drop();
    // Events of a socket that was given up must not touch its successor.
    const isCurrent = (): boolean => socket === opened;
    const opened: LiveSocket = open({
      opened() {
        if (!isCurrent()) return;
        isOpen = true;
        subscribe(true);
      },
      message(text) {
        if (isCurrent()) hear(text);
      },
      closed() {
        if (isCurrent()) lose();
      },
    });
    socket = opened;
    waitForSound();
  }

  return {
    connection,
    beats,
    start() {
      connection.value = { kind: 'connecting' };
      connect();
    },
    stop: drop,
    follow(more) {
      const next: readonly Topic[] = ['overview', ...more];
      if (next.join() === topics.join()) return;
      topics = next;
      // The deltas that were missed do not hold what a new topic selects: only a snapshot does.
      if (isOpen) subscribe(false);
    },
    retryNow() {
      attempt = 0;
      if (connection.value.kind === 'lost') connect();
    },
  };
}
