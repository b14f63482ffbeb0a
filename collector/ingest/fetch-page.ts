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
  return {
    async fetch(signal) {
      try {
        const answer = await request(signal);
        if (answer.statusCode !== 200) {
          answer.destroy();
          throw new WatchkeeperError('scrape_failed', `${place} answered ${answer.statusCode}`);
        }
        const body = await readBody(answer, maxBytes);
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

async function readBody(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new WatchkeeperError('scrape_failed', `the page is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
