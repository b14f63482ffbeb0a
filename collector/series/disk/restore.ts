import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../config/model/errors.ts';
import { isStale } from '../../../config/model/sample.ts';
import type { Head } from '../head.ts';
import type { Series } from '../series.ts';
import { readFrames, type FileEnd, type FrameContent } from './frames.ts';

/** What was read back when the collector started. */
export interface Restored {
  readonly series: number;
  readonly samples: number;
  /** The newest sample; absent if there was none. */
  readonly newestAtMs?: number;
  /** It had been closed in order: nothing is missing but the time until now. */
  readonly isWhole: boolean;
  /** What could not be read, in words that name the file. */
  readonly faults: readonly string[];
  readonly files: readonly HeadFile[];
  /** Files that are written get higher ones. */
  readonly lastNumber: number;
}

export interface HeadFile {
  readonly name: string;
  readonly kind: FileKind;
  /** The newest instant in it. */
  readonly toMs: number;
  readonly bytes: number;
}

/** `blocks`: packed blocks and late samples, each kept until it is too old. `open`: the open samples, replaced often. */
export type FileKind = 'blocks' | 'open';

const FILE_NAME = /^(blocks|open)-(\d{10})\.head$/;

export function fileName(kind: FileKind, number: number): string {
  return `${kind}-${String(number).padStart(10, '0')}.head`;
}

export function fileNumber(name: string): number {
  return Number(FILE_NAME.exec(name)?.[2] ?? -1);
}

/** Reads the folder into an empty head. What cannot be read is set aside and named; the rest counts. */
export function restoreHead(
  head: Head,
  folder: string,
  { fromMs, nowMs }: { fromMs: number; nowMs: number },
): Restored {
  const reader = new Reader(head, fromMs);
  const faults: string[] = [];
  const files: HeadFile[] = [];
  const names = readdirSync(folder).filter((name) => FILE_NAME.test(name));
  // Blocks first: "blocks" sorts before "open", and each in the order of writing.
  for (const name of names.sort()) {
    const kind = name.startsWith('blocks') ? 'blocks' : 'open';
    const { file, end } = readFile(join(folder, name), reader, kind);
    if (end.kind === 'whole' || end.kind === 'torn') {
      files.push({ name, kind, toMs: reader.fileToMs, bytes: file.length });
      continue;
    }
    faults.push(setAside(folder, name, end));
  }
  reader.finish();
  head.dropAfter(nowMs);
  const { newestMs } = reader;
  return {
    series: head.size.series,
    samples: reader.samples,
    ...(Number.isFinite(newestMs) ? { newestAtMs: Math.min(newestMs, nowMs) } : {}),
    isWhole: reader.isWhole || files.length === 0,
    faults,
    files,
    lastNumber: Math.max(0, ...names.map(fileNumber)),
  };
}

function readFile(
  path: string,
  reader: Reader,
  kind: FileKind,
): { readonly file: Buffer; readonly end: FileEnd } {
  const file = readFileSync(path);
  reader.begin(kind);
  return { file, end: readFrames(file, (content) => reader.take(content)) };
}

/** Out of the way and kept: somebody may want to look. One that was set aside before gives way. */
function setAside(folder: string, name: string, end: Exclude<FileEnd, { kind: 'whole' | 'torn' }>): string {
  const aside = `${name}.unreadable`;
  try {
    rmSync(join(folder, aside), { force: true });
    renameSync(join(folder, name), join(folder, aside));
  } catch (error) {
    return `samples on disk: ${name} cannot be read nor set aside: ${messageOf(error)}`;
  }
  if (end.kind === 'corrupt') {
    return `samples on disk: ${name} is damaged at byte ${end.atByte}; what was before that is read, the file is kept as ${aside}`;
  }
  const what =
    end.version === undefined
      ? 'is no file of ours'
      : `is of version ${end.version}, newer than this program`;
  return `samples on disk: ${name} ${what}; it is kept as ${aside}`;
}

interface LateSample {
  readonly series: Series;
  readonly atMs: number;
  readonly value: number;
}

/** Puts what frames hold into the head. */
class Reader {
  samples = 0;
  newestMs = Number.NEGATIVE_INFINITY;
  /** The newest instant in the file that is read. */
  fileToMs = Number.NEGATIVE_INFINITY;
  /** The last frame said that the head was closed in order. */
  isWhole = false;
  readonly #head: Head;
  readonly #fromMs: number;
  readonly #late: LateSample[] = [];
  #byId = new Map<number, Series | undefined>();
  #kind: FileKind = 'blocks';

  constructor(head: Head, fromMs: number) {
    this.#head = head;
    this.#fromMs = fromMs;
  }

  /** The next file: numbers of series mean something else. */
  begin(kind: FileKind): void {
    this.#kind = kind;
    this.#byId = new Map();
    this.fileToMs = Number.NEGATIVE_INFINITY;
  }

  take({ series, samples, blocks, isEnd }: FrameContent): void {
    for (const [id, labels] of series) this.#byId.set(id, this.#head.seriesOf(labels));
    this.#takeBlocks(blocks);
    this.#takeSamples(samples);
    this.isWhole = isEnd;
  }

  /** What came late goes to its place when all else is there. */
  finish(): void {
    for (const { series, atMs, value } of this.#late) if (series.insert(atMs, value)) this.samples += 1;
  }

  #saw(atMs: number): void {
    this.newestMs = Math.max(this.newestMs, atMs);
    this.fileToMs = Math.max(this.fileToMs, atMs);
  }

  #takeBlocks({ ids, counts, lengths, fromMs, toMs, bytes }: FrameContent['blocks']): void {
    let at = 0;
    for (const [index, id] of ids.entries()) {
      const count = counts[index] ?? 0;
      const lastMs = toMs[index] ?? 0;
      const start = at;
      at += lengths[index] ?? 0;
      this.#saw(lastMs);
      if (lastMs < this.#fromMs) continue;
      const block = { fromMs: fromMs[index] ?? 0, toMs: lastMs, count, bytes: bytes.subarray(start, at) };
      if (this.#byId.get(id)?.restore(block) === true) this.samples += count;
    }
  }

  #takeSamples({ ids, counts, timesMs, values }: FrameContent['samples']): void {
    let at = 0;
    for (const [index, id] of ids.entries()) {
      const series = this.#byId.get(id);
      for (const end = at + (counts[index] ?? 0); at < end; at += 1) {
        const atMs = timesMs[at] ?? 0;
        this.#saw(atMs);
        if (series !== undefined && atMs >= this.#fromMs) this.#takeSample(series, atMs, values, at);
      }
    }
  }

  #takeSample(series: Series, atMs: number, values: Float64Array, at: number): void {
    const value = values[at] ?? Number.NaN;
    // Beside blocks stand the samples that came late; beside open samples, what a block has by now.
    if (this.#kind === 'blocks') this.#late.push({ series, atMs, value });
    else if (atMs <= series.packedToMs) return;
    else if (isStale(values, at)) series.end(atMs);
    else if (series.append(atMs, value)) this.samples += 1;
    else this.#late.push({ series, atMs, value });
  }
}
