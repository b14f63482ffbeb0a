import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';

/** A certificate (with those between it and the root) and its key, PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** Where a pair lies. */
export interface PairFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** More is no certificate. */
const MAX_BYTES = 256 * 1024;

/**
 * Reads a certificate and its key.
 * @throws {WatchkeeperError} `config_invalid`, naming the file that is missing, is none, or does not fit the other.
 */
export function readPair({ certFile, keyFile }: PairFiles): Pair {
  const cert = readText(certFile);
  const key = readText(keyFile);
  const leaf = told(certFile, 'holds no certificate', () => new X509Certificate(cert));
  const secret = told(keyFile, 'holds no key that can be used', () => createPrivateKey(key));
  if (!leaf.checkPrivateKey(secret)) {
    throw new WatchkeeperError(
      'config_invalid',
      `${keyFile}: the key does not fit the certificate ${certFile}`,
    );
  }
  return { cert, key };
}

/** Reads a pair of ours, both in one file, so that a crash never leaves one without the other; `undefined`: there is none. */
export function readOwnPair(file: string): Pair | undefined {
  if (!existsSync(file)) return undefined;
  const text = readPair({ certFile: file, keyFile: file }).cert;
  const block = (kind: string): string =>
    new RegExp(`-----BEGIN ${kind}-----[^-]+-----END ${kind}-----\\n?`).exec(text)?.[0] ?? '';
  return { cert: block('CERTIFICATE'), key: block('PRIVATE KEY') };
}

/** Keeps a pair in one file, readable by this account alone. */
export function writeOwnPair(file: string, { cert, key }: Pair): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${cert}${key}`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}

/** What is wrong with who may read a key; `undefined` when nothing is. */
export function keyFileFault(keyFile: string): string | undefined {
  try {
    const others = statSync(keyFile).mode & 0o007;
    return others === 0
      ? undefined
      : `${keyFile}: everybody on this machine may read the key; chmod o-rwx it`;
  } catch {
    // That it cannot be read is told by who reads it.
    return undefined;
  }
}

/** What a certificate says of its time; `undefined` when it is good now. */
export function validityFault(certFile: string, cert: string, nowMs: number): string | undefined {
  const { validFromDate, validToDate } = new X509Certificate(cert);
  if (nowMs < validFromDate.getTime()) {
    return `${certFile}: not valid before ${validFromDate.toISOString()}; the clock of this machine says ${new Date(nowMs).toISOString()}`;
  }
  if (nowMs >= validToDate.getTime()) return `${certFile}: expired on ${validToDate.toISOString()}`;
  return undefined;
}

function readText(file: string): string {
  return told(file, 'cannot be read', () => {
    if (statSync(file).size > MAX_BYTES) throw new Error('it is too large');
    return readFileSync(file, 'utf8');
  });
}

function told<T>(file: string, fault: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new WatchkeeperError('config_invalid', `${file}: ${fault}: ${messageOf(cause)}`, { cause });
  }
}
