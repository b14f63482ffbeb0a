import { constants, crc32, zstdCompress, zstdDecompressSync } from 'node:zlib';
import { promisify } from 'node:util';
import type { Labels } from '../../../config/model/labels.ts';
import { giveBack } from '../../../config/runtime/garbage.ts';

/** The first bytes of each file: what it is, and the version of its format. */
const MAGIC = 'WKHEAD';
export const FORMAT_VERSION = 1;
const HEADER_BYTES = 8;
/** Length and checksum of what follows. */
const FRAME_HEADER_BYTES = 8;
/** No frame that we write comes near; a larger one is broken, and nothing is allocated for it. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

const pack = promisify(zstdCompress);

/** What a frame holds. Series are named by numbers that a frame before it in the same file, or itself, has defined. */
export interface FrameContent {
  /** `[number, labels]` of series that come for the first time in this file. */
  readonly series: readonly (readonly [number, Labels])[];
  /** Samples: `ids[i]` has `counts[i]` of them, behind each other in both columns. */
  readonly samples: SampleColumns;
  readonly blocks: BlockColumns;
  /** The head was closed in order: nothing is missing after this. */
  readonly isEnd: boolean;
}

export interface SampleColumns {
  readonly ids: Uint32Array;
  readonly counts: Uint32Array;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

/** Packed blocks: `ids[i]` has one of `counts[i]` samples between two instants, in `lengths[i]` of the bytes. */
export interface BlockColumns {
  readonly ids: Uint32Array;
  readonly counts: Uint32Array;
  readonly lengths: Uint32Array;
  readonly fromMs: Float64Array;
  readonly toMs: Float64Array;
  readonly bytes: Uint8Array;
}

/** How the reading of a file ended. */
export type FileEnd =
  | { readonly kind: 'whole' }
  /** The last frame was not written to its end: the program or the power went. */
  | { readonly kind: 'torn'; readonly lostBytes: number }
  /** Something in its middle is not as it was written. */
  | { readonly kind: 'corrupt'; readonly atByte: number }
  | { readonly kind: 'foreign'; readonly version: number | undefined };

export function fileHeader(): Buffer {
  return Buffer.from(`${MAGIC}${String(FORMAT_VERSION).padStart(2, '0')}`);
}

export async function encodeFrame({ series, samples, blocks, isEnd }: FrameContent): Promise<Buffer> {
  const names = Buffer.from(series.length === 0 ? '' : JSON.stringify(series));
  const sizes = Uint32Array.of(
    isEnd ? 1 : 0,
    names.length,
    samples.ids.length,
    samples.timesMs.length,
    blocks.ids.length,
    blocks.bytes.length,
  );
  const parts = [
    sizes,
    samples.timesMs,
    samples.values,
    blocks.fromMs,
    blocks.toMs,
    samples.ids,
    samples.counts,
    blocks.ids,
    blocks.counts,
    blocks.lengths,
    names,
    blocks.bytes,
  ].map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength));
  const plain = Buffer.concat(parts);
  const body = await pack(plain, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  giveBack(plain);
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt32LE(body.length, 0);
  header.writeUInt32LE(crc32(body), 4);
  const frame = Buffer.concat([header, body]);
  giveBack(body);
  return frame;
}

/** Reads all frames of a file in their order, as far as they are as they were written. */
export function readFrames(file: Buffer, visit: (content: FrameContent) => void): FileEnd {
  if (file.length < HEADER_BYTES) return { kind: 'torn', lostBytes: file.length };
  const header = file.toString('latin1', 0, HEADER_BYTES);
  const version = header.startsWith(MAGIC) ? Number(header.slice(MAGIC.length)) : undefined;
  if (version !== FORMAT_VERSION) return { kind: 'foreign', version };
  let at = HEADER_BYTES;
  while (at < file.length) {
    const end = frameEnd(file, at);
    const content = end === undefined ? undefined : decodeFrame(file.subarray(at, end));
    // What was being written reaches to the end of the file; what has more behind it was whole once.
    if (end === undefined || (content === undefined && end === file.length)) {
      return { kind: 'torn', lostBytes: file.length - at };
    }
    if (content === undefined) return { kind: 'corrupt', atByte: at };
    visit(content);
    at = end;
  }
  return { kind: 'whole' };
}

function frameEnd(file: Buffer, at: number): number | undefined {
  if (at + FRAME_HEADER_BYTES > file.length) return undefined;
  const length = file.readUInt32LE(at);
  const end = at + FRAME_HEADER_BYTES + length;
  return length > MAX_FRAME_BYTES || end > file.length ? undefined : end;
}

function decodeFrame(frame: Buffer): FrameContent | undefined {
  const body = frame.subarray(FRAME_HEADER_BYTES);
  if (crc32(body) !== frame.readUInt32LE(4)) return undefined;
  const plain = zstdDecompressSync(body, { maxOutputLength: MAX_UNPACKED_BYTES });
  // A buffer of its own: typed arrays need theirs to begin at a multiple of eight.
  const { buffer } = new Uint8Array(plain);
  const [flags = 0, nameBytes = 0, series = 0, samples = 0, blocks = 0, blockBytes = 0] = new Uint32Array(
    buffer,
    0,
    6,
  );
  let at = 24;
  const doubles = (count: number): Float64Array =>
    new Float64Array(buffer, (at += 8 * count) - 8 * count, count);
  const numbers = (count: number): Uint32Array =>
    new Uint32Array(buffer, (at += 4 * count) - 4 * count, count);
  const bytes = (count: number): Uint8Array => new Uint8Array(buffer, (at += count) - count, count);
  const timesMs = doubles(samples);
  const values = doubles(samples);
  const fromMs = doubles(blocks);
  const toMs = doubles(blocks);
  const own = { ids: numbers(series), counts: numbers(series), timesMs, values };
  const packed = { ids: numbers(blocks), counts: numbers(blocks), lengths: numbers(blocks), fromMs, toMs };
  const names = Buffer.from(bytes(nameBytes)).toString();
  return {
    series: names === '' ? [] : (JSON.parse(names) as FrameContent['series']),
    samples: own,
    blocks: { ...packed, bytes: bytes(blockBytes) },
    isEnd: flags === 1,
  };
}
