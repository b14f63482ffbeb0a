import type { Head } from '../head.ts';
import type { HeadFiles } from './files.ts';
import { DefinedSeries, Gatherer } from './gather.ts';
import type { FileKind } from './restore.ts';

/** All open samples are written anew after that, and the files before it go. */
const OPEN_FILE_MS = 5 * 60_000;
const BLOCKS_FILE_MS = 30 * 60_000;
/** So many series are gathered in one go; then others have their turn. */
const SERIES_PER_TURN = 16_384;
/** Of one frame: all open samples are tens of MB, and what is gathered is in memory once more while it is packed. */
const FRAME_BYTES = 512 * 1024;

/** Decides what of a head is written to which of its files. */
export class HeadWriter {
  readonly #inBlocks = new DefinedSeries();
  /** What was packed or came late since the last time. */
  readonly late = new Gatherer(this.#inBlocks);
  readonly #open = new Gatherer(new DefinedSeries());
  readonly #head: Head;
  readonly #files: HeadFiles;
  /** What is on disk is not what is in memory: all is written anew. */
  #isOutdated = false;

  constructor(head: Head, files: HeadFiles) {
    this.#head = head;
    this.#files = files;
  }

  /** The next time, all is written. */
  beginAnew(): void {
    this.#isOutdated = true;
  }

  async write(atMs: number, isEnd: boolean): Promise<void> {
    const files = this.#files;
    const isAnew = this.#isOutdated;
    const olderBlocks = isAnew ? files.names('blocks') : [];
    if (isAnew) {
      // What is packed from here on comes after what is written now.
      this.#isOutdated = false;
      this.late.clear();
      await this.#writePacked(atMs);
    } else if (files.isDue('blocks', atMs, BLOCKS_FILE_MS)) await files.begin('blocks', atMs);
    const isNewOpen = isAnew || files.isDue('open', atMs, OPEN_FILE_MS);
    const olderOpen = isNewOpen ? files.names('open') : [];
    if (isNewOpen) await this.#beginOpen(atMs);
    if (!this.late.isEmpty) await this.#put('blocks', this.late, atMs);
    await this.#writeOpen(atMs, isEnd);
    // Only what is surely on disk replaces what was there.
    await files.sync();
    await files.remove([...olderBlocks, ...olderOpen]);
  }

  dropOld(beforeMs: number, maxBytes: number): Promise<void> {
    return this.#files.dropOld(beforeMs, maxBytes);
  }

  /** The files are left as they are; the next time, all is written. */
  async giveUp(): Promise<void> {
    this.#isOutdated = true;
    this.late.clear();
    this.#open.clear();
    // The disk may refuse this too.
    await this.#files.close().catch(() => undefined);
  }

  async #put(kind: FileKind, gatherer: Gatherer, atMs: number, isEnd = false): Promise<void> {
    const number = this.#files.current(kind) ?? (await this.#files.begin(kind, atMs));
    await this.#files.append(kind, gatherer.take(number, isEnd), atMs);
  }

  async #writePacked(atMs: number): Promise<void> {
    const all = new Gatherer(this.#inBlocks);
    await this.#files.begin('blocks', atMs);
    let turn = 0;
    for (const series of this.#head.all()) {
      for (const block of series.packed()) all.addBlock(series, block);
      turn += 1;
      if (turn % SERIES_PER_TURN === 0 || all.bytes > FRAME_BYTES) await this.#put('blocks', all, atMs);
    }
    await this.#put('blocks', all, atMs);
  }

  async #beginOpen(atMs: number): Promise<void> {
    await this.#files.begin('open', atMs);
    for (const series of this.#head.all()) series.markUnsaved();
  }

  async #writeOpen(atMs: number, isEnd: boolean): Promise<void> {
    let turn = 0;
    for (const series of this.#head.all()) {
      this.#open.drain(series);
      turn += 1;
      if (turn % SERIES_PER_TURN === 0 || this.#open.bytes > FRAME_BYTES) {
        await this.#put('open', this.#open, atMs);
      }
    }
    if (isEnd || !this.#open.isEmpty) await this.#put('open', this.#open, atMs, isEnd);
  }
}
