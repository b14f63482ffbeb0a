import { describe, expect, it } from 'vitest';
import { element, integerElement, TAG } from '../../../../../agents/snmp/ber.ts';
import { PDU_TAG } from '../../../../../agents/snmp/codec.ts';
import { encodeOid } from '../../../../../agents/snmp/oid.ts';
import { encodeGet } from '../../../../../agents/snmp/request.ts';
import type { Envelope, Outcome } from '../../../../../agents/snmp/transport.ts';
import { createConversation, type Conversation } from '../../../../../agents/snmp/v3/conversation.ts';
import { localKeys, type LocalKeys, type User } from '../../../../../agents/snmp/v3/keys.ts';
import { openV3, type V3Message } from '../../../../../agents/snmp/v3/message.ts';
import { REPORT } from '../../../../../agents/snmp/v3/reports.ts';
import { seal, unseal } from '../../../../../agents/snmp/v3/seal.ts';
import type { Oid } from '../../../../../config/model/oid.ts';
import { manualClock, type ManualClock } from '../../../../support/manual-clock.ts';

const USER: User = {
  name: 'watchkeeper',
  auth: { protocol: 'sha256', password: 'signing secret' },
  privacy: { protocol: 'aes128', password: 'hiding secret' },
};
const ENGINE_ID = Buffer.from('80001f8803010203040506', 'hex');
const TO = { address: '127.0.0.1', family: 4, port: 161 } as const;
const PATIENCE = { timeoutMs: 1_000, retries: 0 };

/** A device of a test's own that speaks version 3. */
interface Peer {
  engineId: Uint8Array;
  boots: number;
  time: number;
  /** Messages that came, decrypted as far as the peer could. */
  readonly heard: V3Message[];
  /** Contexts in which it was asked. */
  readonly contexts: string[];
  /** What it answers instead. */
  manners: (asked: V3Message, answer: Uint8Array) => Uint8Array;
}

function peerOf(): Peer {
  return {
    engineId: ENGINE_ID,
    boots: 4,
    time: 1_000,
    heard: [],
    contexts: [],
    manners: (_asked, answer) => answer,
  };
}

const pduOf = (tag: number, id: number, oid: Oid): Uint8Array =>
  element(
    tag,
    integerElement(TAG.integer, id),
    integerElement(TAG.integer, 0),
    integerElement(TAG.integer, 0),
    element(
      TAG.sequence,
      element(TAG.sequence, element(TAG.oid, encodeOid(oid)), integerElement(TAG.integer, 7)),
    ),
  );

interface Letter {
  readonly asked: V3Message;
  readonly keys: LocalKeys;
  readonly tag: number;
  readonly oid: Oid;
  readonly boots?: number;
  readonly time?: number;
}

function letter(
  peer: Peer,
  { asked, keys, tag, oid, boots = peer.boots, time = peer.time }: Letter,
): Uint8Array {
  return seal({
    messageId: asked.messageId,
    isReportable: false,
    engineId: peer.engineId,
    boots,
    time,
    user: asked.user,
    keys,
    scoped: { contextEngineId: peer.engineId, context: '', pdu: pduOf(tag, asked.messageId, oid) },
  });
}

const report = (peer: Peer, asked: V3Message, oid: Oid): Uint8Array =>
  letter(peer, { asked, keys: {}, tag: PDU_TAG.report, oid });
const answer = (peer: Peer, asked: V3Message, more: Partial<Letter> = {}): Uint8Array =>
  letter(peer, {
    asked,
    keys: localKeys(USER, peer.engineId),
    tag: PDU_TAG.response,
    oid: '1.3.6.1.2.1.1.5.0',
    ...more,
  });

function reply(peer: Peer, packet: Uint8Array): Uint8Array {
  const asked = openV3(packet);
  peer.heard.push(asked);
  if (Buffer.compare(asked.engineId, peer.engineId) !== 0) return report(peer, asked, REPORT.unknownEngine);
  const scoped = unseal(asked, localKeys(USER, peer.engineId));
  peer.contexts.push(`${Buffer.from(scoped.contextEngineId).toString('hex')}/${scoped.context}`);
  return peer.manners(asked, answer(peer, asked));
}

function talkWith(peer: Peer, clock: ManualClock, more = {}): Conversation {
  let messageId = 0x0100_0000;
  return createConversation(
    { user: USER, context: '', ...more },
    {
      clock,
      transport: {
        exchangeSealed<T extends object>(_to: unknown, envelope: Envelope<T>) {
          messageId += 1;
          const opened = envelope.open(reply(peer, envelope.seal(messageId)), messageId);
          return Promise.resolve(
            typeof opened === 'string' ? { kind: 'timeout' as const, note: opened } : opened,
          );
        },
      },
    },
  );
}

const ask = (talk: Conversation): Promise<Outcome> =>
  talk.exchange(TO, encodeGet({ version: '3' }, 'get', [encodeOid('1.3.6.1.2.1.1.5.0')]), PATIENCE);

