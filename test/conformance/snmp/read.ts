import { createPolledDevice, type Known } from '../../../agents/snmp/device.ts';
import { createPlanner } from '../../../agents/snmp/plan.ts';
import type { SnmpValue } from '../../../agents/snmp/value.ts';
import { recordedSession } from '../../../agents/tools/recorded-session.ts';
import type { Profile } from '../../../config/model/profile.ts';
import { manualClock } from '../../support/manual-clock.ts';

/** What the agent's discovery and poll make of a recorded device, asked in real packets; a text when nothing came of it. */
export async function readDevice(
  objects: Readonly<Record<string, SnmpValue>>,
  profiles: readonly Profile[],
): Promise<Known | string> {
  const clock = manualClock();
  const polled = createPolledDevice({
    id: 'recorded',
    session: recordedSession(objects, clock),
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
