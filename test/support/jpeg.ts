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
