import { fork, type ChildProcess } from 'node:child_process';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { entryFile } from '../../../config/runtime/place.ts';
import type { Asked, HistoryState, Question, ReadPart, Reply, Result } from './messages.ts';

/** The process of history: started when something is asked of it, ended when nothing was for a while. */
export interface HistoryLink {
  /** @throws {WatchkeeperError} what it answered, or `internal` when it ended under the question. */
  ask(question: Question, onPart?: (part: ReadPart) => void): Promise<Result>;
  /** Higher for each process: it knows nothing of what another was told. */
  readonly generation: number;
  /** For figures; absent while none runs. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

export interface HistoryLinkDeps {
  readonly folder: string;
  /** Without a question for so long the process ends, and its memory is free. */
  readonly idleMs: number;
  readonly onState: (state: HistoryState) => void;
}

/** Who stops waits for no long merge. */
const STOP_LIMIT_MS = 1_500;

const ENTRY = entryFile('collector/series/history/process.ts');

interface Waiting {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
  readonly onPart: ((part: ReadPart) => void) | undefined;
}

export function createHistoryLink(deps: HistoryLinkDeps): HistoryLink {
  return new Link(deps);
}

class Link implements HistoryLink {
  generation = 0;
  readonly #deps: HistoryLinkDeps;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #opening: Promise<Result> | undefined;
  #lastId = 0;
  #idle: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(deps: HistoryLinkDeps) {
    this.#deps = deps;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async ask(question: Question, onPart?: (part: ReadPart) => void): Promise<Result> {
    if (this.#isStopped) throw new WatchkeeperError('internal', 'history is closed');
    clearTimeout(this.#idle);
    const child = this.#child ?? this.#start();
    await this.#opening;
    return this.#send(child, question, onPart);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    const child = this.#child;
    this.#isStopped = true;
    if (child === undefined) return;
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    // What it writes appears whole or not at all: it may be ended in the middle of it.
    const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await this.#send(child, { kind: 'close' }).catch(() => child.kill('SIGKILL'));
    await ended;
    clearTimeout(deadline);
  }

  #start(): ChildProcess {
    this.generation += 1;
    const child = fork(ENTRY, [], {
      serialization: 'advanced',
      // What came in messages is garbage at once; it would be looked after late.
      execArgv: ['--expose-gc', '--max-semi-space-size=2'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    child.on('message', (reply: Reply) => this.#take(reply));
    child.once('exit', () => this.#ended(child));
    child.once('error', () => this.#ended(child));
    this.#opening = this.#send(child, { kind: 'open', folder: this.#deps.folder });
    this.#opening.catch(() => {
      // The next question tries anew.
      child.kill();
      this.#ended(child);
    });
    return child;
  }

  #send(child: ChildProcess, question: Question, onPart?: (part: ReadPart) => void): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (child !== this.#child) {
        reject(gone());
        return;
      }
      this.#lastId += 1;
      const id = this.#lastId;
      this.#waiting.set(id, { resolve, reject, onPart });
      child.send({ id, question } satisfies Asked, (error) => {
        if (error !== null) this.#fail(id, gone());
      });
    });
  }

  #take(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    if ('part' in reply) {
      waiting?.onPart?.(reply.part);
      return;
    }
    if ('error' in reply) {
      this.#fail(reply.id, new WatchkeeperError(reply.error.code, reply.error.message));
    } else {
      this.#deps.onState(reply.state);
      this.#waiting.delete(reply.id);
      waiting?.resolve(reply.result);
    }
    this.#rest();
  }

  #fail(id: number, error: Error): void {
    this.#waiting.get(id)?.reject(error);
    this.#waiting.delete(id);
  }

  #ended(child: ChildProcess): void {
    if (child !== this.#child) return;
    this.#child = undefined;
    for (const id of this.#waiting.keys()) this.#fail(id, gone());
  }

  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#waiting.size > 0 || this.#isStopped) return;
    this.#idle = setTimeout(() => {
      const child = this.#child;
      if (child === undefined || this.#waiting.size > 0) return;
      this.#child = undefined;
      child.disconnect();
    }, this.#deps.idleMs);
    this.#idle.unref();
  }
}

function gone(): WatchkeeperError {
  return new WatchkeeperError('internal', 'the process of history ended');
}
