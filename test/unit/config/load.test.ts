import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { messageOf } from '../../../config/model/errors.ts';
import { folderWith } from '../../support/folder.ts';

const SITE = `
name: Test centre
rooms:
  - id: main
    name: { zh-CN: 主机房, en: Main room }
    rows:
      - id: A
        racks: [{ id: A1, units: 10 }, { id: A2 }]
devices:
  - { id: ups-a, name: UPS A, kind: ups, room: main, rack: A1, unit: 1, height: 4, snmp: { host: 10.0.0.5 } }
  - { id: this-host, name: Here, kind: server, layer: os, room: main, local: true }
`;

function faultsOf(files: Readonly<Record<string, string>>, env = {}): readonly string[] {
  const folder = folderWith(files);
  try {
    loadConfig(folder, env);
  } catch (error) {
    return messageOf(error)
      .split('\n')
      .map((line) => line.replace(`${folder}/`, ''));
  }
  return [];
}

describe('a configuration', () => {
  it('is read with its defaults', () => {
    const config = loadConfig(folderWith({ 'site.yaml': SITE }), {});
    expect(config.site.name).toEqual({ 'zh-CN': 'Test centre', en: 'Test centre' });
    expect(config.site.isDemonstration).toBe(false);
    expect(config.site.rooms[0]?.rows[0]?.racks).toEqual([
      { id: 'A1', units: 10 },
      { id: 'A2', units: 42 },
    ]);
    expect(config.devices[0]).toMatchObject({
      device: { id: 'ups-a', kind: 'ups', layer: 'facility', mount: { rack: 'A1', unit: 1, height: 4 } },
      snmp: {
        host: '10.0.0.5',
        port: 161,
        credentials: { version: '2c', isStated: false },
        isOptional: false,
      },
      isLocal: false,
    });
    expect(config.agent).toEqual({
      listen: '127.0.0.1:8481',
      pollIntervalMs: 10_000,
      timeoutMs: 2_000,
      retries: 1,
      trapListen: '127.0.0.1:9162',
      zone: 'default',
      spool: { maxBytes: 256e6, maxAgeMs: 86_400_000, sync: 'interval' },
    });
    expect(config.collector).toMatchObject({ listen: '127.0.0.1:8480', scrapeIntervalMs: 5_000 });
    expect(config.notify).toMatchObject({ receivers: [], inhibitRules: [], route: { routes: [] } });
  });

  it('takes addresses from the environment before the files', () => {
    const folder = folderWith({ 'site.yaml': SITE, 'collector.yaml': 'listen: 127.0.0.1:1\n' });
    const env = { WATCHKEEPER_LISTEN: '127.0.0.1:2', WATCHKEEPER_AGENT_LISTEN: '127.0.0.1:3' };
    const config = loadConfig(folder, env);
    expect([config.collector.listen, config.agent.listen]).toEqual(['127.0.0.1:2', '127.0.0.1:3']);
  });

  it('reads secrets from the environment and from files, and never shows them', () => {
    const secretFile = join(folderWith({ password: 'from-a-file\n' }), 'password');
    const folder = folderWith({
      'site.yaml': SITE.replace('{ host: 10.0.0.5 }', '{ host: 10.0.0.5, community: { env: COMMUNITY } }'),
      'notify.yaml': `smtp: { host: mail, from: a@b, password: { file: ${secretFile} } }\nreceivers: []\n`,
    });
    const config = loadConfig(folder, { COMMUNITY: 'from-the-environment' });
    const credentials = config.devices[0]?.snmp?.credentials;
    expect(credentials?.version === '2c' && credentials.community.reveal()).toBe('from-the-environment');
    expect(config.notify.smtp?.password?.reveal()).toBe('from-a-file');
    const dumps = [
      JSON.stringify(config),
      inspect(config, { depth: 9 }),
      String(config.notify.smtp?.password),
    ].join();
    expect(dumps).not.toMatch(/from-the-environment|from-a-file/);
  });

  it('tells the faults of all files at once', () => {
    const faults = faultsOf({
      'site.yaml': SITE.replace('kind: ups', 'kind: upps'),
      'agent.yaml': 'poll_interval: soon\n',
      'notify.yaml': 'receivers:\n  - { name: desk, mail: ["nobody"] }\n',
    });
    expect(faults).toEqual([
      expect.stringMatching(/^site\.yaml:10: devices\[0\]\.kind: must be one of ups, pdu/),
      expect.stringMatching(/^agent\.yaml:1: poll_interval: must match/),
      expect.stringMatching(/^notify\.yaml:2: receivers\[0\]\.mail\[0\]: must match/),
    ]);
  });

  const device = (rest: string): string => `${SITE}  - { name: X, kind: pdu, ${rest} }\n`;
  it.each([
    [
      'a device that stands twice',
      'id: ups-a, room: main, snmp: { host: h }',
      'id: ups-a is already the name of devices[0]',
    ],
    ['a room that is none', 'id: x, room: attic, snmp: { host: h }', 'room: there is no room attic'],
    [
      'a rack that is none',
      'id: x, room: main, rack: Z9, unit: 1, snmp: { host: h }',
      'rack: there is no rack Z9',
    ],
    [
      'a unit that is taken',
      'id: x, room: main, rack: A1, unit: 4, snmp: { host: h }',
      'unit: unit 4 of A1 is taken by ups-a',
    ],
    [
      'a unit above the rack',
      'id: x, room: main, rack: A1, unit: 10, height: 2, snmp: { host: h }',
      'unit: A1 has 10 units, 11 is above them',
    ],
    [
      'a rack without a unit',
      'id: x, room: main, rack: A1, snmp: { host: h }',
      'rack: needs the lowest unit',
    ],
    [
      'a unit without a rack',
      'id: x, room: main, unit: 1, snmp: { host: h }',
      'unit: needs a rack beside it',
    ],
    ['no source', 'id: x, room: main', 'needs a source: snmp, or local for this machine'],
    [
      'a simulated device in earnest',
      'id: x, room: main, lab: ups-a',
      'lab: only a demonstration has simulated devices',
    ],
  ])('refuses %s, naming file, line and field', (_what, rest, message) => {
    const faults = faultsOf({ 'site.yaml': device(rest) });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^site\.yaml:12: devices\[2\]/);
    expect(faults[0]).toContain(message);
  });

  it('refuses a time zone that does not exist', () => {
    expect(faultsOf({ 'site.yaml': `time_zone: Mars/Olympus${SITE}` })).toEqual([
      'site.yaml:1: time_zone: Mars/Olympus is no time zone; Asia/Shanghai is one',
    ]);
  });

  it('names a secret that is missing without stopping at it', () => {
    const text = SITE.replace('{ host: 10.0.0.5 }', '{ host: 10.0.0.5, community: { env: NOT_SET } }');
    expect(faultsOf({ 'site.yaml': text })).toEqual([
      'site.yaml:10: devices[0].snmp.community: the environment variable NOT_SET is not set',
    ]);
  });

  it('says which file is missing', () => {
    expect(faultsOf({})[0]).toMatch(/^site\.yaml: cannot be read/);
  });

  it('puts a site’s own rule file in the place of the shipped one of the same name, and adds the others', () => {
    const folder = folderWith({
      'site.yaml': SITE,
      'rules/own.yaml': 'groups: []\n',
      'rules/own.test.yaml': '',
    });
    const own = loadConfig(folder, {}).ruleFiles.filter((file) => file.startsWith(folder));
    expect(own).toEqual([join(folder, 'rules/own.yaml')]);
  });
});
