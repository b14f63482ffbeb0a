import { describe, expect, it } from 'vitest';
import { PDU_TAG } from '../../../../agents/snmp/codec.ts';
import { localKeys, type User } from '../../../../agents/snmp/v3/keys.ts';
import { openV3 } from '../../../../agents/snmp/v3/message.ts';
import { seal, unseal } from '../../../../agents/snmp/v3/seal.ts';
import type { TrapSender } from '../../../../agents/traps/directory.ts';
import { createSecureReceiver } from '../../../../agents/traps/secure.ts';
import { Secret } from '../../../../config/runtime/secret.ts';
import { trapPdu } from '../../../support/traps.ts';

const OWN = { id: Buffer.from('80007ed905aabbccddeeff', 'hex'), boots: 7, startedAtMs: 0 };
const THEIRS = Buffer.from('80001f8803010203040506', 'hex');
const USER: User = {
  name: 'watchkeeper',
  auth: { protocol: 'sha1', password: 'signing secret' },
  privacy: { protocol: 'aes128', password: 'hiding secret' },
};
const SENDER: TrapSender = {
  id: 'ups-a',
  credentials: {
    version: '3',
    user: USER.name,
    auth: { protocol: 'sha1', password: new Secret('signing secret') },
    privacy: { protocol: 'aes128', password: new Secret('hiding secret') },
    context: '',
  },
  endpoint: () => Promise.resolve('nowhere'),
};

interface Letter {
  readonly engineId?: Uint8Array;
  readonly boots?: number;
  readonly time?: number;
  readonly tag?: number;
  readonly messageId?: number;
}

function letter({
  engineId = THEIRS,
  boots = 3,
  time = 1_000,
  tag = PDU_TAG.trap,
  messageId = 1,
}: Letter): Uint8Array {
  return seal({
    messageId,
    isReportable: tag === PDU_TAG.inform,
    engineId,
    boots,
    time,
    user: USER.name,
    keys: localKeys(USER, engineId),
    scoped: { contextEngineId: engineId, context: '', pdu: trapPdu('1.3.6.1.2.1.33.2.1', [], tag) },
  });
}

const inform = (more: Letter): Uint8Array =>
  letter({ engineId: OWN.id, boots: 7, time: 100, tag: PDU_TAG.inform, ...more });

describe('traps in version 3', () => {
  it('count once, however often they are played', () => {
    const receiver = createSecureReceiver(OWN);
    const packet = letter({});
    expect(receiver.receive(packet, [SENDER], 0)).toMatchObject({ kind: 'trap', sender: SENDER });
    expect(receiver.receive(packet, [SENDER], 1_000)).toMatchObject({ kind: 'refused', refusal: 'replayed' });
    expect(receiver.receive(packet, [SENDER], 151_000)).toMatchObject({
      kind: 'refused',
      refusal: 'wrong_time',
    });
  });

  it('of an earlier start of the sender are old', () => {
    const receiver = createSecureReceiver(OWN);
    expect(receiver.receive(letter({ boots: 4, time: 1 }), [SENDER], 0).kind).toBe('trap');
    expect(receiver.receive(letter({ boots: 3, time: 9_999 }), [SENDER], 0)).toMatchObject({
      refusal: 'wrong_time',
    });
  });
});

describe('informs in version 3', () => {
  it('are acknowledged as the sender can read it, again when they come again, and count once', () => {
    const receiver = createSecureReceiver(OWN);
    const packet = inform({});
    for (const isRepeated of [false, true]) {
      const came = receiver.receive(packet, [SENDER], 100_000);
      expect(came).toMatchObject({ kind: 'trap', isRepeated });
      const answer = openV3(came.answer ?? new Uint8Array(0));
      expect(answer).toMatchObject({ messageId: 1, boots: 7, time: 100, user: 'watchkeeper' });
      expect(unseal(answer, localKeys(USER, OWN.id)).pdu[0]).toBe(PDU_TAG.response);
    }
  });

  it.each([
    ['of an earlier start of ours', { boots: 6 }],
    ['out of our time', { time: 251 }],
  ])('%s are refused with our time, signed', (_what, more) => {
    const came = createSecureReceiver(OWN).receive(inform(more), [SENDER], 100_000);
    expect(came).toMatchObject({ kind: 'refused', refusal: 'wrong_time' });
    expect(openV3(came.answer ?? new Uint8Array(0))).toMatchObject({
      boots: 7,
      time: 100,
      flags: { isAuthentic: true },
    });
  });

  it('to another engine are told ours', () => {
    const came = createSecureReceiver(OWN).receive(letter({ tag: PDU_TAG.inform }), [SENDER], 0);
    expect(came).toMatchObject({ kind: 'refused', isSearch: true });
    expect(Buffer.from(openV3(came.answer ?? new Uint8Array(0)).engineId)).toEqual(OWN.id);
  });
});
