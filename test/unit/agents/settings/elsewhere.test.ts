import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { settingsBeside } from '../../../../agents/settings/beside.ts';
import { settingsElsewhere } from '../../../../agents/settings/elsewhere.ts';
import type { Settings, SettingsReader } from '../../../../agents/settings/settings.ts';
import { Secret } from '../../../../config/runtime/secret.ts';
import { secretsOf } from '../../../../config/snmp-access.ts';
import { folderWith } from '../../../support/folder.ts';
import { manualClock, type ManualClock } from '../../../support/manual-clock.ts';

const SITE = `name: T
rooms: [{ id: main, name: Main }]
devices:
  - { id: ups-a, name: U, kind: ups, room: main, snmp: { host: 10.0.0.1, community: { env: COMMUNITY } } }
`;
const PROFILE = `title: Own
match: [{ has: 1.3.6.1.4.1.9999 }]
values:
  - { metric: ups_output_source, oid: 1.3.6.1.4.1.9999.1.0, states: { 1: normal, 2: battery } }
`;
const ENV = { ...process.env, COMMUNITY: 'known to nobody' };

function started(files: Readonly<Record<string, string>>): {
  reader: SettingsReader;
  folder: string;
  clock: ManualClock;
} {
  const folder = folderWith({ 'agent.yaml': 'collector: { url: "http://h", token: told }\n', ...files });
  const clock = manualClock();
  const reader = settingsElsewhere({ folder, env: ENV, clock });
  onTestFinished(() => reader.stop());
  return { reader, folder, clock };
}

/** What a profile says, once it is read. */
async function profileIn({ profiles }: Settings, name: string): Promise<unknown> {
  const [profile] = profiles.filter((one) => one.name === name);
  if (profile === undefined) return undefined;
  const { info, changesWith, rules, traps } = await profile.read();
  expect(rules).not.toEqual([]);
  return [profile.title, profile.match, info, changesWith, rules, traps];
}

describe('the files of a site, read in a process of their own', () => {
  it('say what they say in this one, secrets and traps with it', async () => {
    const { reader, folder } = started({ 'site.yaml': SITE, 'profiles/own.yaml': PROFILE });
    const beside = settingsBeside(folder, ENV);
    const [here, there] = [await beside.read(), await reader.read()];
    expect(here.profileFaults).toEqual([]);
    expect(there).toEqual({ ...here, profiles: expect.anything() });
    expect(there.devices.flatMap(({ snmp }) => (snmp === undefined ? [] : secretsOf(snmp)))).toEqual([
      'known to nobody',
    ]);
    expect(there.agent.push).toEqual({ ...here.agent.push, token: new Secret('told') });
    expect(await reader.traps()).toEqual(await beside.traps());
    for (const name of ['own', 'ups-mib'])
      expect(await profileIn(there, name)).toEqual(await profileIn(here, name));
  }, 60_000);

  it('tell their faults, and are read again when they are mended, or when the process had ended', async () => {
    const { reader, folder, clock } = started({ 'site.yaml': 'name: T\nrooms: 7\n' });
    await expect(reader.read()).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('site.yaml:2: rooms'),
    });
    await clock.advance(60_000);
    writeFileSync(join(folder, 'site.yaml'), SITE);
    const { devices, profiles } = await reader.read();
    expect(devices).toHaveLength(1);
    // A device of another family is found later: the process is started for it.
    await reader.stop();
    rmSync(join(folder, 'site.yaml'));
    const body = profiles.find(({ name }) => name === 'ups-mib')?.read();
    await expect(body).rejects.toMatchObject({ code: 'config_invalid' });
    writeFileSync(join(folder, 'site.yaml'), SITE);
    const again = await profiles.find(({ name }) => name === 'ups-mib')?.read();
    expect(again?.rules.length).toBeGreaterThan(10);
  }, 60_000);

  it('ask for an answer no longer than a minute', async () => {
    const { reader, clock } = started({ 'site.yaml': SITE });
    const read = expect(reader.read()).rejects.toMatchObject({ code: 'internal' });
    await clock.advance(60_000);
    await read;
  });
});
