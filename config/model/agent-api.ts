import type { ExchangeView } from './api.ts';
import type { Reading } from './sample.ts';
import type { SnmpFault } from './snmp.ts';
import type { TrapView } from './traps.ts';

/** `GET /devices/ID` on the agent's page: the debug view that the collector passes on. */
export interface AgentDeviceBody {
  readonly id: string;
  readonly isUp: boolean;
  readonly lastAnswerAtMs?: number;
  readonly lastError?: string;
  /** Why the last request over SNMP got no usable answer. */
  readonly fault?: SnmpFault;
  readonly profiles: readonly string[];
  readonly readings: readonly Reading[];
  /** The latest exchanges, newest first. */
  readonly exchanges: readonly ExchangeView[];
  /** What it reported by itself, newest first. */
  readonly traps: readonly TrapView[];
}
