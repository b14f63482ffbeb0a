import { createHash } from 'node:crypto';
import { WatchkeeperError } from '../../../config/model/errors.ts';

/** Photos are scaled by the phone; a larger one was not. */
export const MAX_PHOTO_BYTES = 300 * 1024;
const MAX_SIDE = 4_096;

/** Markers of ITU-T T.81 (JPEG), table B.1. */
const MARKER = 0xff;
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const APPLICATION_1 = 0xe1;
const APPLICATION_15 = 0xef;
const COMMENT = 0xfe;
/** Frames with sequential or progressive Huffman coding: what browsers write and show. */
const FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2];

/**
 * A photo without what it says beside the picture: where it was taken, by what, comments. The bytes after the end of
 * the picture go, too.
 * @throws {WatchkeeperError} `invalid_request` for what is no JPEG of a bearable size.
 */
export function plainPhoto(bytes: Buffer): Buffer {
  if (bytes.length > MAX_PHOTO_BYTES)
    throw invalid(`is larger than ${MAX_PHOTO_BYTES} bytes; the page scales photos before it sends them`);
  if (bytes[0] !== MARKER || bytes[1] !== START_OF_IMAGE) throw invalid('is no JPEG');
  const { segments, scanAt } = segmentsOf(bytes);
  const frame = segments.find(({ marker }) => FRAMES.includes(marker));
  const end = bytes.lastIndexOf(Buffer.from([MARKER, END_OF_IMAGE]));
  if (frame === undefined || end < scanAt) throw invalid('is cut or damaged');
  requireSize(frame.bytes);
  const kept = segments.filter(({ marker }) => !isTalk(marker)).map((segment) => segment.bytes);
  return Buffer.concat([bytes.subarray(0, 2), ...kept, bytes.subarray(scanAt, end + 2)]);
}

interface Segment {
  readonly marker: number;
  readonly bytes: Buffer;
}

/** What stands before the picture itself, and where that begins. */
function segmentsOf(bytes: Buffer): { readonly segments: readonly Segment[]; readonly scanAt: number } {
  const segments: Segment[] = [];
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1] ?? 0;
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (bytes[at] !== MARKER || end > bytes.length) break;
    if (marker === START_OF_SCAN) return { segments, scanAt: at };
    segments.push({ marker, bytes: bytes.subarray(at, end) });
    at = end;
  }
  throw invalid('is cut or damaged');
}

/** Segments that say something about the picture; APP0 says how it is to be shown. */
function isTalk(marker: number): boolean {
  return (marker >= APPLICATION_1 && marker <= APPLICATION_15) || marker === COMMENT;
}

function requireSize(frame: Buffer): void {
  if (frame.length < 9) throw invalid('is cut or damaged');
  const height = frame.readUInt16BE(5);
  const width = frame.readUInt16BE(7);
  if (height === 0 || width === 0 || height > MAX_SIDE || width > MAX_SIDE)
    throw invalid(`is ${width} × ${height} points; at most ${MAX_SIDE} a side`);
}

/** The name of a photo: the SHA-256 of the bytes that were sent. */
export function photoId(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function invalid(what: string): WatchkeeperError {
  return new WatchkeeperError('invalid_request', `The photo ${what}.`);
}
