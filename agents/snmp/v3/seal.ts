import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PrivacyProtocol } from '../../../config/model/snmp.ts';
import { malformed } from '../ber.ts';
import { AUTH, type LocalKeys } from './keys.ts';
import { encodeScoped, encodeV3, openScoped, type Scoped, type V3Message } from './message.ts';

/** Who speaks to whom: what a message says of itself besides its content. */
export interface Letter {
  readonly messageId: number;
  readonly isReportable: boolean;
  readonly engineId: Uint8Array;
  readonly boots: number;
  readonly time: number;
  readonly user: string;
  readonly keys: LocalKeys;
  readonly scoped: Scoped;
}

/** The bytes of a message, signed and encrypted as far as there are keys. */
export function seal({ keys, scoped, isReportable, ...head }: Letter): Uint8Array {
  const plain = encodeScoped(scoped);
  const { salt, data } =
    keys.privacy === undefined
      ? { salt: new Uint8Array(0), data: plain }
      : encrypt(keys.privacy, head, plain);
  const { packet, codeStart } = encodeV3({
    ...head,
    flags: { isAuthentic: keys.auth !== undefined, isPrivate: keys.privacy !== undefined, isReportable },
    salt,
    data,
    codeBytes: keys.auth === undefined ? 0 : AUTH[keys.auth.protocol].codeBytes,
  });
  if (keys.auth !== undefined) packet.set(codeOf(keys.auth, packet, codeStart), codeStart);
  return packet;
}

/** Whether the message was signed by who has the key; the comparison takes the same time whatever it finds. */
export function isSignedBy(
  auth: NonNullable<LocalKeys['auth']>,
  packet: Uint8Array,
  { codeStart, codeEnd }: Pick<V3Message, 'codeStart' | 'codeEnd'>,
): boolean {
  if (codeEnd - codeStart !== AUTH[auth.protocol].codeBytes) return false;
  return timingSafeEqual(packet.subarray(codeStart, codeEnd), codeOf(auth, packet, codeStart));
}

/** RFC 3414 section 6.3.1: over the whole message, with zeros where the code stands. */
function codeOf({ protocol, key }: NonNullable<LocalKeys['auth']>, packet: Uint8Array, at: number): Buffer {
  const { hash, codeBytes } = AUTH[protocol];
  const hmac = createHmac(hash, key).update(packet.subarray(0, at));
  hmac.update(new Uint8Array(codeBytes)).update(packet.subarray(at + codeBytes));
  return hmac.digest().subarray(0, codeBytes);
}

/**
 * The content of a message, decrypted if it was encrypted.
 * @throws {WatchkeeperError} `snmp_malformed`, also when the key is the wrong one.
 */
export function unseal(message: V3Message, keys: LocalKeys): Scoped {
  if (!message.flags.isPrivate) return openScoped(message.data);
  if (keys.privacy === undefined) malformed('it is encrypted, and there is no key');
  return openScoped(decrypt(keys.privacy, message));
}

type PrivacyKey = NonNullable<LocalKeys['privacy']>;
type Start = Pick<V3Message, 'boots' | 'time'>;

const CIPHERS = {
  // Single DES is three times DES with the same key; OpenSSL keeps the former among what is out of use.
  des: 'des-ede3-cbc',
  aes128: 'aes-128-cfb',
  aes192: 'aes-192-cfb',
  aes256: 'aes-256-cfb',
  'aes192-cisco': 'aes-192-cfb',
  'aes256-cisco': 'aes-256-cfb',
} as const satisfies Readonly<Record<PrivacyProtocol, string>>;

const DES_BLOCK_BYTES = 8;

function encrypt(key: PrivacyKey, start: Start, plain: Uint8Array): { salt: Uint8Array; data: Uint8Array } {
  const salt = newSalt(key.protocol, start.boots);
  const cipher = createCipheriv(CIPHERS[key.protocol], cipherKey(key), firstBlock(key, start, salt));
  if (key.protocol !== 'des') return { salt, data: Buffer.concat([cipher.update(plain), cipher.final()]) };
  // RFC 3414 section 8.1.1.2: padded with whatever; the content says its own length.
  cipher.setAutoPadding(false);
  const padded = new Uint8Array(Math.ceil(plain.length / DES_BLOCK_BYTES) * DES_BLOCK_BYTES);
  padded.set(plain);
  return { salt, data: Buffer.concat([cipher.update(padded), cipher.final()]) };
}

function decrypt(key: PrivacyKey, { boots, time, salt, data }: V3Message): Uint8Array {
  if (salt.length !== 8) malformed('the encryption has no beginning');
  const start = firstBlock(key, { boots, time }, salt);
  const decipher = createDecipheriv(CIPHERS[key.protocol], cipherKey(key), start);
  if (key.protocol === 'des') {
    if (data.length % DES_BLOCK_BYTES !== 0) malformed('the encrypted part has no whole number of blocks');
    decipher.setAutoPadding(false);
  }
  return Buffer.concat([decipher.update(data), decipher.final()]);
}

function cipherKey({ protocol, key }: PrivacyKey): Uint8Array {
  if (protocol !== 'des') return key;
  const single = key.subarray(0, DES_BLOCK_BYTES);
  return Buffer.concat([single, single, single]);
}

/** RFC 3414 section 8.1.1.1 for DES, RFC 3826 section 3.1.2.1 for AES. */
function firstBlock({ protocol, key }: PrivacyKey, { boots, time }: Start, salt: Uint8Array): Uint8Array {
  if (protocol === 'des') return salt.map((byte, index) => byte ^ (key[DES_BLOCK_BYTES + index] ?? 0));
  const block = Buffer.alloc(16);
  block.writeUInt32BE(boots, 0);
  block.writeUInt32BE(time, 4);
  block.set(salt, 8);
  return block;
}

/** Never the same twice while the program runs; another beginning each time that it starts. */
let saltCounter = randomBytes(8).readBigUInt64BE();

function newSalt(protocol: PrivacyProtocol, boots: number): Uint8Array {
  saltCounter = BigInt.asUintN(64, saltCounter + 1n);
  const salt = Buffer.alloc(8);
  salt.writeBigUInt64BE(saltCounter);
  if (protocol === 'des') salt.writeUInt32BE(boots, 0);
  return salt;
}
