import type { SnmpAccess } from '../../config/snmp-access.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { sessionAccess } from '../snmp/access.ts';
import { endpointOf } from '../snmp/endpoint.ts';
import { createSession, type Session } from '../snmp/session.ts';
import { openTransport } from '../snmp/transport.ts';

/** Talks to one device, counts what is said, and closes the socket behind it. */
export async function withSession<T>(
  access: SnmpAccess,
  clock: Clock,
  { onExchange, task }: { onExchange: (count: number) => void; task: (session: Session) => Promise<T> },
): Promise<T> {
  const transport = await openTransport(clock);
  let exchanges = 0;
  try {
    const session = createSession(
      {
        endpoint: endpointOf(access.host, access.port, clock),
        access: sessionAccess(access.credentials),
        patience: { timeoutMs: access.timeoutMs ?? 2_000, retries: access.retries ?? 1 },
        maxRepetitions: access.maxRepetitions,
      },
      {
        clock,
        transport,
        countOutcome() {
          exchanges += 1;
          onExchange(exchanges);
        },
      },
    );
    return await task(session);
  } finally {
    await transport.close();
  }
}
