import type { Agent } from 'node:http';
import { messageOf, WatchkeeperError } from '../../../config/model/errors.ts';
import type { QuerySettings } from '../../../config/query.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { exchange, keptOpen } from '../../../config/wire/exchange.ts';
import { dataOf, type AnswerData } from './answer.ts';

/** The engine that `query:` names, asked over the HTTP interface of Prometheus. */
export interface Asking {
  /**
   * Asks below `/api/v1/`; `read` makes of the answer what is wanted, and throws `engine_away` where it cannot.
   * @throws {WatchkeeperError} `engine_away` where there is no answer in time or none that can be read; `query_invalid`,
   * `query_limit` or `query_failed` where the engine says so.
   */
  ask<T>(path: string, question: Question, read: (answer: AnswerData) => T): Promise<T>;
  /**
   * What stands at another place below its address, which not every engine has: `undefined` where it is not there or not
   * in time. It tells nothing of whether the engine is away.
   */
  look(path: string, signal: AbortSignal): Promise<string | undefined>;
  figures(): EngineFigures;
  close(): void;
}

export interface Question {
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  readonly signal?: AbortSignal;
  /** In the address, for what the engine takes by GET alone. */
  readonly isGet?: boolean;
  /** Where it may not take as long as the settings say. */
  readonly limitMs?: number;
}

export interface EngineFigures {
  readonly asked: number;
  /** Without an answer that can be read. What the engine refuses is answered. */
  readonly failed: number;
  /** Since when there is none; absent while there is. */
  readonly away?: { readonly sinceMs: number; readonly lastTriedAtMs: number; readonly reason: string };
}

export interface AskingDeps {
  readonly settings: QuerySettings;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly maxBytes?: number;
}

/** A longer answer is not read to its end. */
const MAX_BYTES = 64 << 20;
/** The engine is asked so much at once; more waits. */
const MAX_SOCKETS = 8;

/** @throws {Error} when a certificate cannot be read. */
export function createAsking({ settings, clock, maxBytes = MAX_BYTES }: AskingDeps): Asking {
  const { url, timeoutMs } = settings;
  const base = new URL(url.endsWith('/') ? url : `${url}/`);
  const way = { base, maxBytes, ...wayTo(settings) };
  let asked = 0;
  let failed = 0;
  let away: EngineFigures['away'];
  /** What is told of a failure; an engine that refuses is there. */
  const failure = (error: unknown, { isLate, limitMs }: { isLate: boolean; limitMs: number }): unknown => {
    if (error instanceof WatchkeeperError && error.code !== 'engine_away') {
      away = undefined;
      return error;
    }
    failed += 1;
    const reason = isLate ? `no answer within ${limitMs / 1_000} s` : messageOf(error);
    const nowMs = clock.nowMs();
    away = { sinceMs: away?.sinceMs ?? nowMs, lastTriedAtMs: nowMs, reason };
    return new WatchkeeperError('engine_away', `${base.host} answers no queries: ${reason}`, {
      cause: error,
    });
  };
  return {
    async ask(path, question, read) {
      asked += 1;
      const { signal } = question;
      const limitMs = Math.min(timeoutMs, question.limitMs ?? timeoutMs);
      const deadline = AbortSignal.timeout(limitMs);
      const both = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
      try {
        const told = read(dataOf(await answerTo(requestOf(path, { ...question, limitMs }, way), way, both)));
        away = undefined;
        return told;
      } catch (error) {
        if (signal?.aborted === true) throw new WatchkeeperError('query_limit', 'the query was ended');
        throw failure(error, { isLate: deadline.aborted, limitMs });
      }
    },
    async look(path, signal) {
      const both = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const answer = await answerTo({ target: new URL(path, base) }, way, both).catch(() => undefined);
      return answer?.status === 200 ? answer.text : undefined;
    },
    figures: () => ({ asked, failed, ...(away === undefined ? {} : { away }) }),
    close: () => way.agent.destroy(),
  };
}

interface Way {
  readonly base: URL;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBytes: number;
}

function wayTo({ url, token, caFile }: QuerySettings): Pick<Way, 'agent' | 'headers'> {
  return {
    agent: keptOpen(url, { maxSockets: MAX_SOCKETS, caFile }),
    headers: token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` },
  };
}

function requestOf(
  path: string,
  { parameters, limitMs, isGet = false }: Question & { readonly limitMs: number },
  { base }: Way,
): Request {
  const form = formOf({ ...parameters, timeout: `${limitMs}ms`, ...PLAIN_ANSWERS });
  const target = new URL(`api/v1/${path}${isGet ? `?${form}` : ''}`, base);
  return isGet ? { target } : { target, form };
}

/**
 * VictoriaMetrics moves the newest instants half a minute back without the first, and looks back as far as it thinks fit
 * without the second; Prometheus knows neither.
 */
const PLAIN_ANSWERS = { nocache: '1', max_lookback: '5m' };

function formOf(parameters: Question['parameters']): string {
  const form = new URLSearchParams();
  for (const [name, values] of Object.entries(parameters))
    for (const value of [values].flat()) form.append(name, value);
  return form.toString();
}

interface Request {
  readonly target: URL;
  /** Of a POST. */
  readonly form?: string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function answerTo(
  { target, form }: Request,
  { agent, headers, maxBytes }: Way,
  signal: AbortSignal,
): Promise<Answer> {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const request =
    form === undefined
      ? { target, agent, signal, headers }
      : { target, agent, signal, headers: { ...headers, ...type }, body: form };
  const parts: Buffer[] = [];
  let bytes = 0;
  const status = await exchange(request, (part) => {
    bytes += part.length;
    if (bytes > maxBytes)
      throw new WatchkeeperError('query_limit', `the answer has more than ${maxBytes} bytes`);
    parts.push(part);
  });
  return { status, text: Buffer.concat(parts).toString('utf8') };
}
