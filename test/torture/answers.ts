import { element, integerElement, TAG } from '../../agents/snmp/ber.ts';
import {
  encodeMessage,
  newVarBindView,
  nextVarBind,
  PDU_TAG,
  type PduHead,
} from '../../agents/snmp/codec.ts';
import { encodeOid } from '../../agents/snmp/oid.ts';
import { encodeGet } from '../../agents/snmp/request.ts';
import { receive, type Envelope, type Pending } from '../../agents/snmp/transport.ts';
import { createConversation } from '../../agents/snmp/v3/conversation.ts';
import { localKeys, type LocalKeys, type User } from '../../agents/snmp/v3/keys.ts';
import { REPORT } from '../../agents/snmp/v3/reports.ts';
import { seal } from '../../agents/snmp/v3/seal.ts';
import { textOf, tryDecodeValue, type SnmpValue } from '../../agents/snmp/value.ts';
import { manualClock } from '../support/manual-clock.ts';
import { must, type Target } from './target.ts';

const DEVICE = { address: '10.0.0.1', family: 4, port: 161 } as const;
const STRANGER = { address: '10.0.0.2', port: 161 };
const PLAIN_ID = 0x0100_0001;
const SECURE_ID = 0x0100_0002;

const ENGINE_ID = Buffer.from('80001f8803010203040506', 'hex');
const USER: User = {
  name: 'watchkeeper',
  auth: { protocol: 'sha256', password: 'signing secret' },
  privacy: { protocol: 'aes128', password: 'hiding secret' },
};
const KEYS = localKeys(USER, ENGINE_ID);

const VALUES: readonly SnmpValue[] = [
  { kind: 'integer', value: -7 },
  { kind: 'octets', value: Buffer.from('Simulated UPS') },
  { kind: 'oid', value: '1.3.6.1.4.1.318.1.3.27' },
  { kind: 'ipAddress', value: Uint8Array.of(10, 0, 0, 1) },
  { kind: 'counter32', value: 4_000_000_000 },
  { kind: 'gauge32', value: 48 },
  { kind: 'timeTicks', value: 77 },
  { kind: 'float', value: 23.5 },
  { kind: 'counter64', value: 2n ** 63n },
  { kind: 'noSuchInstance' },
  { kind: 'endOfMibView' },
];
const varBinds = VALUES.map((value, index) => ({ oid: `1.3.6.1.2.1.33.1.2.${index + 1}.0`, value }));

const answer = (version: '1' | '2c', requestId: number, errorStatus = 0): Uint8Array =>
  encodeMessage({
    version,
    community: 'public',
    pdu: { kind: 'response', requestId, errorStatus, errorIndex: errorStatus, varBinds },
  });

const reportPdu = (oid: string): Uint8Array =>
  element(
    PDU_TAG.report,
    integerElement(TAG.integer, SECURE_ID),
    integerElement(TAG.integer, 0),
    integerElement(TAG.integer, 0),
    element(
      TAG.sequence,
      element(TAG.sequence, element(TAG.oid, encodeOid(oid)), integerElement(TAG.counter32, 1)),
    ),
  );

/** The PDU of an answer without the message around it. */
function pduOf(packet: Uint8Array): Uint8Array {
  const at = packet.findIndex((byte, index) => byte === PDU_TAG.response && index > 8);
  return packet.slice(at);
}

const sealed = (pdu: Uint8Array, keys: LocalKeys): Uint8Array =>
  seal({
    messageId: SECURE_ID,
    isReportable: false,
    engineId: ENGINE_ID,
    boots: 4,
    time: 1_000,
    user: USER.name,
    keys,
    scoped: { contextEngineId: ENGINE_ID, context: '', pdu },
  });

const SECURE_PDU = pduOf(answer('2c', SECURE_ID));

