import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ScrapePage } from '../../config/scrape.ts';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import { giveBack } from '../../config/runtime/garbage.ts';
import { http, https } from '../../config/runtime/http.ts';

/** Gets pages of one target over connections that stay open between scrapes. */
export interface PageSource {
  /** @throws {WatchkeeperError} `scrape_failed`; the signal's reason is the cause if that ended it. */
  fetch(signal: AbortSignal): Promise<FetchedPage>;
  close(): void;
}

/** A page as it comes, unpacked. */
export interface FetchedPage {
  /**
   * Each holds until the next is asked for.
   * @throws {WatchkeeperError} as `fetch` does.
   */
  readonly pieces: AsyncIterable<Buffer>;
  /** It says that it is OpenMetrics; else Prometheus' text format. */
  readonly isOpenMetrics: boolean;
}

export interface PageSourceOptions {
  readonly url: string;
  /** A larger page is refused, before and after decompression. */
  readonly maxBytes: number;
  /** Sent as Prometheus does, for targets that care. */
  readonly timeoutMs: number;
  /** How it is asked, where that is not plain. */
  readonly access?: Pick<ScrapePage, 'authorization' | 'tls'>;
}

export function createPageSource({
  url,
  maxBytes,
  timeoutMs,
  access: { authorization, tls } = {},
}: PageSourceOptions): PageSource {
  const isSecure = url.startsWith('https:');
  const checks = {
    ...(tls?.ca === undefined ? {} : { ca: tls.ca }),
    rejectUnauthorized: tls?.isUnchecked !== true,
  };
  const agent = isSecure
    ? new (https().Agent)({ keepAlive: true, ...checks })
    : new http.Agent({ keepAlive: true });
  const { get } = isSecure ? https() : http;
  const { host, pathname } = new URL(url);
  const place = `${host}${pathname}`;
  const headers = {
    accept: 'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.8,*/*;q=0.1',
    'accept-encoding': 'gzip',
    'user-agent': 'watchkeeper',
    'x-prometheus-scrape-timeout-seconds': String(timeoutMs / 1000),
  };
  const request = (signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const own =
        authorization === undefined ? headers : { ...headers, authorization: authorization.reveal() };
      get(url, { agent, headers: own, signal }, resolve).on('error', reject);
    });
  const failure = (error: unknown, signal: AbortSignal): WatchkeeperError => {
    if (error instanceof WatchkeeperError) return error;
    const cause: unknown = signal.aborted ? signal.reason : error;
    const message = `${place} could not be read: ${messageOf(cause)}`;
    return new WatchkeeperError('scrape_failed', message, { cause });
  };
  return {
    async fetch(signal) {
      try {
        const answer = await request(signal);
        if (answer.statusCode !== 200) {
          answer.destroy();
          throw new WatchkeeperError('scrape_failed', `${place} answered ${answer.statusCode}`);
        }
        const type = answer.headers['content-type'];
        return {
          pieces: failingAs((error) => failure(error, signal), piecesOf(answer, maxBytes)),
          isOpenMetrics: type?.startsWith('application/openmetrics-text') ?? false,
        };
      } catch (error) {
        throw failure(error, signal);
      }
    },
    close: () => agent.destroy(),
  };
}

/** A page as one. */
export async function wholeBody({ pieces }: FetchedPage): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all);
}

function piecesOf(answer: IncomingMessage, maxBytes: number): AsyncIterable<Buffer> {
  const sent = within(answer, maxBytes);
  return answer.headers['content-encoding'] === 'gzip' ? within(unpacked(sent), maxBytes) : givenBack(sent);
}

async function* failingAs(
  failure: (error: unknown) => WatchkeeperError,
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  try {
    yield* pieces;
  } catch (error) {
    throw failure(error);
  }
}

/** The pieces, as long as all of them together are no more than that. */
async function* within(pieces: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > maxBytes)
      throw new WatchkeeperError('scrape_failed', `the page is larger than ${maxBytes} bytes`);
    yield piece;
  }
}

function unpacked(packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // What goes wrong is thrown to whoever reads.
  return pipeline(packed, createGunzip(), () => undefined);
}

/** Frees the memory of each when it was read: megabytes of each page would wait until what is dead is looked for. */
async function* givenBack(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    yield piece;
    giveBack(piece);
  }
}
