import { describe, expect, it } from 'vitest';
import { PageBytes } from '../../../agents/page/bytes.ts';
import { fixedLines, type PageSource } from '../../../agents/page/text.ts';
import { createSiteFacts, joinSources } from '../../../agents/site-facts.ts';
import type { SiteDevice } from '../../../config/model/site.ts';

const DEVICE: SiteDevice = {
  id: 'fw-1',
  name: { 'zh-CN': '防火墙', en: 'Firewall' },
  kind: 'firewall',
  layer: 'security',
  room: 'main',
  feeds: [],
};

describe('what the site says of a device', () => {
  it('is on the page with its kind, layer and room, and its uplinks, each 1', () => {
    const facts = createSiteFacts({ device: DEVICE, uplinks: ['wan1', 'la"n'] });
    expect(pageOf(facts)).toEqual({
      site_device_info: 'site_device_info{device="fw-1",kind="firewall",layer="security",room="main"} 1\n',
      site_uplink:
        'site_uplink{device="fw-1",interface="wan1"} 1\nsite_uplink{device="fw-1",interface="la\\"n"} 1\n',
    });
  });

  it('are the power feeds that it has, with its rack', () => {
    const mount = { rack: 'A1', unit: 1, height: 1 };
    const facts = createSiteFacts({ device: { ...DEVICE, mount, feeds: ['A', 'B'] }, uplinks: [] });
    expect(pageOf(facts)['site_feed']).toBe(
      'site_feed{device="fw-1",kind="firewall",room="main",rack="A1",feed="A"} 1\n' +
        'site_feed{device="fw-1",kind="firewall",room="main",rack="A1",feed="B"} 1\n',
    );
  });

  it('of a climate sensor is how the air has to be, by the standard or by the site', () => {
    const facts = createSiteFacts({
      device: { ...DEVICE, id: 'c-1', kind: 'climate_sensor' },
      uplinks: [],
      limits: { inlet_high_celsius: 25 },
    });
    const lines = pageOf(facts)['site_room_limit'];
    expect(lines).toContain('site_room_limit{device="c-1",room="main",limit="inlet_high_celsius"} 25\n');
    expect(lines).toContain('site_room_limit{device="c-1",room="main",limit="inlet_low_celsius"} 18\n');
    expect(lines?.trim().split('\n')).toHaveLength(6);
  });

  it('stands beside what the device tells itself', () => {
    const facts = createSiteFacts({ device: DEVICE, uplinks: [] });
    const joined = joinSources(
      { write: (append) => append('device_up', fixedLines('device_up 1\n')) },
      facts,
    );
    expect(pageOf(joined)).toMatchObject({
      device_up: 'device_up 1\n',
      site_device_info: expect.stringContaining('fw-1') as string,
    });
  });
});

const nothing = (): void => undefined;

function pageOf(source: PageSource): Readonly<Record<string, string>> {
  const page: Record<string, string> = {};
  source.write((metric, lines) => {
    const bytes = new PageBytes();
    lines.write(bytes);
    page[metric] = Buffer.from(bytes.written).toString();
  }, nothing);
  return page;
}
