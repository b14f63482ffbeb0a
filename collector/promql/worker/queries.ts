import { MessageChannel, Worker } from 'node:worker_threads';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { DryRunBody, DryRunRequest } from '../../../config/model/rules-api.ts';
import { entryFile } from '../../../config/runtime/place.ts';
import type { QueryResult, Range } from '../engine.ts';
import { createAtOnce } from './at-once.ts';
import type { Answer, Ask, Told, WorkerStart } from './messages.ts';
import { serveSeries, type LaterSeries } from './series-desk.ts';

/** Queries of people and programs: the dear ones away from the main loop. Errors are the engine's. */
export interface Queries {
  /** The signal ends the query wherever it is. */
  instant(expression: string, atMs: number, signal: AbortSignal): Promise<QueryResult>;
  range(expression: string, range: Range, signal: AbortSignal): Promise<QueryResult>;
  /** What a rule would have done over the samples until then. */
  dryRun(request: DryRunRequest, toMs: number, signal: AbortSignal): Promise<DryRunBody>;
  stop(): Promise<void>;
}

export interface QueriesDeps {
  readonly source: LaterSeries;
  /** How long one query may take. */
  readonly limitMs: number;
  readonly maxSamples: number;
  /** How much memory a worker may take; a query that needs more ends. */
  readonly maxMemoryMb?: number;
  /** A worker that nobody asks for so long ends. */
  readonly restsMs?: number;
}

const ENTRY = entryFile('collector/promql/worker/worker.ts');
const DEFAULT_MEMORY_MB = 256;
/** More wait for nothing: who asked has gone by then. */
const MAX_WAITING = 64;
/** A worker that nobody asks for so long ends: its memory is worth more than the tenth of a second that the next takes to start. */
const RESTS_MS = 120_000;
/** A worker that is so late does not look at its own clock any more. */
const GRACE_MS = 1_000;

interface Job {
  readonly ask: Ask;
  readonly signal: AbortSignal;
  readonly resolve: (told: Told) => void;
  readonly reject: (error: Error) => void;
}

export function createQueries(deps: QueriesDeps): Queries {
  const waiting: Job[] = [];
  let worker: Worker | undefined;
  let isBusy = false;
  let resting: NodeJS.Timeout | undefined;
  const atOnce = createAtOnce(deps.source);
  const letGo = (): void => {
    void worker?.terminate();
    worker = undefined;
  };

  const next = (): void => {
    const job = isBusy ? undefined : waiting.shift();
    if (job === undefined) return;
    clearTimeout(resting);
    if (job.signal.aborted) {
      job.reject(cancelled());
      next();
      return;
    }
    isBusy = true;
    worker ??= startWorker(deps);
    void run(worker, job, deps.limitMs).then((isUsable) => {
      isBusy = false;
      if (isUsable) resting = setTimeout(letGo, deps.restsMs ?? RESTS_MS).unref();
      else letGo();
      next();
    });
  };
  const ask = (own: Ask, signal: AbortSignal): Promise<Told> =>
    new Promise((resolve, reject) => {
      if (waiting.length >= MAX_WAITING) {
        reject(new WatchkeeperError('too_many_requests', 'too many queries are waiting; try later'));
        return;
      }
      waiting.push({ ask: own, signal, resolve, reject });
      next();
    });
  return {
    instant: async (expression, atMs, signal) =>
      atOnce(expression, atMs) ?? resultOf(await ask({ kind: 'instant', expression, atMs }, signal)),
    range: async (expression, range, signal) =>
      resultOf(await ask({ kind: 'range', expression, range }, signal)),
    async dryRun(request, toMs, signal) {
      const told = await ask({ kind: 'dry_run', request, toMs }, signal);
      if ('dryRun' in told) return told.dryRun;
      throw crossed();
    },
    async stop() {
      for (const job of waiting.splice(0)) job.reject(cancelled());
      clearTimeout(resting);
      await worker?.terminate();
    },
  };
}

function resultOf(told: Told): QueryResult {
  if ('result' in told) return told.result;
  throw crossed();
}

function crossed(): WatchkeeperError {
  return new WatchkeeperError('internal', 'the answer is that of another question');
}

function startWorker({ source, limitMs, maxSamples, maxMemoryMb = DEFAULT_MEMORY_MB }: QueriesDeps): Worker {
  const { port1, port2 } = new MessageChannel();
  const flag = new SharedArrayBuffer(4);
  const start: WorkerStart = { series: port2, flag, limitMs, maxSamples };
  const worker = new Worker(ENTRY, {
    workerData: start,
    transferList: [port2],
    resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb },
  });
  serveSeries(source, port1, flag);
  // It waits for questions, and keeps no process alive for that.
  worker.unref();
  port1.unref();
  // One that breaks while nobody asks it ends, and no more.
  worker.on('error', () => undefined);
  worker.once('exit', () => port1.close());
  return worker;
}

/** @returns whether the worker may be asked again. */
function run(worker: Worker, { ask, signal, resolve, reject }: Job, limitMs: number): Promise<boolean> {
  return new Promise((done) => {
    const end = (isUsable: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      // Its own alone: the end of a worker closes its port, whoever asked it last.
      worker.off('message', onAnswer).off('error', onError).off('exit', onExit);
      done(isUsable);
    };
    const fail = (error: Error): void => {
      reject(error);
      end(false);
    };
    const onAbort = (): void => fail(cancelled());
    const onAnswer = (answer: Answer): void => {
      if ('error' in answer) reject(new WatchkeeperError(answer.error.code, answer.error.message));
      else resolve(answer);
      end(true);
    };
    const onError = (cause: unknown): void => fail(brokenBy(cause));
    const onExit = (): void => fail(cancelled());
    const timer = setTimeout(() => fail(tooLong(limitMs)), limitMs + GRACE_MS);
    signal.addEventListener('abort', onAbort, { once: true });
    worker.once('message', onAnswer).once('error', onError).once('exit', onExit);
    worker.postMessage(ask);
  });
}

function brokenBy(cause: unknown): WatchkeeperError {
  const isMemory = cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isMemory
    ? new WatchkeeperError('query_limit', 'the query needs more memory than it may have', { cause })
    : new WatchkeeperError('internal', 'the query could not be evaluated', { cause });
}

function tooLong(limitMs: number): WatchkeeperError {
  return new WatchkeeperError('query_limit', `the query takes longer than ${limitMs / 1_000} s`);
}

function cancelled(): WatchkeeperError {
  return new WatchkeeperError('query_limit', 'the query was cancelled');
}
