import { request as httpsRequest, type RequestOptions } from 'node:https';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { HttpsSettings } from '../../config/https.ts';
import { openCertificate, type Certificate } from '../../collector/https/certificate.ts';
import type { Machine } from '../../collector/https/names.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { folderWith } from './folder.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';
import { silentLog } from './silent-log.ts';

export const MACHINE: Machine = { hostName: 'watch-1', addresses: ['127.0.0.1', '192.168.7.5'] };

export interface TestCertificate {
  readonly certificate: Certificate;
  readonly clock: ManualClock;
  readonly dataFolder: string;
}

export interface TestCertificateOptions {
  readonly settings?: () => Exclude<HttpsSettings, { kind: 'off' }>;
  readonly machine?: () => Machine;
  readonly clock?: ManualClock;
  readonly dataFolder?: string;
}

/** A certificate as the collector opens it, with a clock that is moved by hand. */
export async function testCertificate({
  settings = () => ({ kind: 'own' }),
  machine = () => MACHINE,
  // Peers look at a certificate by the clock of the machine, which nobody can move for them.
  clock = manualClock(systemClock.nowMs()),
  dataFolder = folderWith(),
}: TestCertificateOptions = {}): Promise<TestCertificate> {
  const place = () => ({ listen: '127.0.0.1:0' });
  const log = silentLog();
  const certificate = await openCertificate({ settings, place, machine, dataFolder, clock, log });
  onTestFinished(() => certificate.stop());
  return { certificate, clock, dataFolder };
}

/** One request over TLS, trusting nothing but `ca`. */
export function ask(
  url: string,
  options: RequestOptions & { readonly body?: string | Uint8Array } = {},
): Promise<{
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}> {
  const { body = '', ...rest } = options;
  return new Promise((resolve, reject) => {
    const asked = httpsRequest(url, { agent: false, ...rest }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => (text += part));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** The SHA-256 of the certificate that is shown there; rejects when `ca` does not vouch for it. */
export function shownAt(url: string, options: ConnectionOptions): Promise<string> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host, port: Number(port), ...options }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? '');
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
