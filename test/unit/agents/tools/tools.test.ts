import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { probe, type ProbeReport } from '../../../../agents/tools/probe.ts';
import { profilesBeside } from '../../../../agents/tools/profiles.ts';
import { probeTool } from '../../../../agents/tools/probe-tool.ts';
import { record } from '../../../../agents/tools/record.ts';
import { recordTool } from '../../../../agents/tools/record-tool.ts';
import type { SnmpValue } from '../../../../agents/snmp/value.ts';
import { folderWith } from '../../../support/folder.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { readRecording } from '../../../../agents/tools/recorded.ts';
import { onLoopback, sessionTo, testDevice, text } from '../../../support/snmp-device.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const RECORDINGS = join(ROOT, 'test/profiles');
const PROFILES = profilesBeside(undefined);

type Objects = Readonly<Record<string, SnmpValue>>;

async function probed(objects: Objects): Promise<ProbeReport> {
  const report = await probe(sessionTo(testDevice(objects)), PROFILES, manualClock());
  if ('message' in report) throw new Error(report.message);
  return report;
}

async function recorded(
  objects: Objects,
  secrets: readonly string[] = [],
): Promise<{ text: string; again: Objects }> {
  const written = await record(sessionTo(testDevice(objects)), {
    profiles: PROFILES,
    secrets,
    clock: manualClock(),
  });
  const file = join(folderWith({ 'device.snmprec': written.text }), 'device.snmprec');
  return { text: written.text, again: readRecording(file) };
}

interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a tool as the command line does, without a terminal. */
async function command(name: 'probe' | 'record', ...args: readonly string[]): Promise<Told> {
  const told = { out: '', err: '' };
  const code = await { probe: probeTool, record: recordTool }[name](args, {
    env: {},
    out: (more) => (told.out += more),
    err: (more) => (told.err += more),
    progress: { show: () => undefined, end: () => undefined },
    ask: undefined,
  });
  return { code, ...told };
}

const UPS = readRecording(join(RECORDINGS, 'ups-mib.snmprec'));

describe('watchkeeper probe', () => {
  it('shows what a device is, which profiles serve it and why, and every reading in columns', async () => {
    const port = await onLoopback(testDevice(UPS));
    const { code, out } = await command('probe', `127.0.0.1:${port}`);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}ups-mib +UPS by UPS-MIB +it has something below 1\.3\.6\.1\.2\.1\.33\.1$/m);
    expect(out).toMatch(/^ {2}ups_output_source +\w+ +1\.3\.6\.1\.2\.1\.33\.1\.4\.1\.0$/m);
    const [told = ''] = out.split('more tell nothing now');
    const lines = told.split('\n').filter((line) => / 1\.3\.6\.1\.2\.1\.33\.1\.\d+\.[\d.]+$/.test(line));
    expect(new Set(lines.map((line) => line.lastIndexOf(' '))).size).toBe(1);
  });

  it('is a command, whose exit code is that of the tool', async () => {
    const run = promisify(execFile)(process.execPath, [join(ROOT, 'collector/cli/main.ts'), 'probe']);
    await expect(run).rejects.toMatchObject({ code: 2, stderr: 'Say which device: HOST or HOST:PORT.\n' });
  });

  it('tells programs the same', async () => {
    const port = await onLoopback(testDevice(UPS));
    const { code, out } = await command('probe', `127.0.0.1:${port}`, '--json');
    expect(code).toBe(0);
    expect((JSON.parse(out) as ProbeReport).readings).toEqual((await probed(UPS)).readings);
  });

  it.each([
    ['a device that does not answer', ['127.0.0.1:9', '--timeout', '50', '--retries', '0'], 1, 'no answer'],
    ['an option that there is not', ['127.0.0.1', '--colour'], 2, '--colour'],
    ['no device', [], 2, 'Say which device'],
    ['a password that nobody gave', ['h', '--v3', 'u', '--auth', 'sha1'], 2, 'The password is missing'],
    [
      'a protocol that there is not',
      ['h', '--v3', 'u', '--auth', 'rot13'],
      2,
      'md5, sha1, sha224, sha256, sha384, sha512',
    ],
  ])('says what is wrong with %s, by its exit code too', async (_what, args, code, words) => {
    const answer = await command('probe', ...args);
    expect([answer.code, answer.out]).toEqual([code, '']);
    expect(answer.err).toContain(words);
  });

  it('reads a recording as the device would tell it, and says what is wrong with one that cannot be read', async () => {
    const { code, out } = await command(
      'probe',
      '--recording',
      join(RECORDINGS, 'ups-mib.snmprec'),
      '--json',
    );
    expect(code).toBe(0);
    expect((JSON.parse(out) as ProbeReport).readings).toEqual((await probed(UPS)).readings);
    const missing = await command('probe', '--recording', join(RECORDINGS, 'none.snmprec'));
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('none.snmprec')]);
    expect((await command('probe', '--recording', 'a', '10.0.0.1')).code).toBe(2);
  });

  it('names what tells nothing now, and why', async () => {
    const port = await onLoopback(
      testDevice({
        '1.3.6.1.2.1.33.1.2.3.0': { kind: 'integer', value: 65_535 },
        '1.3.6.1.2.1.33.1.4.1.0': { kind: 'integer', value: 99 },
        '1.3.6.1.2.1.33.1.2.4.0': { kind: 'integer', value: -7 },
      }),
    );
    const { out } = await command('probe', `127.0.0.1:${port}`);
    const [, silent = ''] = out.split('3 more tell nothing now:\n');
    expect(
      silent
        .trimEnd()
        .split('\n')
        .map((line) => line.trim().split(/ {2,}/)),
    ).toEqual([
      ['ups_output_source', '99: no state that the profile knows', '1.3.6.1.2.1.33.1.4.1.0'],
      ['ups_battery_runtime_seconds', '65535: a mark for "not known"', '1.3.6.1.2.1.33.1.2.3.0'],
      ['ups_battery_charge_ratio', '-7: nothing that it can be', '1.3.6.1.2.1.33.1.2.4.0'],
    ]);
  });

  it.each([
    ['gude', '1.3.6.1.4.1.28507.1.1.1'],
    ['hwg-ste', '1.3.6.1.4.1.21796.4.1'],
    ['netbotz', '1.3.6.1.4.1.52674.500'],
  ])('names a profile of several roots once, and the root that the device has: %s', async (name, has) => {
    const { profiles } = await probed(readRecording(join(RECORDINGS, `${name}.snmprec`)));
    const own = profiles.filter((one) => one.name === name).map(({ why }) => why);
    expect(own).toEqual([`it has something below ${has}`]);
  });

  it('reads what is the same below the number of another maker alike', async () => {
    const huawei = readRecording(join(RECORDINGS, 'huawei-ibmc.snmprec'));
    const xfusion = Object.fromEntries(
      Object.entries(huawei).map(([oid, value]) => [oid.replace('.2011.2.235.', '.58132.2.235.'), value]),
    );
    const readingsOf = async (objects: Objects) =>
      (await probed(objects)).readings.map(({ metric, labels, value }) => [metric, labels, value]);
    const told = await readingsOf(huawei);
    expect(told.length).toBeGreaterThan(20);
    expect(await readingsOf(xfusion)).toEqual(told);
  });

  it('shows the alarms that a UPS has, by their names', async () => {
    const alarm = (row: number, known: number): Objects => ({
      [`1.3.6.1.2.1.33.1.6.2.1.2.${row}`]: { kind: 'oid', value: `1.3.6.1.2.1.33.1.6.3.${known}` },
    });
    const { readings } = await probed({ ...UPS, ...alarm(17, 1), ...alarm(23, 8) });
    expect(
      readings
        .filter(({ metric, labels }) => metric === 'ups_alarm' && /^(17|23)$/.test(labels['alarm'] ?? ''))
        .map(({ labels, state }) => [labels['alarm'], state]),
    ).toEqual([
      ['17', 'battery_bad'],
      ['23', 'output_overload'],
    ]);
  });

  it('tells of a device that answers, but of which nothing is known', async () => {
    const port = await onLoopback(testDevice({ '1.3.6.1.4.1.99999.1.0': text('x') }));
    expect((await command('probe', `127.0.0.1:${port}`)).code).not.toBe(0);
  });
});

