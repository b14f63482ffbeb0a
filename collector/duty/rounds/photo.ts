import { createHash } from 'node:crypto';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { plainJpeg } from '../plain-jpeg.ts';

/** Photos are scaled by the phone; a larger one was not. */
export const MAX_PHOTO_BYTES = 300 * 1024;
const MAX_SIDE = 4_096;

/**
 * A photo without what it says beside the picture: where it was taken, by what, comments.
 * @throws {WatchkeeperError} `invalid_request` for what is no JPEG of a bearable size.
 */
export function plainPhoto(bytes: Buffer): Buffer {
  if (bytes.length > MAX_PHOTO_BYTES)
    throw invalid(`is larger than ${MAX_PHOTO_BYTES} bytes; the page scales photos before it sends them`);
  const plain = plainJpeg(bytes);
  if (plain === undefined) throw invalid('is no JPEG, or is cut or damaged');
  const { width, height } = plain;
  if (height === 0 || width === 0 || height > MAX_SIDE || width > MAX_SIDE)
    throw invalid(`is ${width} × ${height} points; at most ${MAX_SIDE} a side`);
  return plain.bytes;
}

/** The name of a photo: the SHA-256 of the bytes that were sent. */
export function photoId(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function invalid(what: string): WatchkeeperError {
  return new WatchkeeperError('invalid_request', `The photo ${what}.`);
}
