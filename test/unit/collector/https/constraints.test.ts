import { assert, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRoot } from '../../../../collector/https/issue.ts';
import { isPermitted, permittedFor, readConstraints } from '../../../../collector/https/constraints.ts';
import { X509Certificate } from 'node:crypto';

const NOW_MS = Date.UTC(2026, 10, 27);

describe('what an authority may vouch for', () => {
  it.each([
    ['watch-1', true],
    ['a.watch-1', true],
    ['watch-12', false],
    ['spare.local', true],
    ['watch.rooms.centre.example', true],
    ['spare.rooms.centre.example', true],
    ['centre.example', false],
    ['com', false],
    ['10.255.0.1', true],
    ['172.31.1.1', true],
    ['172.32.1.1', false],
    ['203.0.113.7', true],
    ['203.0.113.8', false],
    ['fd00::1', true],
    ['2001:db8::5', true],
    ['2001:db8::6', false],
  ])('%s: %s', (name, may) => {
    const names = ['watch-1', 'watch.rooms.centre.example', '203.0.113.7', '2001:db8::5'];
    expect(isPermitted(permittedFor(names), name)).toBe(may);
  });

  it('is read from its certificate as it was written', async () => {
    const networks = ['10.0.0.0/8', '192.168.128.0/17', '2001:db8::5/128', 'fc00::/7', '0.0.0.0/0'];
    const permitted = { domains: ['local', 'x'.repeat(60), 'y'.repeat(60)], networks };
    const { cert } = await makeRoot({ hostName: 'h'.repeat(90), permitted }, NOW_MS);
    expect(readConstraints(new X509Certificate(cert).raw)).toEqual(permitted);
  });

  it('is read from whatever bytes without harm', () => {
    const number = Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x1e]);
    assert(
      property(uint8Array({ maxLength: 64 }), (bytes) => {
        expect(readConstraints(Buffer.concat([number, bytes]))).toBeDefined();
      }),
    );
  });
});
