import { createHash } from 'node:crypto';
import type { AuthProtocol, PrivacyProtocol } from '../../../config/model/snmp.ts';

/** A user of the User-based Security Model (RFC 3414), with passwords in clear: never to be logged. */
export interface User {
  readonly name: string;
  readonly auth?: { readonly protocol: AuthProtocol; readonly password: string };
  readonly privacy?: { readonly protocol: PrivacyProtocol; readonly password: string };
}

/** A user's keys on one engine. */
export interface LocalKeys {
  readonly auth?: { readonly protocol: AuthProtocol; readonly key: Uint8Array };
  readonly privacy?: { readonly protocol: PrivacyProtocol; readonly key: Uint8Array };
}

/** The digest of each protocol, and to how many bytes its code is cut (RFC 3414 sections 6 and 7, RFC 7860 section 4). */
export const AUTH = {
  md5: { hash: 'md5', codeBytes: 12 },
  sha1: { hash: 'sha1', codeBytes: 12 },
  sha224: { hash: 'sha224', codeBytes: 16 },
  sha256: { hash: 'sha256', codeBytes: 24 },
  sha384: { hash: 'sha384', codeBytes: 32 },
  sha512: { hash: 'sha512', codeBytes: 48 },
} as const satisfies Readonly<Record<AuthProtocol, { hash: string; codeBytes: number }>>;

/** How many bytes of key each protocol takes (DES: eight of key, eight to start from), and how a short key is made longer. */
const PRIVACY = {
  des: { keyBytes: 16, extend: extendAsBlumenthal },
  aes128: { keyBytes: 16, extend: extendAsBlumenthal },
  aes192: { keyBytes: 24, extend: extendAsBlumenthal },
  aes256: { keyBytes: 32, extend: extendAsBlumenthal },
  'aes192-cisco': { keyBytes: 24, extend: extendAsReeder },
  'aes256-cisco': { keyBytes: 32, extend: extendAsReeder },
} as const satisfies Readonly<Record<PrivacyProtocol, { keyBytes: number; extend: Extend }>>;

type Extend = (key: Buffer, wanted: number, protocol: AuthProtocol, engineId: Uint8Array) => Buffer;

/** The keys of a user on an engine. Privacy keys come by the digest of authentication, without which there is no privacy. */
export function localKeys({ auth, privacy }: User, engineId: Uint8Array): LocalKeys {
  if (auth === undefined) return {};
  const authKey = localized(auth.protocol, stretched(auth.protocol, auth.password), engineId);
  const own = { auth: { protocol: auth.protocol, key: authKey } };
  if (privacy === undefined) return own;
  const { keyBytes, extend } = PRIVACY[privacy.protocol];
  const short = localized(auth.protocol, stretched(auth.protocol, privacy.password), engineId);
  const key = extend(short, keyBytes, auth.protocol, engineId).subarray(0, keyBytes);
  return { ...own, privacy: { protocol: privacy.protocol, key } };
}

/** RFC 3414 section 2.6: the key of a user is another one on each engine. */
function localized(protocol: AuthProtocol, key: Uint8Array, engineId: Uint8Array): Buffer {
  return digest(protocol, key, engineId, key);
}

function digest(protocol: AuthProtocol, ...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash(AUTH[protocol].hash);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** draft-blumenthal-aes-usm-04 section 3.1.2.1: the digest of what there is goes behind it. */
function extendAsBlumenthal(key: Buffer, wanted: number, protocol: AuthProtocol): Buffer {
  let long = key;
  while (long.length < wanted) long = Buffer.concat([long, digest(protocol, long)]);
  return long;
}

/** draft-reeder-snmpv3-usm-3desede-00 section 2.1: what there is last is taken for a password. */
function extendAsReeder(key: Buffer, wanted: number, protocol: AuthProtocol, engineId: Uint8Array): Buffer {
  let [long, last] = [key, key];
  while (long.length < wanted) {
    last = localized(protocol, stretch(protocol, last), engineId);
    long = Buffer.concat([long, last]);
  }
  return long;
}

const STRETCHED_BYTES = 1_048_576;
/** Stretching takes milliseconds; a thousand devices with the same user must not pay for it a thousand times. */
const MAX_STRETCHED = 4_096;
const stretchedKeys = new Map<string, Buffer>();

function stretched(protocol: AuthProtocol, password: string): Buffer {
  const name = createHash('sha256').update(`${protocol}\0${password}`).digest('base64');
  const known = stretchedKeys.get(name);
  if (known !== undefined) return known;
  if (stretchedKeys.size >= MAX_STRETCHED) stretchedKeys.clear();
  const key = stretch(protocol, Buffer.from(password));
  stretchedKeys.set(name, key);
  return key;
}

/** RFC 3414 section 2.6 and appendix A.2: the digest of a megabyte of the password, again and again. */
function stretch(protocol: AuthProtocol, password: Uint8Array): Buffer {
  return digest(protocol, Buffer.alloc(STRETCHED_BYTES, password.length === 0 ? Uint8Array.of(0) : password));
}
