import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openAuthority, ROOT_FILE, type Authority } from '../../../../collector/https/authority.ts';
import { issueServer } from '../../../../collector/https/issue.ts';
import { readOwnPair } from '../../../../collector/https/key-files.ts';
import { folderWith, sharedFolderWith } from '../../../support/folder.ts';

const NOW_MS = Date.UTC(2026, 10, 27);
const DAY_MS = 86_400_000;
const NAMES = ['watch-1', 'watch.centre.example', 'localhost', '127.0.0.1', '::1', '203.0.113.7'];

/** What `openssl verify` says of a certificate, the root being all that it trusts. */
function verify(root: string, cert: string, ...more: readonly string[]): string {
  const folder = folderWith({ 'root.crt': root, 'leaf.crt': cert });
  const at = ['-attime', String(NOW_MS / 1000)];
  const args = ['verify', '-no-CApath', '-no-CAstore', '-CAfile', 'root.crt', ...at, ...more, 'leaf.crt'];
  const { stdout, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  return `${stdout}${stderr}`;
}

const sha256 = (cert: string): string => new X509Certificate(cert).fingerprint256;

describe('the own authority', () => {
  const folder = sharedFolderWith();
  let authority: Authority;
  beforeAll(async () => {
    authority = await openAuthority(folder, { names: NAMES, hostName: 'watch-1' }, NOW_MS);
  });

  it.each(NAMES)('vouches for %s, so that openssl believes it by the root alone', async (name) => {
    const { cert } = await authority.server(NAMES, NOW_MS);
    const flag = /^[\d.:]+$/.test(name) ? '-verify_ip' : '-verify_hostname';
    expect(verify(authority.root, cert, '-x509_strict', '-purpose', 'sslserver', flag, name)).toContain('OK');
  });

  it('is good for ten years, what it makes for a server for 397 days', async () => {
    const root = new X509Certificate(authority.root);
    const leaf = new X509Certificate((await authority.server(NAMES, NOW_MS)).cert);
    const days = (cert: X509Certificate) =>
      (cert.validToDate.getTime() - cert.validFromDate.getTime()) / DAY_MS;
    expect(root.ca).toBe(true);
    expect(days(root)).toBe(3_652);
    expect(leaf.ca).toBe(false);
    expect(days(leaf)).toBeLessThanOrEqual(397);
  });

  it('cannot vouch for a name of the internet, even by whoever has stolen its key', async () => {
    const stolen = readOwnPair(join(folder, ROOT_FILE)) ?? { cert: '', key: '' };
    for (const name of ['bank.example', '8.8.8.8', 'example']) {
      const { cert } = await issueServer(stolen, [name], NOW_MS);
      expect(verify(authority.root, cert), name).toContain('permitted subtree violation');
    }
  });

  it('leaves out a name that it may not vouch for, and tells what to do', async () => {
    const names = ['other.example', ...NAMES];
    const { cert } = await authority.server(names, NOW_MS);
    expect(new X509Certificate(cert).checkHost('other.example')).toBeUndefined();
    expect(authority.faults(names, NOW_MS)).toEqual([
      expect.stringMatching(/authority\.pem: the authority was not made for other\.example/),
    ]);
    expect(authority.faults(NAMES, NOW_MS)).toEqual([]);
  });

  it('makes a certificate by which an agent shows who it is, and by which nobody is a server', async () => {
    const { cert } = await authority.agent('inner', NOW_MS);
    expect(verify(authority.root, cert, '-purpose', 'sslclient')).toContain('OK');
    expect(verify(authority.root, cert, '-purpose', 'sslserver')).toContain('unsuitable');
  });

  it('keeps its files for its own account alone', () => {
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o077, file).toBe(0);
    expect(
      execFileSync('openssl', ['pkey', '-in', join(folder, ROOT_FILE), '-noout', '-check']).toString(),
    ).toContain('valid');
  });

  it('is the same after a restart, and so is what it made', async () => {
    const again = await openAuthority(folder, { names: [], hostName: 'watch-1' }, NOW_MS + DAY_MS);
    expect(again.root).toBe(authority.root);
    const before = await authority.server(NAMES, NOW_MS);
    expect(sha256((await again.server(NAMES, NOW_MS + DAY_MS)).cert)).toBe(sha256(before.cert));
  });

  it.each([
    ['30 days before its end', NAMES, NOW_MS + 368 * DAY_MS],
    ['when the machine has another address', [...NAMES, '10.1.2.3'], NOW_MS],
    ['on another host', ['watch.centre.example', 'spare.local', '10.9.9.9'], NOW_MS],
  ])('makes another certificate %s', async (_, names, atMs) => {
    const before = await authority.server(NAMES, NOW_MS);
    const { cert } = await authority.server(names, atMs);
    expect(sha256(cert)).not.toBe(sha256(before.cert));
    for (const name of names) {
      const leaf = new X509Certificate(cert);
      expect(leaf.checkHost(name) ?? leaf.checkIP(name), name).toBe(name);
    }
  });

  it('makes nothing while the clock is before its own beginning, and tells both times', async () => {
    const before = await authority.server(NAMES, NOW_MS);
    const wrongMs = Date.UTC(1970, 0, 2);
    expect(await authority.server([...NAMES, '10.7.7.7'], wrongMs)).toEqual(before);
    expect(authority.faults(NAMES, wrongMs)).toEqual([
      expect.stringMatching(/begins on 2026-11-26T23:00.*clock of this machine says 1970-01-02/),
    ]);
    expect((await authority.server([...NAMES, '10.7.7.7'], NOW_MS)).cert).not.toBe(before.cert);
  });

  it('tells half a year before that it ends', () => {
    const endMs = new X509Certificate(authority.root).validToDate.getTime();
    expect(authority.faults(NAMES, endMs - 181 * DAY_MS)).toEqual([]);
    expect(authority.faults(NAMES, endMs - 179 * DAY_MS)).toEqual([
      expect.stringContaining('the authority ends on 2036'),
    ]);
  });

  it('makes another certificate in place of a damaged one, but no other root', async () => {
    writeFileSync(join(folder, 'server.pem'), '-----BEGIN CERTIFICATE-----\nnone\n');
    expect(verify(authority.root, (await authority.server(NAMES, NOW_MS)).cert)).toContain('OK');
    const damaged = folderWith({ [ROOT_FILE]: 'half a ro' });
    await expect(openAuthority(damaged, { names: NAMES, hostName: 'x' }, NOW_MS)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(`${join(damaged, ROOT_FILE)}: holds no certificate`) as string,
    });
  });
});
