import { Agent as HttpAgent, get as httpGet, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, get as httpsGet } from 'node:https';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ScrapePage } from '../../config/scrape.ts';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';

const inflate = promisify(gunzip);

/** Gets pages of one target over connections that stay open between scrapes. */
export interface PageSource {
  /** @throws {WatchkeeperError} `scrape_failed`; the signal's reason is the cause if that ended it. */
  fetch(signal: AbortSignal): Promise<FetchedPage>;
  close(): void;
}

/** A page as it came, unpacked. */
export interface FetchedPage {
  /** Holds until the next page is fetched from the same source. */
  readonly body: Buffer;
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
    ? new HttpsAgent({ keepAlive: true, ...checks })
    : new HttpAgent({ keepAlive: true });
  const get = isSecure ? httpsGet : httpGet;
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
  const room = new BodyRoom();
  return {
    async fetch(signal) {
      try {
        const answer = await request(signal);
        if (answer.statusCode !== 200) {
          answer.destroy();
          throw new WatchkeeperError('scrape_failed', `${place} answered ${answer.statusCode}`);
        }
        const body = await room.read(answer, maxBytes);
        const isPacked = answer.headers['content-encoding'] === 'gzip';
        return {
          body: isPacked ? await inflate(body, { maxOutputLength: maxBytes }) : body,
          isOpenMetrics: answer.headers['content-type']?.startsWith('application/openmetrics-text') ?? false,
        };
      } catch (error) {
        if (error instanceof WatchkeeperError) throw error;
        const cause: unknown = signal.aborted ? signal.reason : error;
        throw new WatchkeeperError('scrape_failed', `${place} could not be read: ${messageOf(cause)}`, {
          cause,
        });
      }
    },
    close: () => agent.destroy(),
  };
}

/** Where the pages of a source are put together: in the same room each time, as they come for ever. */
class BodyRoom {
  #bytes = Buffer.alloc(0);

  /** The body, which holds until the next one is read. */
  async read(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
    let length = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      const before = length;
      length += chunk.length;
      if (length > maxBytes)
        throw new WatchkeeperError('scrape_failed', `the page is larger than ${maxBytes} bytes`);
      if (length > this.#bytes.length) {
        const larger = Buffer.alloc(Math.min(maxBytes, 2 * length));
        this.#bytes.copy(larger, 0, 0, before);
        this.#bytes = larger;
      }
      chunk.copy(this.#bytes, before);
      giveBack(chunk);
    }
    return this.#bytes.subarray(0, length);
  }
}

/** Frees the memory of a buffer that nobody reads again: megabytes of each page would wait until what is dead is looked for. */
function giveBack({ buffer, byteLength }: Buffer): void {
  // One that shares its memory with others ends before it.
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0);
}
