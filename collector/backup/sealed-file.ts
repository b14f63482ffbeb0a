import { createCipheriv, createDecipheriv, randomBytes, scrypt, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { WatchkeeperError } from '../../config/model/errors.ts';

/**
 * A stream under lock and key: a line of JSON that says how the key is made (scrypt), then frames of AES-256-GCM. Each
 * frame's number and whether it is the last are part of what is authenticated, so that none can be changed, moved or cut
 * off unseen (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
 */

const FORMAT = 'watchkeeper-sealed/1';
const CIPHER = 'aes-256-gcm';
const FRAME_BYTES = 64 * 1024;
/** Whether it is the last, then its length. */
const FRAME_HEAD_BYTES = 5;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const LONGEST_HEADER_BYTES = 1_024;

/** Takes 32 MB and about a tenth of a second; keys that people make up have at least 16 characters. */
const COST = { n: 32_768, r: 8, p: 1 };
/** A header that asks for more is hostile. */
const MOST_COST = { n: 1_048_576, r: 16, p: 4 };

interface Header {
  readonly format: typeof FORMAT;
  readonly kdf: { readonly n: number; readonly r: number; readonly p: number; readonly salt: string };
}

/** Seals a stream. @param secret a passphrase, or what stands in a key file. */
export async function* seal(
  plain: AsyncIterable<Uint8Array>,
  secret: string,
  cost = COST,
): AsyncGenerator<Buffer> {
  const kdf = { ...cost, salt: randomBytes(16).toString('hex') };
  const header = Buffer.from(`${JSON.stringify({ format: FORMAT, kdf } satisfies Header)}\n`);
  const key = await keyOf(secret, kdf);
  yield header;
  let number = 0;
  for await (const { bytes, isLast } of inFrames(plain)) {
    const head = Buffer.alloc(FRAME_HEAD_BYTES);
    head.writeUInt8(isLast ? 1 : 0, 0);
    head.writeUInt32BE(bytes.length, 1);
    const cipher = createCipheriv(CIPHER, key, nonceOf(number)).setAAD(Buffer.concat([header, head]));
    const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
    yield Buffer.concat([head, sealed, cipher.getAuthTag()]);
    number += 1;
  }
}

/**
 * Opens what `seal` sealed; nothing is given out that was not authenticated.
 * @throws {WatchkeeperError} `backup_invalid` when it is none, the key does not fit, or it was changed or cut off.
 */
export async function* unseal(sealed: AsyncIterable<Uint8Array>, secret: string): AsyncGenerator<Buffer> {
  const source = takeFrom(sealed);
  const header = await source.line(LONGEST_HEADER_BYTES);
  const key = await keyOf(secret, headerOf(header).kdf);
  for (let number = 0; ; number += 1) {
    const head = await source.take(FRAME_HEAD_BYTES);
    const length = head.readUInt32BE(1);
    if (length > FRAME_BYTES) throw invalid(damaged(number));
    const bytes = await source.take(length);
    const tag = await source.take(TAG_BYTES);
    const decipher = createDecipheriv(CIPHER, key, nonceOf(number)).setAAD(Buffer.concat([header, head]));
    decipher.setAuthTag(tag);
    let plain: Buffer;
    try {
      plain = Buffer.concat([decipher.update(bytes), decipher.final()]);
    } catch (error) {
      throw invalid(damaged(number), error);
    }
    yield plain;
    if (head.readUInt8(0) === 1) break;
  }
  if (!(await source.isAtEnd())) throw invalid('something was added to its end');
}

function damaged(frame: number): string {
  return frame === 0
    ? 'the key does not fit, or its beginning is damaged'
    : `it is damaged after ${frame * FRAME_BYTES} bytes`;
}

function headerOf(line: Buffer): Header {
  let header: Partial<Header> | null = null;
  try {
    header = JSON.parse(line.toString('utf8')) as Partial<Header> | null;
  } catch {
    // Said below.
  }
  if (header?.format !== FORMAT || header.kdf === undefined) throw invalid('it is no backup of Watchkeeper');
  const { n, r, p, salt } = header.kdf;
  const isSane = ([value, most]: readonly [number, number]): boolean =>
    Number.isInteger(value) && value >= 1 && value <= most;
  const costs: readonly (readonly [number, number])[] = [
    [n, MOST_COST.n],
    [r, MOST_COST.r],
    [p, MOST_COST.p],
  ];
  if (!costs.every(isSane) || !/^[0-9a-f]{32}$/.test(salt)) throw invalid('its first line is damaged');
  return header as Header;
}

const scryptKey = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

async function keyOf(secret: string, { n, r, p, salt }: Header['kdf']): Promise<Buffer> {
  try {
    const options = { N: n, r, p, maxmem: 129 * n * r + 1_000_000 };
    return await scryptKey(secret, Buffer.from(salt, 'hex'), KEY_BYTES, options);
  } catch (error) {
    throw invalid('its first line is damaged', error);
  }
}

/** The key is of this file alone, so the number of the frame is enough. */
function nonceOf(number: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(number), 4);
  return nonce;
}

async function* inFrames(
  plain: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly bytes: Buffer; readonly isLast: boolean }> {
  let pending = Buffer.alloc(0);
  for await (const more of plain) {
    pending = Buffer.concat([pending, more]);
    while (pending.length > FRAME_BYTES) {
      yield { bytes: pending.subarray(0, FRAME_BYTES), isLast: false };
      pending = pending.subarray(FRAME_BYTES);
    }
  }
  yield { bytes: pending, isLast: true };
}

/** Exactly so many bytes at a time. */
function takeFrom(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]();
  let pending = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const { done, value } = await chunks.next();
    if (done === true) return false;
    pending = Buffer.concat([pending, value]);
    return true;
  };
  const take = async (length: number): Promise<Buffer> => {
    while (pending.length < length) if (!(await more())) throw invalid('it ends in the middle');
    const taken = pending.subarray(0, length);
    pending = pending.subarray(length);
    return taken;
  };
  return {
    take,
    async line(longest: number): Promise<Buffer> {
      while (!pending.includes(10) && pending.length < longest) if (!(await more())) break;
      const end = pending.indexOf(10);
      if (end < 0 || end >= longest) throw invalid('it is no backup of Watchkeeper');
      return take(end + 1);
    },
    isAtEnd: async (): Promise<boolean> => pending.length === 0 && !(await more()),
  };
}

function invalid(why: string, cause?: unknown): WatchkeeperError {
  return new WatchkeeperError('backup_invalid', `The backup cannot be used: ${why}.`, { cause });
}
