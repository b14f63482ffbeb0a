import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPolledDevice } from '../../../../agents/snmp/device.ts';
import { createPlanner } from '../../../../agents/snmp/plan.ts';
import { SHIPPED_FOLDER } from '../../../../config/load.ts';
import { formatLabels } from '../../../../config/model/labels.ts';
import { openProfiles } from '../../../../config/profiles.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { readRecording } from '../../../../agents/tools/recorded.ts';
import { sessionTo, testDevice } from '../../../support/snmp-device.ts';

const PROFILES = join(SHIPPED_FOLDER, 'profiles');
const RECORDINGS = join(import.meta.dirname, '../../../profiles');
const FILES = readdirSync(PROFILES).map((name) => join(PROFILES, name));
const { profiles } = openProfiles(FILES, PROFILES);
/** Recordings of our own with faults that real devices have; the others are invented from the profiles. */
const WRITTEN_BY_HAND = ['entity-sensor', 'host-resources', 'if-mib', 'system', 'ups-mib'];

/** Everything that a recorded device tells when all profiles stand to choose from, one line each. */
async function tell(name: string, version: '1' | '2c'): Promise<string> {
  const clock = manualClock();
  const device = testDevice(readRecording(join(RECORDINGS, `${name}.snmprec`)));
  const polled = createPolledDevice({
    id: name,
    session: sessionTo(device, { version, clock }),
    profiles,
    named: undefined,
    planOf: createPlanner(),
    pollDeadlineMs: 10_000,
    clock,
  });
  await polled.poll();
  const { known, lastError } = polled.state();
  if (known === undefined) throw new Error(lastError);
  const readings = known.readings.map(({ metric, labels, leaf, states }, index) => {
    const value = known.values[index] ?? Number.NaN;
    const meaning = Number.isNaN(value) ? 'not known' : (states?.get(value) ?? value);
    return `${metric}${formatLabels(labels)} ${meaning} < ${leaf}`;
  });
  const head = [`profiles ${known.profiles.join(' ')}`, `info ${formatLabels(known.info)}`];
  return `${[...head, ...readings].join('\n')}\n`;
}

describe.each(FILES.map((file) => basename(file, '.yaml')))('a device of the profile %s', (name) => {
  it('tells what its recording holds', async () => {
    await expect(await tell(name, '2c')).toMatchFileSnapshot(join(RECORDINGS, `${name}.golden`));
  });
});

describe.each(WRITTEN_BY_HAND)('a device of the profile %s', (name) => {
  it('tells the same in version 1, but for numbers that version 1 cannot carry', async () => {
    const narrow = await tell(name, '1');
    if (name === 'if-mib')
      expect(narrow).toContain('interface_receive_bytes_total{interface="GE0/0/1"} 4000000000');
    else expect(narrow).toBe(await tell(name, '2c'));
  });
});
