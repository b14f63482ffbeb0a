import { describe, expect, it } from 'vitest';
import { zoneViews } from '../../../../collector/ingest/zones.ts';
import { createHead } from '../../../../collector/series/head.ts';
import { loadConfig } from '../../../../config/load.ts';
import { folderWith } from '../../../support/folder.ts';

const SITE = `name: T
rooms: [{ id: main, name: Main }]
devices:
  - { id: ups-a, name: U, kind: ups, room: main, snmp: { host: 10.0.0.1 } }
  - { id: ups-b, name: U, kind: ups, room: main, zone: annex, snmp: { host: 10.0.0.2 } }
  - { id: ups-c, name: U, kind: ups, room: main, zone: annex, snmp: { host: 10.0.0.3 } }
`;
const MINUTE_MS = 60_000;

function zones() {
  const { devices } = loadConfig(folderWith({ 'site.yaml': SITE }), {});
  const head = createHead();
  const tell = (labels: Record<string, string>, atMs: number): void =>
    void head.append({ job: 'agent', instance: 'a', ...labels }, atMs, 0);
  return { tell, at: (nowMs: number) => zoneViews(devices, head, nowMs) };
}

describe('zones in which devices are to be read', () => {
  it('are reported while an agent tells of one of their devices, up or down', () => {
    const { tell, at } = zones();
    tell({ __name__: 'device_up', device: 'ups-a' }, 1_000);
    expect(at(2_000)).toEqual([
      { zone: 'default', devices: 1, isReported: true },
      { zone: 'annex', devices: 2, isReported: false },
    ]);
    expect(at(1_001 + MINUTE_MS).map(({ isReported }) => isReported)).toEqual([false, false]);
  });

  it('are reported while an agent without news tells that it is there for them', () => {
    const { tell, at } = zones();
    tell({ __name__: 'watchkeeper_agent_info', zone: 'annex' }, 1_000);
    expect(at(2_000).map(({ isReported }) => isReported)).toEqual([false, true]);
  });
});
