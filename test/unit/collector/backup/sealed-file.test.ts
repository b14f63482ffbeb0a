import { expect, it } from 'vitest';
import { seal, unseal } from '../../../../collector/backup/sealed-file.ts';

const SECRET = 'correct horse battery staple';
/** Making a key is slow by design. */
const CHEAP = { n: 2, r: 1, p: 1 };

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

const sealed = (plain: Buffer): Promise<Buffer> => all(seal(chunks(plain, 30_000), SECRET, CHEAP));
const opened = (bytes: Buffer, secret = SECRET): Promise<Buffer> => all(unseal(chunks(bytes, 1_013), secret));

const FRAME = 64 * 1024;
const plainOf = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, index) => index * 7));

it.each([0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME])(
  'gives back %i bytes as they were',
  async (length) => {
    const plain = plainOf(length);
    expect((await opened(await sealed(plain))).equals(plain)).toBe(true);
  },
);

it('shows nothing of what is in it, and never the same twice', async () => {
  const plain = Buffer.from('hunter2'.repeat(100));
  const [one, two] = await Promise.all([sealed(plain), sealed(plain)]);
  expect(one.includes('hunter2')).toBe(false);
  expect(one.equals(two)).toBe(false);
});

it('finds out whatever was done to it', async () => {
  const bytes = await sealed(plainOf(2 * FRAME + 100));
  const headerEnd = bytes.indexOf(10) + 1;
  const frame = FRAME + 21;
  const first = bytes.subarray(headerEnd, headerEnd + frame);
  const second = bytes.subarray(headerEnd + frame, headerEnd + 2 * frame);
  const last = bytes.subarray(headerEnd + 2 * frame);
  const header = bytes.subarray(0, headerEnd);
  const flipped = (at: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
    return copy;
  };
  const harmed: Readonly<Record<string, Buffer>> = {
    'a bit of the header': flipped(headerEnd - 10),
    'whether a frame is the last': flipped(headerEnd),
    'the length of a frame': flipped(headerEnd + 2),
    'a bit of a frame': flipped(headerEnd + 1_000),
    'a bit of a tag': flipped(bytes.length - 1),
    'frames in another order': Buffer.concat([header, second, first, last]),
    'a frame left out': Buffer.concat([header, first, last]),
    'a frame twice': Buffer.concat([header, first, first, second, last]),
    'the last frame left out': Buffer.concat([header, first, second]),
    'cut off': bytes.subarray(0, bytes.length - 5),
    'cut off in the header': bytes.subarray(0, 20),
    'something added': Buffer.concat([bytes, Buffer.from('x')]),
    nothing: Buffer.alloc(0),
    'another file': Buffer.alloc(5_000, 'a'),
  };
  for (const [what, copy] of Object.entries(harmed)) {
    await expect(opened(copy), what).rejects.toMatchObject({ code: 'backup_invalid' });
  }
  await expect(opened(bytes, 'another key')).rejects.toThrow('the key does not fit');
});

it.each([
  { n: 2 ** 30, r: 8, p: 1 },
  { n: 2, r: 1_000, p: 1 },
  { n: 3, r: 1, p: 1 },
  { n: -1, r: 1, p: 1 },
])('does not work itself to death for a header that asks for it: %j', async (cost) => {
  const header = { format: 'watchkeeper-sealed/1', kdf: { ...cost, salt: '0'.repeat(32) } };
  await expect(opened(Buffer.from(`${JSON.stringify(header)}\n12345`))).rejects.toMatchObject({
    code: 'backup_invalid',
  });
});
