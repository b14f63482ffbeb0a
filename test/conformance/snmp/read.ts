import { mibView } from '../../../agents/lab/mib/view.ts';
import { respond } from '../../../agents/lab/respond.ts';
import { startRoom } from '../../../agents/lab/room/room.ts';
import { decodeMessage, openPacket } from '../../../agents/snmp/codec.ts';
import { createPolledDevice, type Known } from '../../../agents/snmp/device.ts';
import { createPlanner } from '../../../agents/snmp/plan.ts';
import { stampRequestId } from '../../../agents/snmp/request.ts';
import { createSession } from '../../../agents/snmp/session.ts';
import type { SnmpValue } from '../../../agents/snmp/value.ts';
import type { Profile } from '../../../config/model/profile.ts';
import { manualClock } from '../../support/manual-clock.ts';

const MAX_ANSWER_BYTES = 1_472;

/** What the agent's discovery and poll make of a recorded device, asked in real packets; a text when nothing came of it. */
export async function readDevice(
  objects: Readonly<Record<string, SnmpValue>>,
  profiles: readonly Profile[],
): Promise<Known | string> {
  const clock = manualClock();
  const polled = createPolledDevice({
    id: 'recorded',
    session: sessionTo(objects, clock),
    profiles,
    named: undefined,
    planOf: createPlanner(),
    pollDeadlineMs: 10_000,
    clock,
  });
  await polled.poll();
  const { known, lastError } = polled.state();
  return known ?? lastError ?? 'it tells nothing';
}

function sessionTo(
  objects: Readonly<Record<string, SnmpValue>>,
  clock: ReturnType<typeof manualClock>,
): ReturnType<typeof createSession> {
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
      countOutcome: () => undefined,
      transport: {
        exchangeSealed: () => Promise.resolve({ kind: 'timeout' }),
        exchange(_to, request) {
          stampRequestId(request, 0x0100_0000);
          const packet = respond(source, decodeMessage(request.bytes));
          if (packet === undefined) return Promise.resolve({ kind: 'timeout' });
          return Promise.resolve({ kind: 'answer', packet, head: openPacket(packet) });
        },
      },
    },
  );
}
