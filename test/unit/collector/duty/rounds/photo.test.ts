import { describe, expect, it } from 'vitest';
import { MAX_PHOTO_BYTES, plainPhoto } from '../../../../../collector/duty/rounds/photo.ts';
import { photoBytes } from '../../../../support/jpeg.ts';

describe('a photo', () => {
  it('is kept without what it says of where and with what it was taken', () => {
    const photo = Buffer.concat([photoBytes(), Buffer.from('<script>alert(1)</script>')]);
    const plain = plainPhoto(photo);
    expect(plain.toString('latin1')).not.toMatch(/GPS|script/);
    expect([plain.subarray(0, 2), plain.subarray(-2)]).toEqual([
      Buffer.from([0xff, 0xd8]),
      Buffer.from([0xff, 0xd9]),
    ]);
    expect(plainPhoto(plain)).toEqual(plain);
  });

  it.each([
    ['a text', Buffer.from('<svg onload=alert(1)>')],
    ['nothing', Buffer.alloc(0)],
    ['a picture of another kind', Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1')],
    ['one that is cut', photoBytes().subarray(0, 40)],
    ['one without an end', photoBytes().subarray(0, -2)],
    ['a begin and nothing else', Buffer.from([0xff, 0xd8, 0xff, 0xd9])],
    ['one whose segment is longer than it', Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff, 0])],
    ['one of too many points', photoBytes({ width: 60_000, height: 60_000 })],
    ['one of no points', photoBytes({ width: 0 })],
  ])('is refused: %s', (_what, bytes) => {
    expect(() => plainPhoto(bytes)).toThrow('The photo');
  });

  it('is refused when nobody scaled it', () => {
    const large = Buffer.concat([photoBytes(), Buffer.alloc(MAX_PHOTO_BYTES)]);
    expect(() => plainPhoto(large)).toThrow(`larger than ${MAX_PHOTO_BYTES} bytes`);
  });

  it('never throws anything else, however it was changed', () => {
    const photo = photoBytes();
    for (let at = 0; at < photo.length; at += 1)
      for (const byte of [0, 0x7f, 0xff]) {
        const mutated = Buffer.from(photo);
        mutated[at] = byte;
        try {
          plainPhoto(mutated);
        } catch (error) {
          expect(String(error)).toContain('The photo');
        }
      }
  });
});
