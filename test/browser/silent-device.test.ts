import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEATS, setStage, type Stage } from '../support/alarm-stage.ts';
import { CHROMIUM } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { sharedFolderWith } from '../support/folder.ts';
import { untilTile } from '../support/pages.ts';
import { createSnmpd, SNMPD, type Snmpd } from '../support/snmpd.ts';

const SOON_MS = 60_000;

const SYSTEM = 'sysDescr A UPS on a real agent';
const ON_BATTERY = [
  SYSTEM,
  'override 1.3.6.1.2.1.33.1.2.1.0 integer 2',
  'override 1.3.6.1.2.1.33.1.4.1.0 integer 5',
];
const ON_MAINS = [
  SYSTEM,
  'override 1.3.6.1.2.1.33.1.2.1.0 integer 2',
  'override 1.3.6.1.2.1.33.1.4.1.0 integer 3',
];

const site = (port: number): string => `
name: One UPS
demonstration: true
rooms: [{ id: main, name: Main room, rows: [{ id: A, racks: [{ id: A1 }] }] }]
devices:
  - { id: ups-real, name: Real UPS, kind: ups, room: main, rack: A1, unit: 1, height: 4, snmp: { host: 127.0.0.1, port: ${port} } }
`;

describe.skipIf(CHROMIUM === undefined || SNMPD === undefined)(
  'a device that dies while it is alarmed',
  () => {
    const data = sharedFolderWith();
    const config = sharedFolderWith(BEATS);
    const agentFolder = sharedFolderWith();
    let snmpd: Snmpd;
    let stage: Stage;
    beforeAll(async () => {
      snmpd = await createSnmpd(agentFolder, ON_MAINS);
      await snmpd.start();
      writeFileSync(join(config, 'site.yaml'), site(snmpd.port));
      stage = await setStage(config, data);
    });
    afterAll(async () => {
      await stage.close();
      await snmpd.kill();
    });

    it('is well on mains: a real snmpd is polled', async () => {
      await untilTile(stage.page, 'ups-real', 'ok');
    });

    it('is alarmed on battery', async () => {
      await snmpd.start(ON_BATTERY);
      await untilTile(stage.page, 'ups-real', 'critical');
      await stage.alert('UpsOnBattery').waitFor({ timeout: SOON_MS });
    });

    it('silent: unknown within three polls and a scrape, its alarm held and not resolved, its silence an alarm', async () => {
      await snmpd.kill();
      await untilTile(stage.page, 'ups-real', 'unknown', 20_000);
      await stage.page
        .locator('[data-alert="UpsOnBattery"][data-held="true"]')
        .first()
        .waitFor({ timeout: SOON_MS });
      await stage.alert('DeviceSilent').waitFor({ timeout: 90_000 });
      expect(stage.mailsAbout('resolved')).toEqual([]);
    });

    it('back on mains: judged anew and resolved, once', async () => {
      await snmpd.start(ON_MAINS);
      await untilTile(stage.page, 'ups-real', 'ok', SOON_MS);
      await stage.alert('UpsOnBattery').waitFor({ state: 'detached', timeout: SOON_MS });
      await stage.alert('DeviceSilent').waitFor({ state: 'detached', timeout: SOON_MS });
      await eventually(() => expect(stage.mailsAbout('resolved', 'UPS on battery')).toHaveLength(1), SOON_MS);
    });
  },
);
