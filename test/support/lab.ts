import { onTestFinished } from 'vitest';
import { startLab, type Lab } from '../../agents/lab/lab.ts';
import type { LabDevice } from '../../agents/lab/room/room.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { silentLog } from './silent-log.ts';

/**
 * A simulated room in this process, ended with the test; all devices, or those named. With a manual clock it moves when
 * the clock does, by at most ten seconds at once.
 */
export async function labOf(devices?: readonly LabDevice[], clock: Clock = systemClock): Promise<Lab> {
  const lab = await startLab({ clock, log: silentLog(), ...(devices === undefined ? {} : { devices }) });
  onTestFinished(() => lab.stop());
  return lab;
}

/** The port of loopback that a simulated device answers on. */
export function labPort(lab: Lab, device: LabDevice): number {
  const address = lab.addresses[device];
  if (address === undefined) throw new Error(`${device} was not started`);
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