describe('watchkeeper record', () => {
  it.each(['ups-mib', 'if-mib', 'entity-sensor', 'host-resources'])(
    'writes a recording of %s that tells the same when it is served',
    async (name) => {
      const objects = readRecording(join(RECORDINGS, `${name}.snmprec`));
      const { again } = await recorded(objects);
      const values = ({ readings }: ProbeReport) =>
        readings.map(({ metric, value, source }) => [metric, value, source]);
      expect(values(await probed(again))).toEqual(values(await probed(objects)));
    },
  );

  const ADDRESS = '10.20.30.40';
  const OWN: Objects = {
    ...UPS,
    '1.3.6.1.2.1.1.4.0': text('Li Wei, li.wei@centre.gov.cn'),
    '1.3.6.1.2.1.1.5.0': text('ups-hall-7'),
    '1.3.6.1.2.1.1.6.0': text('Hall 7, Jianguo Road 1'),
    '1.3.6.1.2.1.4.20.1.1.10.20.30.40': { kind: 'ipAddress', value: Uint8Array.of(10, 20, 30, 40) },
    '1.3.6.1.2.1.2.2.1.6.1': { kind: 'octets', value: Buffer.from('00c0b7a1b2c3', 'hex') },
    '1.3.6.1.4.1.99999.1.0': text(`ups-hall-7 at ${ADDRESS}, serial AS1234567890, key hidden-community`),
    '1.3.6.1.4.1.99999.2.10.20.30.40': { kind: 'integer', value: 7 },
    '1.3.6.1.6.3.15.1.2.2.1.3.1': text('a user'),
  };

  it('tells neither names nor addresses nor serial numbers nor what it was read with', async () => {
    const { text: file, again } = await recorded(OWN, ['hidden-community']);
    expect(file).not.toMatch(
      /hall|Jianguo|Li Wei|centre|10\.20\.30\.40|00c0b7a1b2c3|AS1234567890|hidden|a user/i,
    );
    expect(again['1.3.6.1.2.1.1.5.0']).toEqual(text('name-1'));
    const told = Buffer.from((again['1.3.6.1.4.1.99999.1.0'] as { value: Uint8Array }).value).toString();
    expect(told).toMatch(/^name-1 at 198\.18\.0\.0, serial [A-Z]{2}\d{10}, key secret-1$/);
  });

  it('replaces the same by the same, in an index too, and leaves numbers alone', async () => {
    const { again } = await recorded(OWN);
    expect(again['1.3.6.1.4.1.99999.2.198.18.0.0']).toEqual({ kind: 'integer', value: 7 });
    expect(Object.keys(again).filter((oid) => oid.startsWith('1.3.6.1.2.1.4.'))).toEqual([]);
  });

  it('goes to a file', async () => {
    const port = await onLoopback(testDevice(UPS));
    const out = join(folderWith(), 'ups.snmprec');
    const { code, err } = await command('record', `127.0.0.1:${port}`, '--out', out);
    expect([code, err]).toEqual([0, expect.stringMatching(/^\d+ objects written to /)]);
    expect(readFileSync(out, 'utf8')).toMatch(/^1\.3\.6\.1\.2\.1\.33\.1\.4\.1\.0\|2\|/m);
  });
});