/** The envelope of a question in version 3 that waits for its answer, in the hands of whoever opens what comes. */
async function openQuestion(): Promise<Envelope<object>> {
  return new Promise((found) => {
    const talk = createConversation(
      { user: USER, context: '' },
      {
        clock: manualClock(),
        transport: {
          exchangeSealed<T extends object>(_to: unknown, envelope: Envelope<T>): Promise<T> {
            const search = envelope.open(sealed(reportPdu(REPORT.unknownEngine), {}), SECURE_ID);
            if (typeof search !== 'string' && !isAsked) {
              isAsked = true;
              return Promise.resolve(search);
            }
            found(envelope);
            return new Promise<T>(() => undefined);
          },
        },
      },
    );
    let isAsked = false;
    void talk.exchange(DEVICE, encodeGet({ version: '3' }, 'get', []), { timeoutMs: 1, retries: 0 });
  });
}

/** What the agent asks, and what comes back: the way from the socket to the values of a device. */
export async function answersTarget(): Promise<Target> {
  const envelope = await openQuestion();
  const dropped = { malformed: 0, foreign: 0 };
  const counts = { plain: 0, secure: 0, reports: 0, values: 0, malformed: 0, foreign: 0 };
  let isFromDevice = true;
  const pending = new Map<number, Pending>([
    [
      PLAIN_ID,
      {
        to: DEVICE,
        note: undefined,
        fail: () => undefined,
        take(head, packet) {
          must(isFromDevice, 'a stranger was taken for the device');
          must(head.requestId === PLAIN_ID && head.pduTag === PDU_TAG.response, 'it took what is no answer');
          counts.plain += 1;
          counts.values += readAll(head, packet);
        },
      },
    ],
    [
      SECURE_ID,
      {
        to: DEVICE,
        note: undefined,
        fail: () => undefined,
        takeSealed(packet) {
          must(isFromDevice, 'a stranger was taken for the device');
          const opened = envelope.open(packet, SECURE_ID);
          if (typeof opened === 'string') return opened;
          if ('packet' in opened) {
            const same = Buffer.compare(opened.packet as Uint8Array, SECURE_PDU) === 0;
            must(same, 'a signed answer that was changed on the way was believed');
            counts.secure += 1;
          } else counts.reports += 1;
          return undefined;
        },
      },
    ],
  ]);
  return {
    name: 'answers',
    corpus: [
      answer('2c', PLAIN_ID),
      answer('2c', PLAIN_ID, 2),
      answer('1', PLAIN_ID),
      answer('2c', PLAIN_ID + 99),
      sealed(SECURE_PDU, KEYS),
      sealed(SECURE_PDU, {}),
      sealed(reportPdu(REPORT.wrongDigest), {}),
      sealed(reportPdu(REPORT.notInTimeWindow), { ...KEYS }),
    ],
    take(packet, random) {
      isFromDevice = random.below(8) > 0;
      const before = dropped.malformed + dropped.foreign + counts.plain + counts.secure + counts.reports;
      receive({ pending, dropped }, packet, isFromDevice ? DEVICE : STRANGER);
      const after = dropped.malformed + dropped.foreign + counts.plain + counts.secure + counts.reports;
      must(after === before + 1, 'a packet was neither taken nor counted as dropped, or both');
    },
    counts: () => ({ ...counts, ...dropped }),
  };
}

/** Reads an answer as a poll does: all that can be read, up to the first place that is not valid. */
function readAll(head: PduHead, packet: Uint8Array): number {
  const view = newVarBindView();
  let values = 0;
  try {
    while (nextVarBind(head.varBinds, view)) {
      must(
        view.valueEnd <= packet.length && view.valueStart <= view.valueEnd,
        'a value lies outside its packet',
      );
      must(
        textOf(tryDecodeValue(view.tag, packet, view.valueStart, view.valueEnd)).length <= 200,
        'a text has no bound',
      );
      values += 1;
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'snmp_malformed')) throw error;
  }
  return values;
}
