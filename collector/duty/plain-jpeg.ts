/** A JPEG that is its picture and nothing else. */
export interface PlainJpeg {
  readonly bytes: Buffer;
  /** In points, as it is stored: it may be shown turned. */
  readonly width: number;
  readonly height: number;
}

/** Markers of ITU-T T.81 (JPEG), table B.1. */
const MARKER = 0xff;
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const APPLICATION_0 = 0xe0;
const APPLICATION_14 = 0xee;
const APPLICATION_15 = 0xef;
const COMMENT = 0xfe;
/** Frames with sequential or progressive Huffman coding: what cameras and browsers write and show. */
const FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2];
/** Of a segment, with the two bytes that are its marker and the two that are its length. */
const HEAD_BYTES = 4;
/** Up to the height and width (B.2.2). */
const FRAME_BYTES = 9;

/**
 * The picture of a JPEG without what is said beside it: where it was taken and by what, comments, and whatever follows
 * its end, such as the second picture that some phones append with a place of its own.
 * @returns `undefined` for what is no JPEG, or one that is cut or damaged.
 */
export function plainJpeg(bytes: Buffer): PlainJpeg | undefined {
  const segments = segmentsOf(bytes);
  const frame = segments?.find(({ marker }) => FRAMES.includes(marker))?.bytes;
  const hasScan = segments?.some(({ marker }) => marker === START_OF_SCAN) === true;
  if (segments === undefined || frame === undefined || frame.length < FRAME_BYTES || !hasScan)
    return undefined;
  const kept = segments.filter((segment) => !isTalk(segment));
  return {
    bytes: Buffer.concat(kept.map((segment) => segment.bytes)),
    height: frame.readUInt16BE(5),
    width: frame.readUInt16BE(7),
  };
}

interface Segment {
  readonly marker: number;
  /** All of it, its marker included. */
  readonly bytes: Buffer;
}

/** From the first marker to the end of the picture; `undefined` where that is not reached. */
function segmentsOf(bytes: Buffer): readonly Segment[] | undefined {
  if (bytes[0] !== MARKER || bytes[1] !== START_OF_IMAGE) return undefined;
  const segments: Segment[] = [{ marker: START_OF_IMAGE, bytes: bytes.subarray(0, 2) }];
  for (let at = afterFill(bytes, 2); bytes[at] === MARKER; ) {
    const marker = bytes[at + 1] ?? 0;
    const end = marker === END_OF_IMAGE ? at + 2 : endOfSegment(bytes, at);
    if (end === undefined) return undefined;
    segments.push({ marker, bytes: bytes.subarray(at, end) });
    if (marker === END_OF_IMAGE) return segments;
    at = afterFill(bytes, end);
  }
  return undefined;
}

/** Any marker may have more of its first byte before it (B.1.1.2). */
function afterFill(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === MARKER && bytes[at + 1] === MARKER) at += 1;
  return at;
}

/** Where the segment at `at` ends, that of a scan with its coded data. */
function endOfSegment(bytes: Buffer, at: number): number | undefined {
  if (at + HEAD_BYTES > bytes.length) return undefined;
  const length = bytes.readUInt16BE(at + 2);
  const end = at + 2 + length;
  if (length < 2 || end > bytes.length) return undefined;
  return bytes[at + 1] === START_OF_SCAN ? endOfCodedData(bytes, end) : end;
}

/** Coded data go on over stuffed zeros and restart markers (B.1.1.5, E.1.4). */
function endOfCodedData(bytes: Buffer, from: number): number | undefined {
  for (let at = bytes.indexOf(MARKER, from); at >= 0; at = bytes.indexOf(MARKER, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    const isRestart = next >= 0xd0 && next <= 0xd7;
    if (next !== 0 && next !== MARKER && !isRestart) return at;
  }
  return undefined;
}

/** Segments that say something about the picture, and are not needed to show it. */
function isTalk({ marker, bytes }: Segment): boolean {
  if (marker === APPLICATION_0) return !isNamed(bytes, 'JFIF\0');
  // How its colours are meant.
  if (marker === APPLICATION_14) return !isNamed(bytes, 'Adobe');
  return (marker > APPLICATION_0 && marker <= APPLICATION_15) || marker === COMMENT;
}

function isNamed(bytes: Buffer, name: string): boolean {
  return bytes.toString('latin1', HEAD_BYTES, HEAD_BYTES + name.length) === name;
}
