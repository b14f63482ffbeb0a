import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { messageOf } from '../../../config/model/errors.ts';
import { secretsOf } from '../../../config/snmp-access.ts';
import { folderWith } from '../../support/folder.ts';

const siteWith = (snmp: string): string => `
name: Test
rooms: [{ id: main, name: Main }]
devices:
  - id: ups-a
    name: UPS A
    kind: ups
    room: main
    snmp:
${snmp
  .trim()
  .split('\n')
  .map((line) => `      ${line}`)
  .join('\n')}
`;

const ENV = { AUTH: 'signing secret', PRIVACY: 'hiding secret', SHORT: 'seven77' };

function faultsOf(snmp: string): readonly string[] {
  const folder = folderWith({ 'site.yaml': siteWith(snmp) });
  try {
    loadConfig(folder, ENV);
  } catch (error) {
    return messageOf(error)
      .split('\n')
      .map((line) => line.replace(`${folder}/`, ''));
  }
  return [];
}

describe('a device that is read in version 3', () => {
  const V3 = (file: string): string => `
host: 10.0.0.5
version: 3
user: watchkeeper
auth: { protocol: sha256, password: { env: AUTH } }
privacy: { protocol: aes256-cisco, password: { file: ${file} } }
context: ups
context_engine_id: 80001F8803AABBCC
max_repetitions: 10`;

  it('has its user, its secrets from environment and file, its context and its manners', () => {
    const file = join(folderWith({ privacy: 'hiding secret\n' }), 'privacy');
    const config = loadConfig(folderWith({ 'site.yaml': siteWith(V3(file)) }), ENV);
    const snmp = config.devices[0]?.snmp;
    expect(snmp).toMatchObject({
      maxRepetitions: 10,
      credentials: {
        version: '3',
        user: 'watchkeeper',
        auth: { protocol: 'sha256' },
        privacy: { protocol: 'aes256-cisco' },
        context: 'ups',
        contextEngineId: '80001f8803aabbcc',
      },
    });
    expect(snmp && secretsOf(snmp)).toEqual(['signing secret', 'hiding secret']);
    expect(JSON.stringify(config) + inspect(config, { depth: 9 })).not.toMatch(/signing|hiding/);
  });

  it('needs no version where there is a user', () => {
    const config = loadConfig(folderWith({ 'site.yaml': siteWith('host: h\nuser: u') }), ENV);
    expect(config.devices[0]?.snmp?.credentials.version).toBe('3');
  });

  it.each([
    ['no user', 'host: h\nversion: 3', 'site.yaml:9: devices[0].snmp: version 3 needs a user'],
    [
      'a user in version 2c',
      'host: h\nversion: 2c\nuser: u',
      'site.yaml:12: devices[0].snmp.user: is for version 3 only',
    ],
    [
      'a community',
      'host: h\nuser: u\ncommunity: public',
      'site.yaml:12: devices[0].snmp.community: version 3 has a user, no community',
    ],
    [
      'privacy without authentication',
      'host: h\nuser: u\nprivacy: { protocol: des, password: { env: PRIVACY } }',
      'site.yaml:12: devices[0].snmp.privacy: needs auth beside it: what is encrypted is signed too',
    ],
    [
      'a password that SNMP does not allow',
      'host: h\nuser: u\nauth: { protocol: md5, password: { env: SHORT } }',
      'site.yaml:12: devices[0].snmp.auth.password: has less than 8 characters, which SNMP does not allow',
    ],
    [
      'a password that is not there',
      'host: h\nuser: u\nauth: { protocol: md5, password: { env: NOWHERE } }',
      'site.yaml:12: devices[0].snmp.auth.password: the environment variable NOWHERE is not set',
    ],
    [
      'a protocol that is none',
      'host: h\nuser: u\nauth: { protocol: sha3, password: { env: AUTH } }',
      'site.yaml:12: devices[0].snmp.auth.protocol: must be one of md5, sha1, sha224, sha256, sha384, sha512',
    ],
  ])('is refused with %s, with file and line', (_what, snmp, fault) => {
    expect(faultsOf(snmp)).toEqual([fault]);
  });
});
