import { describe, expect, it } from 'vitest';
import { maskAddresses } from '../../../../config/model/mask.ts';

describe('what a screen on the wall is told', () => {
  it.each([
    ['UPS 10.1.0.5 does not answer.', 'UPS ••• does not answer.'],
    ['10.1.0.5:9100 and (192.168.7.20).', '•••:9100 and (•••).'],
    ['{"instance":"10.1.0.5"}', '{"instance":"•••"}'],
    ['from fe80::1 or 2001:db8:0:0:0:0:0:1', 'from ••• or •••'],
    ['[::1]:8480', '[•••]:8480'],
    ['port of 00:1b:44:11:3a:b7', 'port of •••'],
  ])('has no address in it: %s', (text, masked) => {
    expect(maskAddresses(text)).toBe(masked);
  });

  it.each([
    '1.3.6.1.2.1.33.1.4.4.1.5.1',
    'at 12:30:05, 54.5 V',
    'version 4.2.1',
    '{"a":{"b":1.5},"c":":"}',
    '2026-11-27T08:00:00.000Z',
  ])('keeps what is none: %s', (text) => {
    expect(maskAddresses(text)).toBe(text);
  });
});
