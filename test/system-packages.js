// What tests and benchmarks use of the system: program → Debian package that has it.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const PACKAGE_OF = {
  chromium: 'chromium',
  snmpd: 'snmpd',
  snmpget: 'snmp',
  snmptrap: 'snmp',
  snmpinform: 'snmp',
  promtool: 'prometheus',
  prometheus: 'prometheus',
  'victoria-metrics': 'victoria-metrics',
  'prometheus-snmp-exporter': 'prometheus-snmp-exporter',
  cc: 'gcc',
  openssl: 'openssl',
  mosquitto: 'mosquitto',
  'prometheus-alertmanager': 'prometheus-alertmanager',
  socat: 'socat',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  ip: 'iproute2',
  pg_ctlcluster: 'postgresql',
  'noto-cjk': 'fonts-noto-cjk',
};

/** Where a program stands, `undefined` if the machine has none. */
export function findProgram(name) {
  if (name === 'noto-cjk')
    return existsSync('/usr/share/fonts/opentype/noto') ? '/usr/share/fonts/opentype/noto' : undefined;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

const POLICY = '/usr/sbin/policy-rc.d';

/** As root on Debian installs what is missing, without starting any service; elsewhere names it. */
export function installMissing() {
  const missing = Object.keys(PACKAGE_OF).filter((name) => findProgram(name) === undefined);
  if (missing.length === 0) return;
  const packages = missing.map((name) => PACKAGE_OF[name]);
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    process.stderr.write(`Not on this machine, tests that need it are skipped: ${packages.join(', ')}\n`);
    return;
  }
  process.stderr.write(`Installing ${packages.join(', ')} …\n`);
  const hadPolicy = existsSync(POLICY);
  if (!hadPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const options = { env, stdio: ['ignore', 'ignore', 2] };
    spawnSync('apt-get', ['update', '-qq'], options);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
  } finally {
    if (!hadPolicy) rmSync(POLICY, { force: true });
  }
}
