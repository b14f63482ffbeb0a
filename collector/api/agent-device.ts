import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { AgentDeviceBody } from '../../config/model/agent-api.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { createPageSource } from '../ingest/fetch-page.ts';
import type { TargetConfig } from '../ingest/target.ts';

const MAX_BYTES = 2 * 1024 * 1024;
const DEADLINE_MS = 3_000;

const Text = Type.String({ maxLength: 10_000 });
const AgentDevice = Compile(
  Type.Object({
    id: Text,
    isUp: Type.Boolean(),
    lastAnswerAtMs: Type.Optional(Type.Number()),
    lastError: Type.Optional(Text),
    profiles: Type.Array(Text),
    readings: Type.Array(
      Type.Object({
        metric: Text,
        labels: Type.Record(Type.String(), Text),
        value: Type.Number(),
        state: Type.Optional(Text),
        source: Text,
        atMs: Type.Number(),
      }),
    ),
    exchanges: Type.Array(
      Type.Object({ atMs: Type.Number(), durationMs: Type.Number(), request: Text, outcome: Text }),
    ),
  }),
);

/**
 * Asks the agents for what they know of a device, one after the other until one has it.
 * @throws {WatchkeeperError} `scrape_failed` when none of them answers, or with something else.
 */
export function agentDevices(agents: () => readonly TargetConfig[]) {
  return async (device: string): Promise<AgentDeviceBody> => {
    let failure: unknown;
    for (const { url } of agents()) {
      try {
        return await ask(new URL(`/devices/${encodeURIComponent(device)}`, url).href);
      } catch (error) {
        failure = error;
      }
    }
    throw new WatchkeeperError('scrape_failed', `No agent tells of ${device}.`, { cause: failure });
  };
}

async function ask(url: string): Promise<AgentDeviceBody> {
  const source = createPageSource({ url, maxBytes: MAX_BYTES, timeoutMs: DEADLINE_MS });
  try {
    const body = await source.fetch(AbortSignal.timeout(DEADLINE_MS));
    const answer: unknown = JSON.parse(body.toString('utf8'));
    if (AgentDevice.Check(answer)) return answer;
    throw new WatchkeeperError('scrape_failed', `${url} answered something else than a device.`);
  } finally {
    source.close();
  }
}
