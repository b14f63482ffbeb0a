import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import type { HttpsSettings } from '../../config/https.ts';
import { messageOf } from '../../config/model/errors.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { every } from '../../config/runtime/every.ts';
import type { Log } from '../../config/runtime/log.ts';
import { openAuthority, ROOT_FILE, SERVER_FILE, type Authority } from './authority.ts';
import { keyFileFault, readPair, validityFault, type Pair } from './key-files.ts';
import { ownNames, type Machine } from './names.ts';

/** The certificate that the collector shows, which changes while it runs. */
export interface Certificate {
  /** Of the site itself: browsers know who made it. */
  readonly isOfSite: boolean;
  readonly authority: Authority;
  /** What it may be called by now. */
  readonly names: () => readonly string[];
  context(): SecureContextOptions;
  /** Called with each change. */
  onChange(listener: () => void): void;
  /** Looks at once whether another must take its place. */
  check(): Promise<void>;
  faults(): readonly string[];
  /** When what is shown ends, and the root that vouches for it where that is our own. */
  ends(): readonly CertificateEnd[];
  stop(): Promise<void>;
}

export interface CertificateEnd {
  readonly certificate: 'server' | 'root';
  readonly endsAtMs: number;
}

export interface CertificateDeps {
  readonly settings: () => Exclude<HttpsSettings, { kind: 'off' }>;
  readonly place: () => { readonly listen: string; readonly publicUrl?: string };
  readonly machine: () => Machine;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** The folder of the authority and of what it made. */
export const HTTPS_FOLDER = 'https';

/** Files of the site and addresses of the machine change at any time; to look costs a millisecond. */
const CHECK_EVERY_MS = 60_000;

/**
 * Opens the certificate, and keeps it good.
 * @throws {WatchkeeperError} `config_invalid`, naming the file, when there is none to begin with.
 */
export async function openCertificate(deps: CertificateDeps): Promise<Certificate> {
  const { settings, place, machine, dataFolder, clock, log } = deps;
  const folder = join(dataFolder, HTTPS_FOLDER);
  let names = ownNames(machine(), place());
  const authority = await openAuthority(folder, { names, hostName: machine().hostName }, clock.nowMs());
  const read = async (): Promise<Pair> => {
    const now = settings();
    names = ownNames(machine(), place());
    return now.kind === 'site' ? readPair(now) : authority.server(names, clock.nowMs());
  };
  const listeners: (() => void)[] = [];
  let pair = await read();
  let failure: string | undefined;
  const renew = async (): Promise<void> => {
    try {
      const next = await read();
      failure = undefined;
      if (next.cert === pair.cert && next.key === pair.key) return;
      pair = next;
      for (const listener of listeners) listener();
      log.info({ names }, 'another certificate is shown');
    } catch (error) {
      // The one before goes on.
      const message = messageOf(error);
      if (failure !== message) log.error({ reason: message }, 'the certificate could not be read anew');
      failure = message;
    }
  };
  // Two at once would each make one.
  let checking: Promise<void> | undefined;
  const check = (): Promise<void> =>
    (checking ??= renew().finally(() => {
      checking = undefined;
    }));
  const onError = (err: unknown): void => log.error({ err }, 'looking after the certificate failed');
  const loop = every(clock, { intervalMs: CHECK_EVERY_MS, onError }, check);
  return {
    isOfSite: settings().kind === 'site',
    authority,
    names: () => names,
    context: () => ({ ...pair, ca: authority.root, minVersion: 'TLSv1.2' }),
    onChange: (listener) => void listeners.push(listener),
    check,
    faults: () => [
      ...(failure === undefined ? [] : [failure]),
      ...faultsOf(deps, { folder, names, authority, pair }),
    ],
    ends: () => [
      { certificate: 'server', endsAtMs: endOf(pair.cert) },
      ...(settings().kind === 'own'
        ? [{ certificate: 'root' as const, endsAtMs: endOf(authority.root) }]
        : []),
    ],
    stop: () => loop.stop(),
  };
}

function endOf(certificate: string): number {
  return new X509Certificate(certificate).validToDate.getTime();
}

interface Shown {
  readonly folder: string;
  readonly names: readonly string[];
  readonly authority: Authority;
  readonly pair: Pair;
}

function faultsOf(
  { settings, clock }: CertificateDeps,
  { folder, names, authority, pair }: Shown,
): readonly string[] {
  const now = settings();
  const file = join(folder, SERVER_FILE);
  const files = now.kind === 'site' ? now : { certFile: file, keyFile: file };
  const found = [
    keyFileFault(join(folder, ROOT_FILE)),
    keyFileFault(files.keyFile),
    validityFault(files.certFile, pair.cert, clock.nowMs()),
  ];
  return [
    ...found.filter((fault) => fault !== undefined),
    ...(now.kind === 'own' ? authority.faults(names, clock.nowMs()) : []),
  ];
}
