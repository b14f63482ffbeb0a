import { fork, type ChildProcess } from 'node:child_process';
import type { Env } from '../../config/load.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { ProfileBody } from '../../config/model/profile.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { entryFile } from '../../config/runtime/place.ts';
import { withSecretsUnpacked, type Answered, type Answers, type Asked, type Question } from './messages.ts';
import type { SettingsReader } from './settings.ts';

export interface ElsewhereOptions {
  readonly folder: string;
  readonly env: Env;
  readonly clock: Clock;
}

/** How long the process stays for the next question: devices of other families are explored soon after the first. */
const IDLE_MS = 20_000;
/** Reading a thousand devices takes a second; a process that takes so long hangs. */
const ANSWER_DEADLINE_MS = 60_000;
const ENTRY = entryFile('agents/settings/main.ts');

/**
 * Reads the site's files in a process of its own, which is started when something is asked and ends soon after: what checks files takes
 * as much memory as a thousand devices, and an agent needs it for a second.
 */
export function settingsElsewhere(options: ElsewhereOptions): SettingsReader {
  const other = createOther(options);
  const ask = async <K extends Question['kind']>(question: Question & { kind: K }): Promise<Answers[K]> =>
    withSecretsUnpacked(await other.ask(question)) as Answers[K];
  return {
    async read() {
      const settings = await ask({ kind: 'settings' });
      const places = new Map<string, number>();
      const profiles = settings.profiles.map((summary) => {
        const place = places.get(summary.name) ?? 0;
        places.set(summary.name, place + 1);
        const read = once(() => ask({ kind: 'profile', name: summary.name, place }));
        return { ...summary, read: async () => (await read()) ?? NOTHING };
      });
      return { ...settings, profiles };
    },
    traps: () => ask({ kind: 'traps' }),
    stop: () => other.stop(),
  };
}

/** Of a profile whose file is gone. */
const NOTHING: ProfileBody = { info: {}, changesWith: [], rules: [], traps: [] };

/** What was asked for is kept; what failed is asked for again. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return () => {
    kept ??= ask().catch((error: unknown) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
}

interface Other {
  /** @throws {WatchkeeperError} what the other process says, or `internal` when it ends without an answer. */
  ask(question: Question): Promise<unknown>;
  stop(): Promise<void>;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

function createOther({ folder, env, clock }: ElsewhereOptions): Other {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let child: ChildProcess | undefined;
  let cancelEnd: (() => void) | undefined;

  const start = (): ChildProcess => {
    const started = fork(ENTRY, [folder], {
      env,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    started.on('message', (message) => settle(message as Answered));
    const ended = (): void => {
      if (child !== started) return;
      child = undefined;
      const error = new WatchkeeperError(
        'internal',
        'what reads the files of the site ended without an answer',
      );
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    started.once('error', ended);
    started.once('exit', ended);
    return started;
  };
  const planEnd = (afterMs: number, end: (process: ChildProcess | undefined) => void): void => {
    cancelEnd?.();
    cancelEnd = clock.after(afterMs, () => end(child));
  };
  const settle = (answered: Answered): void => {
    const asker = waiting.get(answered.number);
    waiting.delete(answered.number);
    if (waiting.size === 0) planEnd(IDLE_MS, (process) => process?.disconnect());
    if ('answer' in answered) asker?.resolve(answered.answer);
    else asker?.reject(new WatchkeeperError(answered.code, answered.message));
  };
  return {
    ask(question) {
      child = child?.connected === true ? child : start();
      asked += 1;
      const message: Asked = { number: asked, question };
      planEnd(ANSWER_DEADLINE_MS, (process) => process?.kill('SIGKILL'));
      child.send(message);
      return new Promise((resolve, reject) => waiting.set(message.number, { resolve, reject }));
    },
    async stop() {
      cancelEnd?.();
      // Who still waits ends too.
      waiting.clear();
      const left = child;
      if (left === undefined) return;
      const ended = new Promise((done) => left.once('exit', done));
      left.kill('SIGKILL');
      await ended;
    },
  };
}
