import type { ExchangeView } from './api.ts';
import type { Reading } from './sample.ts';
import type { SnmpFault } from './snmp.ts';
import type { TrapView } from './traps.ts';

/** How a device is asked. */
export interface PaceView {
  /** `fast`: on battery or alarmed, and read every few seconds. `spared`: it would be, but the site says that it bears it ill. */
  readonly lane: 'ordinary' | 'fast' | 'spared';
  /** Silent for long: not asked before. */
  readonly pausedUntilMs?: number;
  /** Requests at once that it bears. */
  readonly atOnce: number;
  /** Objects in one answer that it bears. */
  readonly objects: number;
}

/** An agent that joined by a one-time token, as administrators see it. */
export interface AgentView {
  /** The `instance` label of its series. */
  readonly name: string;
  readonly zone: string;
  readonly joinedAtMs: number;
  readonly revokedAtMs?: number;
  /** When it pushed last; absent: not since this collector began. */
  readonly lastSeenAtMs?: number;
  /** As it says of itself. */
  readonly version?: string;
  /** Batches that wait in its memory. */
  readonly queued?: number;
  /** What waits on its disk, and how many batches it lost for want of room. */
  readonly spoolBytes?: number;
  readonly spoolDropped?: number;
}

/** `GET /api/agents`. */
export interface AgentsBody {
  readonly agents: readonly AgentView[];
  /** Where the site has devices. */
  readonly zones: readonly ZoneView[];
}

/** A zone in which the site has devices. */
export interface ZoneView {
  readonly zone: string;
  readonly devices: number;
  /** Whether any agent has told of it within the last minute. */
  readonly isReported: boolean;
}

/** What `make-agent-token` brings: told this once. */
export interface AgentTokenBody {
  readonly zone: string;
  readonly token: string;
}

/** `POST /api/agents/join`: what the agent shows from now on, told this once. */
export interface AgentJoinedBody {
  readonly credential: string;
  readonly zone: string;
}

/** `GET /devices/ID` on the agent's page: the debug view that the collector passes on. */
export interface AgentDeviceBody {
  readonly id: string;
  readonly isUp: boolean;
  readonly lastAnswerAtMs?: number;
  readonly lastError?: string;
  /** Why the last request over SNMP got no usable answer. */
  readonly fault?: SnmpFault;
  /** How it is asked; absent for what is not read over SNMP. */
  readonly pace?: PaceView;
  readonly profiles: readonly string[];
  readonly readings: readonly Reading[];
  /** The latest exchanges, newest first. */
  readonly exchanges: readonly ExchangeView[];
  /** What it reported by itself, newest first. */
  readonly traps: readonly TrapView[];
}
