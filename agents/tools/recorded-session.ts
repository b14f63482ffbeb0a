import type { Clock } from '../../config/runtime/clock.ts';
import { respond } from '../lab/respond.ts';
import { mibView } from '../lab/mib/view.ts';
import { startRoom } from '../lab/room/room.ts';
import { decodeMessage, openPacket } from '../snmp/codec.ts';
import { stampRequestId } from '../snmp/request.ts';
import { createSession, type Session } from '../snmp/session.ts';
import type { SnmpValue } from '../snmp/value.ts';

/** As much as an Ethernet frame carries. */
const MAX_ANSWER_BYTES = 1_472;
const REQUEST_ID = 0x0100_0000;

/** A conversation with a device of which there is only a recording: it is asked, and answers, in real packets. */
export function recordedSession(
  objects: Readonly<Record<string, SnmpValue>>,
  clock: Clock,
  onExchange: () => void = () => undefined,
): Session {
  const source = {
    view: mibView(
      Object.entries(objects).map(([oid, value]) => ({
        oid,
        type: oid.slice(0, oid.lastIndexOf('.')),
        read: () => value,
      })),
    ),
    room: startRoom(0),
    maxBytes: MAX_ANSWER_BYTES,
  };
  return createSession(
    {
      endpoint: () => Promise.resolve({ address: '127.0.0.1', family: 4, port: 161 }),
      access: { version: '2c', community: Buffer.from('public') },
      patience: { timeoutMs: 1_000, retries: 0 },
    },
    {
      clock,
      countOutcome: onExchange,
      transport: {
        exchangeSealed: () => Promise.resolve({ kind: 'timeout' }),
        exchange(_to, request) {
          stampRequestId(request, REQUEST_ID);
          const packet = respond(source, decodeMessage(request.bytes));
          if (packet === undefined) return Promise.resolve({ kind: 'timeout' });
          return Promise.resolve({ kind: 'answer', packet, head: openPacket(packet) });
        },
      },
    },
  );
}
