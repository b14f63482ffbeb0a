import { describe, expect, it } from 'vitest';
import { ownNames, thisMachine } from '../../../../collector/https/names.ts';

describe('what a collector may be called by', () => {
  const machine = { hostName: 'Watch-1', addresses: ['127.0.0.1', '192.168.7.5', '2001:DB8:0:0::5'] };

  it('is the name and the addresses of the machine, the host of its links, and loopback, each once', () => {
    const place = { listen: '0.0.0.0:8480', publicUrl: 'https://watch.centre.example:8443/x' };
    expect(ownNames(machine, place)).toEqual([
      'watch-1',
      'watch.centre.example',
      'localhost',
      '127.0.0.1',
      '::1',
      '192.168.7.5',
      '2001:db8::5',
    ]);
  });

  it.each([
    ['[::]:8480', undefined],
    ['192.168.7.5:8480', '192.168.7.5'],
    ['room.example:8480', 'room.example'],
  ])('has the host of %s: %s', (listen, host) => {
    const names = ownNames({ hostName: 'bad name!', addresses: [] }, { listen });
    expect(names).toEqual([...(host === undefined ? [] : [host]), 'localhost', '127.0.0.1', '::1']);
  });

  it('is bounded on a machine with hundreds of addresses', () => {
    const addresses = Array.from({ length: 500 }, (_, index) => `10.1.${index >> 8}.${index & 255}`);
    expect(ownNames({ hostName: 'a', addresses }, { listen: '0.0.0.0:1' })).toHaveLength(64);
  });

  it('of this machine has no link-local address, which no certificate can name', () => {
    const { addresses } = thisMachine();
    expect(addresses).toContain('127.0.0.1');
    expect(addresses.filter((address) => address.startsWith('fe80'))).toEqual([]);
  });
});
