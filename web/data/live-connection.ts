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
export class LiveConnection {
  readonly #deps: LiveDeps;
  readonly #connection = signal<Connection>({ kind: 'connecting' });
  readonly #beats = signal(0);
  #socket: LiveSocket | undefined;
  #isOpen = false;
  #attempt = 0;
  #heardAtMs: number | undefined;
  #topics: readonly Topic[] = ['overview'];
  #cancelTimer = (): void => undefined;

  constructor(deps: LiveDeps) {
    this.#deps = deps;
  }

  get connection(): ReadonlySignal<Connection> {
    return this.#connection;
  }

  /** Counts the heartbeats and changes that were heard: what moves while the collector lives. */
  get beats(): ReadonlySignal<number> {
    return this.#beats;
  }

  start(): void {
    this.#connection.value = { kind: 'connecting' };
    this.#connect();
  }

  stop(): void {
    this.#cancelTimer();
    const dropped = this.#socket;
    this.#socket = undefined;
    this.#isOpen = false;
    dropped?.close();
  }

  /** Topics beside the overview. */
  follow(more: readonly Topic[]): void {
    const next: readonly Topic[] = ['overview', ...more];
    if (next.join() === this.#topics.join()) return;
    this.#topics = next;
    // The deltas that were missed do not hold what a new topic selects: only a snapshot does.
    if (this.#isOpen) this.#subscribe({});
  }

  retryNow(): void {
    this.#attempt = 0;
    if (this.#connection.value.kind === 'lost') this.#connect();
  }

  #connect(): void {
    this.stop();
    // Events of a socket that was given up must not touch its successor.
    const isCurrent = (): boolean => this.#socket === opened;
    const opened: LiveSocket = this.#deps.open({
      opened: () => {
        if (isCurrent()) this.#opened();
      },
      message: (text) => {
        if (isCurrent()) this.#hear(text);
      },
      closed: () => {
        if (isCurrent()) this.#lose();
      },
    });
    this.#socket = opened;
    this.#waitForSound();
  }

  #opened(): void {
    this.#isOpen = true;
    const resume = this.#deps.state.position();
    this.#subscribe(resume === undefined ? {} : { resume });
  }

  #subscribe(resume: Pick<ClientMessage, 'resume'>): void {
    const message: ClientMessage = { type: 'subscribe', topics: this.#topics, ...resume };
    this.#socket?.send(JSON.stringify(message));
  }

  #hear(text: string): void {
    const message = parse(text);
    if (message === undefined) return;
    this.#deps.clock.hear(message.atMs);
    this.#heardAtMs = message.atMs;
    this.#attempt = 0;
    this.#deps.state.apply(message);
    this.#beats.value += 1;
    if (this.#connection.value.kind !== 'live') this.#connection.value = { kind: 'live' };
    this.#waitForSound();
  }

  #waitForSound(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#deps.clock.after(SILENCE_MS, () => this.#lose());
  }

  #lose(): void {
    const { clock, chance, onLost } = this.#deps;
    this.stop();
    const delayMs = backOffMs(this.#attempt, chance());
    this.#attempt += 1;
    const asOf = this.#heardAtMs === undefined ? {} : { asOfMs: this.#heardAtMs };
    this.#connection.value = { kind: 'lost', ...asOf, retryAtMs: clock.nowMs() + delayMs };
    this.#cancelTimer = clock.after(delayMs, () => this.#connect());
    onLost();
  }
}
