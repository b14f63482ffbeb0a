// The library asks for this before it is loaded itself.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { encodeConstraints, type Permitted } from './constraints.ts';
import type { Pair } from './key-files.ts';

/**
 * Makes certificates. Loading it costs a second and some ten MB: it is imported where one must be made, a few times a
 * year.
 */

const EC = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const ROOT_VALID_MS = 3_652 * DAY_MS;
/** Browsers take no certificate of a server that is good for longer (CA/Browser Forum, 398 days). */
const SERVER_VALID_MS = 397 * DAY_MS;
/** Clocks of those who look may be a little behind. */
const BACKDATED_MS = 3_600_000;

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const NAME_CONSTRAINTS = '2.5.29.30';

/** The certificate of a new authority, good for ten years, and its key. */
export async function makeRoot(
  { hostName, permitted }: { readonly hostName: string; readonly permitted: Permitted },
  nowMs: number,
): Promise<Pair> {
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    // A phone lists it among others: whose it is must be told apart.
    name: [{ O: ['Watchkeeper'] }, { CN: [`Watchkeeper root of ${hostName.slice(0, 40)}`] }],
    keys,
    signingAlgorithm: SIGNING,
    ...validity(nowMs, ROOT_VALID_MS),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      new x509.Extension(NAME_CONSTRAINTS, true, new Uint8Array(encodeConstraints(permitted))),
    ],
  });
  return pairOf(cert, keys);
}

/** A certificate of the collector for these names, 397 days. */
export async function issueServer(root: Pair, names: readonly string[], nowMs: number): Promise<Pair> {
  const alternatives = names.map((value) => ({
    type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const),
    value,
  }));
  return issue(root, {
    // A name of at most 64 characters must stand here; it is not looked at.
    commonName: 'Watchkeeper collector',
    extensions: [
      new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
      new x509.SubjectAlternativeNameExtension(alternatives),
    ],
    ...validity(nowMs, SERVER_VALID_MS),
  });
}

/** A certificate by which an agent shows who it is, good for as long as the root: what ends it is that it is revoked. */
export async function issueAgent(root: Pair, name: string, nowMs: number): Promise<Pair> {
  const { notAfter } = new x509.X509Certificate(root.cert);
  return issue(root, {
    commonName: `Watchkeeper agent ${name}`,
    extensions: [new x509.ExtendedKeyUsageExtension([CLIENT_AUTH])],
    notBefore: new Date(nowMs - BACKDATED_MS),
    notAfter,
  });
}

interface Issue {
  readonly commonName: string;
  readonly extensions: readonly x509.Extension[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

async function issue(root: Pair, { commonName, extensions, ...validityOf }: Issue): Promise<Pair> {
  const rootCert = new x509.X509Certificate(root.cert);
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: [{ O: ['Watchkeeper'] }, { CN: [commonName] }],
    issuer: rootCert.subjectName.toJSON(),
    publicKey: keys.publicKey,
    signingKey: await signingKey(root.key),
    signingAlgorithm: SIGNING,
    ...validityOf,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(rootCert.publicKey),
      ...extensions,
    ],
  });
  return pairOf(cert, keys);
}

function validity(nowMs: number, lengthMs: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: new Date(nowMs - BACKDATED_MS), notAfter: new Date(nowMs - BACKDATED_MS + lengthMs) };
}

/** Positive, without a leading zero (RFC 5280, 4.1.2.2). */
function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

async function pairOf(cert: x509.X509Certificate, { privateKey }: webcrypto.CryptoKeyPair): Promise<Pair> {
  const der = await webcrypto.subtle.exportKey('pkcs8', privateKey);
  return { cert: `${cert.toString('pem')}\n`, key: `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n` };
}

function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), EC, false, ['sign']);
}
