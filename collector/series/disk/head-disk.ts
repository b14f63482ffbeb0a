import { mkdirSync } from 'node:fs';
import { messageOf } from '../../../config/model/errors.ts';
import type { Log } from '../../../config/runtime/log.ts';
import type { Block } from '../block.ts';
import type { Head } from '../head.ts';
import type { Series } from '../series.ts';
import { createFiles } from './files.ts';
import { restoreHead, type Restored } from './restore.ts';
import { HeadWriter } from './writer.ts';

/** Keeps the head on disk, so that a restart finds the last hours again. */
export interface HeadDisk {
  readonly restored: Restored;
  /** What keeps it from writing, or what could not be read, in words. */
  faults(): readonly string[];
  /** Writes what is new; when it is done, a crash loses nothing older. A failure is a fault, never thrown. */
  flush(atMs: number): Promise<void>;
  /** Writes the rest, in order. */
  stop(atMs: number): Promise<void>;
}

export interface HeadDiskDeps {
  readonly head: Head;
  /** Made if it is not there; nobody else writes there. */
  readonly folder: string;
  readonly log: Log;
  readonly nowMs: number;
  readonly retentionMs: () => number;
  /** All files together; the oldest go first. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 2 * 1024 ** 3;

const ignore = (): void => undefined;

/** @throws {Error} when the folder cannot be read at all. */
export function openHeadDisk(deps: HeadDiskDeps): HeadDisk {
  const { head, folder, log, nowMs, retentionMs, maxBytes = DEFAULT_MAX_BYTES } = deps;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Series pack while they are read back, too, and no file has those blocks.
  const packed: (readonly [Series, Block])[] = [];
  head.watch({ packed: (...each) => void packed.push(each), late: ignore, dropped: ignore });
  const restored = restoreHead(head, folder, { fromMs: nowMs - retentionMs(), nowMs });
  const writer = new HeadWriter(head, createFiles(folder, restored.files, restored.lastNumber));
  for (const [series, block] of packed) writer.late.addBlock(series, block);
  let fault: string | undefined;

  head.watch({
    packed: (series, block) => writer.late.addBlock(series, block),
    late: (series, atMs, value) => writer.late.addSample(series, atMs, value),
    dropped: () => writer.beginAnew(),
  });
  if (restored.faults.length > 0) writer.beginAnew();
  const flush = async (atMs: number, isEnd: boolean): Promise<void> => {
    try {
      await writer.write(atMs, isEnd);
      await writer.dropOld(atMs - retentionMs(), maxBytes);
      if (fault !== undefined) log.info({ folder }, 'samples are written to disk again');
      fault = undefined;
    } catch (error) {
      if (fault === undefined) log.error({ err: error, folder }, 'samples cannot be written to disk');
      fault = `samples are not written to disk: ${messageOf(error)}`;
      await writer.giveUp();
    }
  };
  return {
    restored,
    faults: () => [...restored.faults, ...(fault === undefined ? [] : [fault])],
    flush: (atMs) => flush(atMs, false),
    async stop(atMs) {
      await flush(atMs, true);
      head.watch(undefined);
      await writer.giveUp();
    },
  };
}
