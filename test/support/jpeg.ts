const START_OF_IMAGE = Buffer.from([0xff, 0xd8]);
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const START_OF_SCAN = 0xda;

/** A segment of a JPEG (ITU-T T.81, B.1.1.4). */
export function segment(marker: number, body: Buffer | string): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  const bytes = Buffer.from(body);
  head.writeUInt16BE(bytes.length + 2, 2);
  return Buffer.concat([head, bytes]);
}

export function frame(width: number, height: number): Buffer {
  const body = Buffer.alloc(15);
  body[0] = 8;
  body.writeUInt16BE(height, 1);
  body.writeUInt16BE(width, 3);
  return segment(0xc0, body);
}

/** A scan, with what is coded in it as it stands in the file. */
export function scan(coded: readonly number[]): Buffer {
  return Buffer.concat([segment(START_OF_SCAN, Buffer.alloc(10)), Buffer.from(coded)]);
}

export function jpeg(...segments: readonly Buffer[]): Buffer {
  return Buffer.concat([START_OF_IMAGE, ...segments, END_OF_IMAGE]);
}

/** A JPEG of `width` × `height` points whose picture is nothing, with a segment that says where it was taken. */
export function photoBytes({ width = 8, height = 8, talk = 'GPS 39.9 116.4' } = {}): Buffer {
  return jpeg(
    segment(0xe0, 'JFIF\0\u0001\u0001'),
    segment(0xe1, talk),
    frame(width, height),
    scan([1, 2, 3]),
  );
}

/** Orientation of Exif for a camera held upright whose picture lies on its side: its left is the top. */
export const LEFT_IS_TOP = 6;

/** What a camera writes beside a picture (Exif 3.0, 4.6): how it was held, and where on Earth. */
export function exif(orientation: number): Buffer {
  const tiff = Buffer.alloc(8 + 2 + 2 * 12 + 4 + 2 + 4 * 12 + 4 + 2 * 24);
  tiff.write('MM\0*\0\0\0\u0008', 'latin1');
  const entry = (at: number, [tag, type, count]: readonly [number, number, number]): number => {
    tiff.writeUInt16BE(tag, at);
    tiff.writeUInt16BE(type, at + 2);
    tiff.writeUInt32BE(count, at + 4);
    return at + 8;
  };
  const gpsAt = 38;
  const rationalsAt = gpsAt + 2 + 4 * 12 + 4;
  tiff.writeUInt16BE(2, 8);
  tiff.writeUInt16BE(orientation, entry(10, [0x0112, 3, 1]));
  tiff.writeUInt32BE(gpsAt, entry(22, [0x8825, 4, 1]));
  tiff.writeUInt16BE(4, gpsAt);
  tiff.write('N', entry(gpsAt + 2, [1, 2, 2]));
  tiff.writeUInt32BE(rationalsAt, entry(gpsAt + 14, [2, 5, 3]));
  tiff.write('E', entry(gpsAt + 26, [3, 2, 2]));
  tiff.writeUInt32BE(rationalsAt + 24, entry(gpsAt + 38, [4, 5, 3]));
  for (const [index, degrees] of [39, 54, 20, 116, 23, 29].entries()) {
    tiff.writeUInt32BE(degrees, rationalsAt + index * 8);
    tiff.writeUInt32BE(1, rationalsAt + index * 8 + 4);
  }
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff]));
}

/** The same picture with a segment put before all others. */
export function withSegment(photo: Buffer, added: Buffer): Buffer {
  return Buffer.concat([photo.subarray(0, 2), added, photo.subarray(2)]);
}

/** The markers of all segments, in hexadecimal, and what is behind the end of the picture. */
export function partsOf(photo: Buffer): { readonly markers: readonly string[]; readonly behind: number } {
  const markers: string[] = [];
  for (let at = 2; at + 1 < photo.length; ) {
    const marker = photo[at + 1] ?? 0;
    if (photo[at] !== 0xff) throw new Error(`no marker at ${at}`);
    if (marker === 0xd9) return { markers, behind: photo.length - at - 2 };
    markers.push(marker.toString(16));
    at += 2 + photo.readUInt16BE(at + 2);
    if (marker !== START_OF_SCAN) continue;
    // Coded data: a marker in it is a zero or a restart.
    while (photo[at] !== 0xff || photo[at + 1] === 0 || ((photo[at + 1] ?? 0) & 0xf8) === 0xd0) at += 1;
  }
  throw new Error('the picture has no end');
}
