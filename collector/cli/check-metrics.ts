import { readFileSync } from 'node:fs';
import { WatchkeeperError, messageOf } from '../../config/model/errors.ts';
import { DEFAULT_LIMITS } from '../ingest/target.ts';

const TIMEOUT_MS = 10_000;

/** Reads one metrics page strictly and says what is wrong with it, as `FILE:LINE: …`; the answer is the exit code. */
export async function checkMetrics(places: readonly string[]): Promise<number> {
  const [place = '-', ...others] = places;
  if (others.length > 0) throw new WatchkeeperError('invalid_request', 'One page at a time.');
  const { faultOfPage } = await import('../ingest/check-page.ts');
  const page = await readPage(place);
  const { format, fault, samples } = faultOfPage(page);
  const name = place === '-' ? 'standard input' : place;
  if (fault === undefined) process.stdout.write(`${name} is valid ${format}: ${samples} samples.\n`);
  else process.stderr.write(`${name}:${fault.line}: ${fault.message} (${format})\n`);
  return fault === undefined ? 0 : 1;
}

async function readPage(place: string): Promise<Buffer> {
  try {
    if (place === '-') return readFileSync(0);
    if (!/^https?:/.test(place)) return readFileSync(place);
    const { createPageSource, wholeBody } = await import('../ingest/fetch-page.ts');
    const source = createPageSource({ url: place, maxBytes: DEFAULT_LIMITS.maxBytes, timeoutMs: TIMEOUT_MS });
    try {
      return await wholeBody(await source.fetch(AbortSignal.timeout(TIMEOUT_MS)));
    } finally {
      source.close();
    }
  } catch (cause) {
    if (cause instanceof WatchkeeperError) throw cause;
    throw new WatchkeeperError('invalid_request', `${place} cannot be read: ${messageOf(cause)}`, { cause });
  }
}
