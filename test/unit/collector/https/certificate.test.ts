import { X509Certificate } from 'node:crypto';
import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../../../collector/api/server.ts';
import { issueServer, makeRoot } from '../../../../collector/https/issue.ts';
import { permittedFor } from '../../../../collector/https/constraints.ts';
import type { Pair } from '../../../../collector/https/key-files.ts';
import { systemClock } from '../../../../config/runtime/system-clock.ts';
import { apiSite } from '../../../support/api-site.ts';
import { folderWith } from '../../../support/folder.ts';
import { ask, MACHINE, shownAt, testCertificate } from '../../../support/https.ts';
import { manualClock } from '../../../support/manual-clock.ts';

const NOW_MS = systemClock.nowMs();
const DAY_MS = 86_400_000;
const NAMES = ['localhost', '127.0.0.1'];

/** A site that has an authority of its own, and the files that `collector.yaml` names. */
async function siteWithCertificate() {
  const root = await makeRoot({ hostName: 'site', permitted: permittedFor(NAMES) }, NOW_MS);
  const pair = await issueServer(root, NAMES, NOW_MS);
  const folder = folderWith();
  const files = { certFile: join(folder, 'site.crt'), keyFile: join(folder, 'site.key') };
  const write = ({ cert, key }: Pair): void => {
    writeFileSync(files.certFile, cert);
    writeFileSync(files.keyFile, key, { mode: 0o600 });
  };
  write(pair);
  return { root, pair, files, write, settings: () => ({ kind: 'site' as const, ...files }) };
}

const sha256 = ({ cert }: Pair): string => new X509Certificate(cert).fingerprint256;

describe('a certificate of the site', () => {
  it('is shown, with HSTS, and replaced within a minute when its files change', async () => {
    const { root, pair, settings, write } = await siteWithCertificate();
    const { certificate, clock } = await testCertificate({ settings });
    const site = await apiSite();
    const server = await startServer({ ...site.deps, certificate });
    onTestFinished(() => server.stop());
    const { page } = server;
    const ca = root.cert;
    expect(await shownAt(page, { ca })).toBe(sha256(pair));
    const { headers } = await ask(`${page}/healthz`, { ca });
    expect(headers['strict-transport-security']).toMatch(/max-age=31536000/);
    const next = await issueServer(root, NAMES, NOW_MS);
    write(next);
    await clock.advance(60_000);
    expect(await shownAt(page, { ca })).toBe(sha256(next));
  });

  it('goes on when its files have become none, which is told with the file', async () => {
    const { pair, files, settings, write } = await siteWithCertificate();
    const { certificate } = await testCertificate({ settings });
    writeFileSync(files.keyFile, 'nothing');
    await certificate.check();
    expect(certificate.context().key).toBe(pair.key);
    expect(certificate.faults()).toEqual([
      expect.stringContaining(`${files.keyFile}: holds no key that can be used`),
    ]);
    write(pair);
    await certificate.check();
    expect(certificate.faults()).toEqual([]);
  });

  it.each([
    ['a key of another certificate', 'keyFile', 'the key does not fit the certificate'],
    ['no certificate', 'certFile', 'holds no certificate'],
    ['a file that is not there', 'certFile', 'cannot be read'],
    ['a file without end', 'certFile', 'it is too large'],
  ] as const)('does not begin with %s, and names the file', async (what, file, message) => {
    const { root, files, settings } = await siteWithCertificate();
    const other = await issueServer(root, NAMES, NOW_MS);
    if (what === 'a key of another certificate') writeFileSync(files.keyFile, other.key);
    else if (what === 'no certificate') writeFileSync(files.certFile, 'hello');
    else if (what === 'a file without end') writeFileSync(files.certFile, 'x'.repeat(300_000));
    else rmSync(files.certFile);
    await expect(testCertificate({ settings })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(new RegExp(`^${files[file]}: .*${message}`)) as string,
    });
  });

  it('is told when it has expired, has yet to begin, or when everybody may read its key', async () => {
    const { files, settings } = await siteWithCertificate();
    const faultsAt = async (atMs: number): Promise<readonly string[]> =>
      (await testCertificate({ settings, clock: manualClock(atMs) })).certificate.faults();
    expect(await faultsAt(NOW_MS)).toEqual([]);
    expect(await faultsAt(NOW_MS + 400 * DAY_MS)).toEqual([
      expect.stringContaining(`${files.certFile}: expired on `),
    ]);
    expect(await faultsAt(NOW_MS - DAY_MS)).toEqual([
      expect.stringMatching(/site\.crt: not valid before .*; the clock of this machine says /),
    ]);
    chmodSync(files.keyFile, 0o644);
    expect(await faultsAt(NOW_MS)).toEqual([
      `${files.keyFile}: everybody on this machine may read the key; chmod o-rwx it`,
    ]);
  });
});

describe('a certificate of the own authority', () => {
  it('is made anew within a minute when the machine has another address', async () => {
    let addresses = ['127.0.0.1'];
    const machine = () => ({ ...MACHINE, addresses });
    const { certificate, clock } = await testCertificate({ machine });
    const shown = () => new X509Certificate(String(certificate.context().cert));
    const before = shown().fingerprint256;
    expect(shown().checkIP('10.4.4.4')).toBeUndefined();
    addresses = ['127.0.0.1', '10.4.4.4'];
    await clock.advance(60_000);
    await certificate.check();
    expect(shown().checkIP('10.4.4.4')).toBe('10.4.4.4');
    const renewed = shown().fingerprint256;
    // What is gone may come back: nothing is made for it.
    addresses = ['127.0.0.1'];
    await certificate.check();
    expect([before === renewed, shown().fingerprint256]).toEqual([false, renewed]);
  });

  it('names the new host when the data folder is copied to one; the root stays', async () => {
    const first = await testCertificate();
    const copy = folderWith();
    cpSync(first.dataFolder, copy, { recursive: true });
    const machine = () => ({ hostName: 'spare.local', addresses: ['192.168.7.6'] });
    const { certificate } = await testCertificate({ machine, dataFolder: copy });
    const leaf = new X509Certificate(String(certificate.context().cert));
    expect([leaf.checkHost('spare.local'), leaf.checkIP('192.168.7.6')]).toEqual([
      'spare.local',
      '192.168.7.6',
    ]);
    expect(certificate.authority.root).toBe(first.certificate.authority.root);
    expect(certificate.faults()).toEqual([]);
  });

  it('is told when everybody may read the key of the authority', async () => {
    const { certificate, dataFolder } = await testCertificate();
    chmodSync(join(dataFolder, 'https', 'authority.pem'), 0o604);
    expect(certificate.faults()).toEqual([
      expect.stringContaining('authority.pem: everybody on this machine'),
    ]);
  });
});