describe('a conversation in version 3', () => {
  it('finds the engine once and then asks at once, in the time of the device', async () => {
    const [peer, clock] = [peerOf(), manualClock()];
    const talk = talkWith(peer, clock);
    expect(await ask(talk)).toMatchObject({ kind: 'answer' });
    await clock.advance(60_000);
    expect(await ask(talk)).toMatchObject({ kind: 'answer' });
    expect(peer.heard.map(({ engineId, time }) => [engineId.length, time])).toEqual([
      [0, 0],
      [11, 1_000],
      [11, 1_060],
    ]);
    expect(talk.boots()).toBe(4);
  });

  it('asks in the context of another engine when it is told to', async () => {
    const peer = peerOf();
    const contextEngineId = Buffer.from('80001f8803ffffff', 'hex');
    await ask(talkWith(peer, manualClock(), { context: 'ups', contextEngineId }));
    expect(peer.contexts).toEqual(['80001f8803ffffff/ups']);
  });

  it('takes no answer whose signature is wrong, or that lacks the level of the question', async () => {
    const peer = peerOf();
    const talk = talkWith(peer, manualClock());
    const { auth } = localKeys(USER, ENGINE_ID);
    const forgeries: readonly Peer['manners'][] = [
      (_asked, good) => good.map((byte, index) => (index === good.length - 1 ? byte ^ 1 : byte)),
      (asked) => answer(peer, asked, { keys: {} }),
      (asked) => answer(peer, asked, { keys: auth === undefined ? {} : { auth } }),
      (asked) => answer(peer, { ...asked, user: 'somebody' }),
    ];
    for (const manners of forgeries) {
      peer.manners = manners;
      expect(await ask(talk)).toEqual({ kind: 'timeout', note: 'unauthentic' });
    }
  });

  it('takes no answer that is old', async () => {
    const [peer, clock] = [peerOf(), manualClock()];
    const talk = talkWith(peer, clock);
    await ask(talk);
    peer.manners = (asked) => answer(peer, asked, { time: peer.time - 151 });
    expect(await ask(talk)).toEqual({ kind: 'timeout', note: 'unauthentic' });
    peer.manners = (asked) => answer(peer, asked, { boots: 3 });
    expect(await ask(talk)).toEqual({ kind: 'timeout', note: 'unauthentic' });
  });

  it('takes no answer to another question', async () => {
    const peer = peerOf();
    const talk = talkWith(peer, manualClock());
    await ask(talk);
    const played: Uint8Array[] = [];
    peer.manners = (_asked, good) => {
      played.push(good);
      return played[0] ?? good;
    };
    expect(await ask(talk)).toMatchObject({ kind: 'answer' });
    expect(await ask(talk)).toEqual({ kind: 'timeout', note: 'foreign' });
  });

  it('sets its time by the device and asks again, once', async () => {
    const peer = peerOf();
    let isLate = true;
    peer.manners = (asked, good) => {
      if (!isLate) return good;
      isLate = false;
      peer.time = 9_000;
      return answer(peer, asked, { tag: PDU_TAG.report, oid: REPORT.notInTimeWindow });
    };
    const talk = talkWith(peer, manualClock());
    expect(await ask(talk)).toMatchObject({ kind: 'answer' });
    expect(peer.heard.at(-1)?.time).toBe(9_000);
    peer.manners = (asked) => answer(peer, asked, { tag: PDU_TAG.report, oid: REPORT.notInTimeWindow });
    expect(await ask(talk)).toEqual({ kind: 'refused', fault: 'wrong_time' });
  });

  it.each([
    [REPORT.unsupportedLevel, 'unsupported_level'],
    [REPORT.unknownUser, 'unknown_user'],
    [REPORT.wrongDigest, 'wrong_password'],
    [REPORT.decryptionError, 'wrong_privacy'],
    [REPORT.unknownContext, 'unknown_context'],
    [REPORT.unavailableContext, 'unknown_context'],
    ['1.3.6.1.6.3.11.2.1.3.0', 'refused'],
  ] as const)('understands the report %s as %s', async (oid, fault) => {
    const peer = peerOf();
    peer.manners = (asked) => report(peer, asked, oid);
    expect(await ask(talkWith(peer, manualClock()))).toEqual({ kind: 'refused', fault });
  });

  it('goes round in no circle when the device says another engine each time', async () => {
    const peer = peerOf();
    peer.manners = (asked) => report(peer, asked, REPORT.unknownEngine);
    expect(await ask(talkWith(peer, manualClock()))).toEqual({ kind: 'refused', fault: 'unknown_engine' });
  });

  it('believes a device whose clock went back without a new start, after it was not heard twice', async () => {
    const [peer, clock] = [peerOf(), manualClock()];
    const talk = talkWith(peer, clock);
    await ask(talk);
    peer.time = 5;
    expect(await ask(talk)).toMatchObject({ kind: 'timeout' });
    expect(await ask(talk)).toMatchObject({ kind: 'timeout' });
    expect(await ask(talk)).toMatchObject({ kind: 'answer' });
  });
});
