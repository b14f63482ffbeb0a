import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { giveBack } from '../../../config/runtime/garbage.ts';
import { encodeFrame, fileHeader, type FrameContent } from './frames.ts';
import { fileName, fileNumber, type FileKind, type HeadFile } from './restore.ts';

/** The files of a head: one of each kind is written, the others wait until they are too old. */
export interface HeadFiles {
  /** The number of the file that is written; `undefined` if there is none. */
  current(kind: FileKind): number | undefined;
  /** Whether the file that is written is as old as that, or there is none. */
  isDue(kind: FileKind, atMs: number, periodMs: number): boolean;
  /** A new file is written from now on. */
  begin(kind: FileKind, atMs: number): Promise<number>;
  append(kind: FileKind, content: FrameContent, atMs: number): Promise<void>;
  /** When it is done, the power may go. */
  sync(): Promise<void>;
  /** The files of a kind that are there now. */
  names(kind: FileKind): readonly string[];
  remove(names: readonly string[]): Promise<void>;
  /** Lets go of blocks that are too old, and of the oldest while all are too large. */
  dropOld(beforeMs: number, maxBytes: number): Promise<void>;
  /** Nothing more is written to the files as they are. */
  close(): Promise<void>;
}

interface Writing extends HeadFile {
  readonly handle: FileHandle;
  readonly startedAtMs: number;
  toMs: number;
  bytes: number;
}

export function createFiles(folder: string, existing: readonly HeadFile[], lastNumber: number): HeadFiles {
  return new Files(folder, existing, lastNumber);
}

class Files implements HeadFiles {
  readonly #folder: string;
  #last: number;
  #waiting: readonly HeadFile[];
  readonly #writing = new Map<FileKind, Writing>();

  constructor(folder: string, existing: readonly HeadFile[], lastNumber: number) {
    this.#folder = folder;
    this.#waiting = existing;
    this.#last = lastNumber;
  }

  current(kind: FileKind): number | undefined {
    const name = this.#writing.get(kind)?.name;
    return name === undefined ? undefined : fileNumber(name);
  }

  isDue(kind: FileKind, atMs: number, periodMs: number): boolean {
    const startedAtMs = this.#writing.get(kind)?.startedAtMs;
    return startedAtMs === undefined || atMs < startedAtMs || atMs - startedAtMs >= periodMs;
  }

  async begin(kind: FileKind, atMs: number): Promise<number> {
    await this.#closeOne(kind);
    this.#last += 1;
    const name = fileName(kind, this.#last);
    const handle = await open(join(this.#folder, name), 'wx', 0o600);
    const header = fileHeader();
    this.#writing.set(kind, { name, kind, handle, startedAtMs: atMs, toMs: atMs, bytes: header.length });
    await handle.appendFile(header);
    return this.#last;
  }

  async append(kind: FileKind, content: FrameContent, atMs: number): Promise<void> {
    const file = this.#writing.get(kind);
    if (file === undefined) throw new Error('a file is begun before it is written');
    const frame = await encodeFrame(content);
    await file.handle.appendFile(frame);
    file.toMs = Math.max(file.toMs, atMs);
    file.bytes += frame.length;
    giveBack(frame);
  }

  async sync(): Promise<void> {
    for (const { handle } of this.#writing.values()) await handle.datasync();
  }

  names(kind: FileKind): readonly string[] {
    return this.#all()
      .filter((file) => file.kind === kind)
      .map(({ name }) => name);
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await rm(join(this.#folder, name), { force: true });
      this.#waiting = this.#waiting.filter((file) => file.name !== name);
    }
  }

  async dropOld(beforeMs: number, maxBytes: number): Promise<void> {
    const old = this.#waiting.filter(({ kind, toMs }) => kind === 'blocks' && toMs < beforeMs);
    await this.remove(old.map(({ name }) => name));
    let bytes = this.#all().reduce((sum, file) => sum + file.bytes, 0);
    const blocks = this.#waiting.filter(({ kind }) => kind === 'blocks');
    for (const { name, bytes: own } of blocks.sort((a, b) => a.toMs - b.toMs)) {
      if (bytes <= maxBytes) return;
      await this.remove([name]);
      bytes -= own;
    }
  }

  async close(): Promise<void> {
    const ends = await Promise.allSettled([...this.#writing.keys()].map((kind) => this.#closeOne(kind)));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  #all(): readonly HeadFile[] {
    return [...this.#waiting, ...this.#writing.values()];
  }

  async #closeOne(kind: FileKind): Promise<void> {
    const file = this.#writing.get(kind);
    if (file === undefined) return;
    this.#writing.delete(kind);
    const { name, toMs, bytes, handle } = file;
    this.#waiting = [...this.#waiting, { name, kind, toMs, bytes }];
    await handle.close();
  }
}
