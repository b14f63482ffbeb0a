import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { entryFile } from '../../config/runtime/place.ts';
import type { Paper } from './paper-model.ts';

const DEADLINE_MS = 60_000;
const MAX_HEAP_MB = 512;

/** A PDF of papers. @throws {WatchkeeperError} `internal` when it cannot be drawn in time. */
export async function paperPdf(papers: readonly Paper[], title: string, none = ''): Promise<Buffer> {
  const thread = new Worker(entryFile('collector/texts/paper-thread.ts'), {
    workerData: { papers, title, none },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  try {
    const [bytes] = (await once(thread, 'message', { signal: AbortSignal.timeout(DEADLINE_MS) })) as [
      Uint8Array,
    ];
    return Buffer.from(bytes);
  } catch (cause) {
    throw new WatchkeeperError('internal', 'The paper could not be drawn.', { cause });
  } finally {
    await thread.terminate();
  }
}
