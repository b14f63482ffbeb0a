import { Agent as HttpAgent, get as httpGet, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, get as httpsGet } from 'node:https';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';

const inflate = promisify(gunzip);

/** Gets pages of one target over connections that stay open between scrapes. */
export interface PageSource {
  /** @throws {WatchkeeperError} `scrape_failed`; the signal's reason is the cause if that ended it. */
  fetch(signal: AbortSignal): Promise<Buffer>;
  close(): void;
}

export interface PageSourceOptions {
  readonly url: string;
  /** A larger page is refused, before and after decompression. */
  readonly maxBytes: number;
  /** Sent as Prometheus does, for targets that care. */
  readonly timeoutMs: number;
}

export function createPageSource({ url, maxBytes, timeoutMs }: PageSourceOptions): PageSource {
  const isSecure = url.startsWith('https:');
  const agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const get = isSecure ? httpsGet : httpGet;
  const { host, pathname } = new URL(url);
  const place = `${host}${pathname}`;
  const headers = {
    accept: 'text/plain;version=0.0.4;q=1,*/*;q=0.1',
    'accept-encoding': 'gzip',
    'user-agent': 'watchkeeper',
    'x-prometheus-scrape-timeout-seconds': String(timeoutMs / 1000),
  };
  const request = (signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      get(url, { agent, headers, signal }, resolve).on('error', reject);
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
        return answer.headers['content-encoding'] === 'gzip'
          ? await inflate(body, { maxOutputLength: maxBytes })
          : body;
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
