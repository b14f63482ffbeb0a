import { describe, expect, it } from 'vitest';
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
    expect(facts.lines('site_device_info')).toBe(
      'site_device_info{device="fw-1",kind="firewall",layer="security",room="main"} 1\n',
    );
    expect(facts.lines('site_uplink')).toBe(
      'site_uplink{device="fw-1",interface="wan1"} 1\nsite_uplink{device="fw-1",interface="la\\"n"} 1\n',
    );
    expect(facts.lines('device_up')).toBe('');
  });

  it('stands beside what the device tells itself', () => {
    const facts = createSiteFacts({ device: DEVICE, uplinks: [] });
    const joined = joinSources({ lines: (metric) => (metric === 'device_up' ? 'device_up 1\n' : '') }, facts);
    expect(joined.lines('device_up')).toBe('device_up 1\n');
    expect(joined.lines('site_uplink')).toBe('');
    expect(joined.lines('site_device_info')).toContain('fw-1');
  });
});
