import type { ExchangeView } from './api.ts';
import type { Reading } from './sample.ts';

/** `GET /devices/ID` on the agent's page: the debug view that the collector passes on. */
export interface AgentDeviceBody {
  readonly id: string;
  readonly isUp: boolean;
  readonly lastAnswerAtMs?: number;
  readonly lastError?: string;
  readonly profiles: readonly string[];
  readonly readings: readonly Reading[];
  /** The latest exchanges, newest first. */
  readonly exchanges: readonly ExchangeView[];
}
