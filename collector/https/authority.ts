import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { isPermitted, permittedFor, readConstraints, type Permitted } from './constraints.ts';
import { readOwnPair, writeOwnPair, type Pair } from './key-files.ts';

/** The small authority of one collector, in a folder of its data. */
export interface Authority {
  /** Its certificate, PEM: what PCs, phones and agents trust. */
  readonly root: string;
  /** The collector's own certificate, made anew where the one of the folder will not do. */
  server(names: readonly string[], nowMs: number): Promise<Pair>;
  /** A certificate for an agent, which is kept nowhere. */
  readonly agent: (name: string, nowMs: number) => Promise<Pair>;
  /** What an operator must know of it. */
  faults(names: readonly string[], nowMs: number): readonly string[];
}

const DAY_MS = 86_400_000;
const RENEW_BEFORE_MS = 30 * DAY_MS;
/** To bring another root to every PC and phone takes its time. */
const ROOT_TOLD_BEFORE_MS = 180 * DAY_MS;

/** Names of the files in the folder; each holds a certificate and its key. */
export const ROOT_FILE = 'authority.pem';
export const SERVER_FILE = 'server.pem';

/**
 * Opens the authority of a folder, which is made with the first start.
 * @throws {WatchkeeperError} `config_invalid` when its file is damaged: what trusted it would have to be told.
 */
export async function openAuthority(
  folder: string,
  { names, hostName }: { readonly names: readonly string[]; readonly hostName: string },
  nowMs: number,
): Promise<Authority> {
  const rootFile = join(folder, ROOT_FILE);
  const root = readOwnPair(rootFile) ?? (await makeRoot(rootFile, { names, hostName }, nowMs));
  const certificate = new X509Certificate(root.cert);
  const permitted = readConstraints(certificate.raw);
  const mayName = (name: string): boolean => permitted === undefined || isPermitted(permitted, name);
  const isNotYetValid = (atMs: number): boolean => atMs < certificate.validFromDate.getTime();
  return {
    root: root.cert,
    async server(wanted, atMs) {
      const nameable = wanted.filter(mayName);
      const file = join(folder, SERVER_FILE);
      const kept = readServerPair(file);
      const isKept =
        kept !== undefined &&
        isOf(certificate, kept) &&
        // With the clock before the root's own beginning, what is made now would be good for nobody.
        (isNotYetValid(atMs) || !isDue(kept, nameable, atMs));
      if (isKept) return kept;
      const { issueServer } = await import('./issue.ts');
      const pair = await issueServer(root, nameable, atMs);
      writeOwnPair(file, pair);
      return pair;
    },
    async agent(name, atMs) {
      const { issueAgent } = await import('./issue.ts');
      return issueAgent(root, name, atMs);
    },
    faults: (wanted, atMs) => [
      ...rootFaults(rootFile, certificate, atMs),
      ...wanted.filter((name) => !mayName(name)).map((name) => notPermitted(rootFile, name)),
    ],
  };
}

async function makeRoot(
  file: string,
  { names, hostName }: { readonly names: readonly string[]; readonly hostName: string },
  nowMs: number,
): Promise<Pair> {
  const permitted: Permitted = permittedFor(names);
  const { makeRoot: make } = await import('./issue.ts');
  const pair = await make({ hostName, permitted }, nowMs);
  writeOwnPair(file, pair);
  return pair;
}

/** A damaged one is no loss: another is made. */
function readServerPair(file: string): Pair | undefined {
  try {
    return readOwnPair(file);
  } catch (error) {
    if (error instanceof WatchkeeperError) return undefined;
    throw error;
  }
}

function isOf(root: X509Certificate, { cert }: Pair): boolean {
  const leaf = new X509Certificate(cert);
  return leaf.checkIssued(root) && leaf.verify(root.publicKey);
}

/** Whether another certificate must take its place: its end is near, the clock is before its beginning, a name is missing. */
export function isDue({ cert }: Pick<Pair, 'cert'>, names: readonly string[], atMs: number): boolean {
  const leaf = new X509Certificate(cert);
  if (atMs < leaf.validFromDate.getTime()) return true;
  if (atMs >= leaf.validToDate.getTime() - RENEW_BEFORE_MS) return true;
  return !names.every((name) => isNamed(leaf, name));
}

function isNamed(leaf: X509Certificate, name: string): boolean {
  const found = isIP(name) === 0 ? leaf.checkHost(name, { subject: 'never' }) : leaf.checkIP(name);
  return found !== undefined;
}

function rootFaults(file: string, root: X509Certificate, atMs: number): readonly string[] {
  const { validFromDate, validToDate } = root;
  if (atMs < validFromDate.getTime()) {
    return [
      `${file}: the authority begins on ${validFromDate.toISOString()}, the clock of this machine says ${new Date(atMs).toISOString()}; certificates are renewed when it is right`,
    ];
  }
  if (atMs < validToDate.getTime() - ROOT_TOLD_BEFORE_MS) return [];
  return [
    `${file}: the authority ends on ${validToDate.toISOString()}; remove the file, start anew and bring the new root to PCs and phones`,
  ];
}

function notPermitted(file: string, name: string): string {
  return `${file}: the authority was not made for ${name}, which is left out of the certificate; use a name or address that it knows, or remove the file, start anew and bring the new root to PCs and phones`;
}
