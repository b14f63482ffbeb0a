import { WatchkeeperError } from '../../../config/model/errors.ts';
import { ATTACHMENT_MAX_BYTES } from '../../../config/model/watch-log.ts';
import { plainJpeg } from '../plain-jpeg.ts';

/** A file whose kind is known by its content, without what it says of place, time and owner. */
export interface PlainFile {
  readonly mediaType: 'image/jpeg' | 'image/png' | 'application/pdf' | 'text/plain; charset=utf-8';
  readonly content: Uint8Array;
}

/** Takes pictures, PDF and plain text, and nothing that a browser would run. @throws {WatchkeeperError} */
export function strippedFile(content: Uint8Array): PlainFile {
  if (content.length > ATTACHMENT_MAX_BYTES) {
    throw new WatchkeeperError('body_too_large', `A file may have ${ATTACHMENT_MAX_BYTES / 1_048_576} MB.`);
  }
  const bytes = Buffer.from(content);
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) {
    const plain = plainJpeg(bytes);
    if (plain === undefined) throw refused('the picture is damaged');
    return { mediaType: 'image/jpeg', content: plain.bytes };
  }
  if (bytes.subarray(0, 8).equals(PNG_SIGNATURE)) {
    return { mediaType: 'image/png', content: strippedPng(bytes) };
  }
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') return { mediaType: 'application/pdf', content };
  if (isText(bytes)) return { mediaType: 'text/plain; charset=utf-8', content };
  throw refused('JPEG, PNG, PDF and plain text are taken');
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function refused(why: string): WatchkeeperError {
  return new WatchkeeperError('invalid_request', `The file cannot be taken: ${why}.`);
}

function isText(bytes: Buffer): boolean {
  if (bytes.length === 0 || bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** What makes the picture (ISO/IEC 15948 5.6); texts, times and private chunks go. */
const PNG_CHUNKS = new Set([
  'IHDR',
  'PLTE',
  'IDAT',
  'IEND',
  'tRNS',
  'gAMA',
  'cHRM',
  'sRGB',
  'sBIT',
  'pHYs',
  'bKGD',
]);

function strippedPng(bytes: Buffer): Uint8Array {
  const kept: Buffer[] = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    if (at + 12 > bytes.length) throw refused('the picture is damaged');
    const length = bytes.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > bytes.length) throw refused('the picture is damaged');
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (PNG_CHUNKS.has(type)) kept.push(bytes.subarray(at, end));
    at = end;
    if (type === 'IEND') break;
  }
  return Buffer.concat(kept);
}
