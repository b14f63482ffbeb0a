import { describe, expect, it } from 'vitest';
import { PDU_TAG } from '../../../../agents/snmp/codec.ts';
import { openCommunityTrap } from '../../../../agents/traps/notification.ts';
import { trapPacket, trapV1Packet } from '../../../support/traps.ts';

const RUNTIME = ['1.3.6.1.2.1.33.1.2.3.0', { kind: 'integer', value: 31 }] as const;

describe('a notification', () => {
  it('of version 2c says what happened and what belongs to it', () => {
    const trap = openCommunityTrap(trapPacket('1.3.6.1.2.1.33.2.1', [RUNTIME]));
    expect(trap).toMatchObject({
      version: '2c',
      notification: { isInform: false, oids: ['1.3.6.1.2.1.33.2.1'] },
    });
    expect(trap.notification.varBinds).toEqual([{ oid: RUNTIME[0], value: RUNTIME[1] }]);
  });

  it.each([
    [0, '1.3.6.1.6.3.1.1.5.1'],
    [2, '1.3.6.1.6.3.1.1.5.3'],
    [4, '1.3.6.1.6.3.1.1.5.5'],
  ])('of version 1 and the generic kind %i is %s, whatever the enterprise (RFC 3584)', (generic, oid) => {
    const { notification } = openCommunityTrap(trapV1Packet('1.3.6.1.4.1.318', generic, 9));
    expect(notification.oids).toEqual([oid]);
  });

  it('of version 1 and an enterprise is known in both forms that MIBs use', () => {
    const { notification } = openCommunityTrap(trapV1Packet('1.3.6.1.4.1.318', 6, 5, [RUNTIME]));
    expect(notification.oids).toEqual(['1.3.6.1.4.1.318.0.5', '1.3.6.1.4.1.318.5']);
    expect(notification.varBinds.map(({ oid }) => oid)).toEqual([
      RUNTIME[0],
      '1.3.6.1.6.3.18.1.3.0',
      '1.3.6.1.6.3.1.1.4.3.0',
    ]);
  });

  it('loses no more than a value that is none', () => {
    const packet = trapPacket('1.3.6.1.2.1.33.2.1', [RUNTIME, ['1.3.6.1.2.1.33.1.2.2.0', { kind: 'null' }]]);
    // The tag of the last value becomes one that SNMP does not know.
    packet[packet.length - 2] = 0x1f;
    expect(openCommunityTrap(packet).notification.varBinds).toEqual([
      { oid: RUNTIME[0], value: RUNTIME[1] },
      { oid: '1.3.6.1.2.1.33.1.2.2.0', value: undefined },
    ]);
  });

  it.each([
    ['a response', trapPacket('1.3.6.1.2.1.33.2.1', [], { tag: PDU_TAG.response })],
    ['a trap of an unknown generic kind', trapV1Packet('1.3.6.1.4.1.318', 7, 0)],
    ['nothing', new Uint8Array(0)],
    ['half of one', trapPacket('1.3.6.1.2.1.33.2.1').slice(0, 30)],
  ])('is not %s', (_what, packet) => {
    expect(() => openCommunityTrap(packet)).toThrow(/not valid SNMP/);
  });
});
