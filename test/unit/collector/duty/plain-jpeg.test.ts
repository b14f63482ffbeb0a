import { describe, expect, it } from 'vitest';
import { plainJpeg } from '../../../../collector/duty/plain-jpeg.ts';
import { frame, jpeg, photoBytes, scan, segment } from '../../../support/jpeg.ts';

const JFIF = segment(0xe0, 'JFIF\0\u0001\u0001');
const EXIF = segment(0xe1, 'Exif\0\0 GPS 39.9 116.4');
const PICTURE = [frame(8, 6), scan([1, 2, 3])] as const;

describe('a JPEG', () => {
  it('is its picture, of the size that its frame says', () => {
    const plain = jpeg(JFIF, ...PICTURE);
    expect(plainJpeg(plain)).toEqual({ bytes: plain, width: 8, height: 6 });
  });

  it.each([
    ['what the camera wrote', jpeg(JFIF, EXIF, ...PICTURE)],
    ['a comment', jpeg(JFIF, segment(0xfe, '<script>'), ...PICTURE)],
    ['what a maker adds', jpeg(JFIF, segment(0xed, 'Photoshop'), segment(0xe2, 'MPF\0'), ...PICTURE)],
    ['a small picture of it', jpeg(JFIF, segment(0xe0, 'JFXX\0 GPS'), ...PICTURE)],
    ['what stands between its scans', jpeg(JFIF, frame(8, 6), EXIF, scan([1, 2, 3]), EXIF)],
    ['a second picture after its end', Buffer.concat([jpeg(JFIF, ...PICTURE), jpeg(EXIF, ...PICTURE)])],
    [
      'a page after its end',
      Buffer.concat([jpeg(JFIF, ...PICTURE), Buffer.from('<script>\u00ff\u00d9', 'latin1')]),
    ],
    ['bytes that fill', jpeg(JFIF, Buffer.from([0xff, 0xff]), EXIF, ...PICTURE)],
  ])('loses %s', (_what, bytes) => {
    expect(plainJpeg(bytes)?.bytes).toEqual(jpeg(JFIF, ...PICTURE));
  });

  it('keeps how its colours are meant, each of its scans, and what looks like a marker in them', () => {
    const coded = [0xff, 0x00, 0xe1, 0xff, 0xd0, 0xff, 0xd7, 0xff, 0x00];
    const bytes = jpeg(
      JFIF,
      segment(0xee, 'Adobe\0d'),
      frame(8, 6),
      scan(coded),
      segment(0xc4, 'x'),
      scan(coded),
    );
    expect(plainJpeg(bytes)?.bytes).toEqual(bytes);
  });

  it('is none when it is cut anywhere, or has no frame or no scan', () => {
    const photo = photoBytes();
    for (let length = 0; length < photo.length; length += 1)
      expect([length, plainJpeg(photo.subarray(0, length))]).toEqual([length, undefined]);
    expect(plainJpeg(jpeg(JFIF, scan([1])))).toBeUndefined();
    expect(plainJpeg(jpeg(JFIF, frame(8, 6)))).toBeUndefined();
  });
});
