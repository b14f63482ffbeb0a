import { PDU_TAG } from '../../agents/snmp/codec.ts';
import { localKeys } from '../../agents/snmp/v3/keys.ts';
import { seal } from '../../agents/snmp/v3/seal.ts';
import { userOf } from '../../agents/snmp/access.ts';
import type { TrapSender } from '../../agents/traps/directory.ts';
import { createJournal } from '../../agents/traps/journal.ts';
import { createTrapReceiver, type TrapObeyer } from '../../agents/traps/receiver.ts';
import { Secret } from '../../config/runtime/secret.ts';
import { trapPacket, trapPdu, trapV1Packet } from '../support/traps.ts';
import { must, type Target } from './target.ts';

const OWN = { id: Buffer.from('80007ed905aabbccddeeff', 'hex'), boots: 7, startedAtMs: 0 };
const THEIRS = Buffer.from('80001f8803010203040506', 'hex');
const COMMUNITY = 'trap-community';
const SECURE = {
  version: '3',
  user: 'watchkeeper',
  auth: { protocol: 'sha1', password: new Secret('signing secret') },
  privacy: { protocol: 'aes128', password: new Secret('hiding secret') },
  context: '',
} as const;

const sender = (id: string, credentials: TrapSender['credentials']): TrapSender => ({
  id,
  credentials,
  endpoint: () => Promise.resolve('nowhere'),
});
const DEVICES: ReadonlyMap<string, TrapSender> = new Map([
  ['10.0.0.1', sender('stated', { version: '2c', community: new Secret(COMMUNITY), isStated: true })],
  ['10.0.0.2', sender('open', { version: '2c', community: new Secret('public'), isStated: false })],
  ['10.0.0.3', sender('secure', SECURE)],
]);

const sealed = (engineId: Uint8Array, tag: number, isEmpty = false): Uint8Array =>
  seal({
    messageId: 4_711,
    isReportable: tag === PDU_TAG.inform,
    engineId: isEmpty ? new Uint8Array(0) : engineId,
    boots: 7,
    time: 0,
    user: isEmpty ? '' : SECURE.user,
    keys: isEmpty ? {} : localKeys(userOf(SECURE), engineId),
    scoped: { contextEngineId: engineId, context: '', pdu: trapPdu('1.3.6.1.2.1.33.2.1', [], tag) },
  });

const SIGNED: readonly Uint8Array[] = [sealed(THEIRS, PDU_TAG.trap), sealed(OWN.id, PDU_TAG.inform)];
const BINDING = ['1.3.6.1.2.1.33.1.2.3.0', { kind: 'integer', value: 31 }] as const;
const TEXT = ['1.3.6.1.4.1.9.0', { kind: 'octets', value: Buffer.from('电池供电 on battery') }] as const;

const CORPUS: readonly Uint8Array[] = [
  ...SIGNED,
  sealed(OWN.id, PDU_TAG.inform, true),
  trapPacket('1.3.6.1.2.1.33.2.1', [BINDING, TEXT], { community: COMMUNITY }),
  trapPacket('1.3.6.1.2.1.33.2.3', [BINDING], { community: COMMUNITY, tag: PDU_TAG.inform }),
  trapPacket('1.3.6.1.6.3.1.1.5.3', [TEXT]),
  trapV1Packet('1.3.6.1.2.1.33.2', 6, 1, [BINDING]),
  trapV1Packet('1.3.6.1.4.1.318', 2, 0, [TEXT]),
];

/** So many packets are taken within what a signed message may be late. */
const PACKETS_PER_RECEIVER = 1_000;
/** A report or an acknowledgement is hardly longer than what it answers: nobody is flooded by way of us. */
const MAX_GAIN_BYTES = 160;

/** What devices send of their own accord, from the socket to what is obeyed. */
export function trapsTarget(): Target {
  const journal = createJournal();
  const counts = { obeyed: 0, refused: 0, malformed: 0, answered: 0 };
  let now: { packet: Uint8Array; address: string } = { packet: new Uint8Array(0), address: '' };
  const listener: TrapObeyer = {
    obey(id) {
      must(DEVICES.get(now.address)?.id === id, 'a trap was taken for that of another device');
      const bytes = Buffer.from(now.packet);
      if (id === 'stated') must(bytes.includes(COMMUNITY), 'a trap without the community was obeyed');
      if (id === 'secure')
        must(
          SIGNED.some((packet) => bytes.equals(packet)),
          'a signed trap that was changed was obeyed',
        );
      return { name: undefined, metrics: [] };
    },
    nameOf: () => undefined,
    tooMuch: () => undefined,
  };
  const receiverOf = () =>
    createTrapReceiver({
      own: OWN,
      directory: { at: (address) => [DEVICES.get(address)].filter((one) => one !== undefined) },
      journal,
      listener,
    });
  // One is made anew again and again, as time would run away from what is signed; the other bears everything.
  let receiver = receiverOf();
  const lasting = receiverOf();
  let taken = 0;
  const hand = (to: typeof receiver, packet: Uint8Array, nowMs: number): void => {
    const before = total(to.counts);
    const answer = to.receive(packet, { address: now.address, port: 40_000 }, nowMs);
    must(total(to.counts) <= before + 1, 'a packet was counted twice');
    if (answer === undefined) return;
    must(answer.length <= packet.length + MAX_GAIN_BYTES, 'an answer is much longer than what was asked');
    counts.answered += 1;
  };
  const keep = (): void => {
    for (const name of ['obeyed', 'refused', 'malformed'] as const) counts[name] += receiver.counts[name];
  };
  return {
    name: 'traps',
    corpus: CORPUS,
    take(packet, random) {
      now = {
        packet,
        address: random.below(10) > 0 ? random.of([...DEVICES.keys()]) : madeUp(random.below(1 << 24)),
      };
      if (taken % PACKETS_PER_RECEIVER === 0) {
        keep();
        receiver = receiverOf();
      }
      hand(receiver, packet, (taken % PACKETS_PER_RECEIVER) * 120);
      if (taken % 4 === 0) hand(lasting, packet, taken / 4);
      taken += 1;
    },
    counts() {
      keep();
      must(journal.sources().length <= 256, 'the list of strangers has no bound');
      for (const { id } of DEVICES.values())
        must(journal.traps(id).length <= 32, 'the list of traps has no bound');
      return { ...counts, limited: lasting.counts.limited };
    },
  };
}

function total({
  obeyed,
  refused,
  malformed,
  limited,
}: Readonly<Record<'obeyed' | 'refused' | 'malformed' | 'limited', number>>): number {
  return obeyed + refused + malformed + limited;
}

function madeUp(number: number): string {
  return `172.${(number >> 16) & 0xff}.${(number >> 8) & 0xff}.${number & 0xff}`;
}
