import { Type, type Static, type TSchema } from 'typebox';
import type { AgentDeviceBody } from '../../config/model/agent-api.ts';
import type { AgentTrapsView } from '../../config/model/api.ts';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import { SNMP_FAULTS } from '../../config/model/snmp.ts';
import { TRAP_REFUSALS } from '../../config/model/traps.ts';
import { isOf } from '../../config/schema/validator.ts';
import { createPageSource, wholeBody } from '../ingest/fetch-page.ts';
import type { TargetConfig } from '../ingest/target.ts';

const MAX_BYTES = 2 * 1024 * 1024;
const DEADLINE_MS = 3_000;

const Text = Type.String({ maxLength: 10_000 });
const Refusal = Type.Enum([...TRAP_REFUSALS]);
const AgentDevice = Type.Object({
  id: Text,
  isUp: Type.Boolean(),
  lastAnswerAtMs: Type.Optional(Type.Number()),
  lastError: Type.Optional(Text),
  fault: Type.Optional(Type.Enum([...SNMP_FAULTS])),
  pace: Type.Optional(
    Type.Object({
      lane: Type.Enum(['ordinary', 'fast', 'spared']),
      pausedUntilMs: Type.Optional(Type.Number()),
      atOnce: Type.Number(),
      objects: Type.Number(),
    }),
  ),
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
  traps: Type.Array(
    Type.Object({
      firstAtMs: Type.Number(),
      lastAtMs: Type.Number(),
      count: Type.Number(),
      version: Type.Enum(['1', '2c', '3']),
      isInform: Type.Boolean(),
      oid: Text,
      name: Type.Optional(Text),
      refusal: Type.Optional(Refusal),
      metrics: Type.Array(Text),
      varBinds: Type.Array(Type.Object({ oid: Text, value: Text })),
    }),
  ),
});

const AgentTraps = Type.Object({
  listen: Type.Optional(Text),
  fault: Type.Optional(Text),
  sources: Type.Array(
    Type.Object({
      address: Text,
      refusal: Refusal,
      count: Type.Number(),
      firstAtMs: Type.Number(),
      lastAtMs: Type.Number(),
      oid: Type.Optional(Text),
      name: Type.Optional(Text),
    }),
  ),
});

/**
 * Asks the agents for what they know of a device, one after the other until one has it.
 * @throws {WatchkeeperError} `scrape_failed` when none of them answers, or with something else.
 */
export function agentDevices(agents: () => readonly TargetConfig[]) {
  return async (device: string): Promise<AgentDeviceBody> => {
    let failure: unknown;
    for (const { url } of agents()) {
      try {
        return await ask(new URL(`/devices/${encodeURIComponent(device)}`, url).href, AgentDevice);
      } catch (error) {
        failure = error;
      }
    }
    throw new WatchkeeperError('scrape_failed', `No agent tells of ${device}.`, { cause: failure });
  };
}

/** `GET /traps` of each agent; one that cannot be asked is told as such. */
export function agentTraps(agents: () => readonly TargetConfig[]) {
  return (): Promise<readonly AgentTrapsView[]> =>
    Promise.all(
      agents().map(async ({ instance, url }): Promise<AgentTrapsView> => {
        try {
          return { agent: instance, ...(await ask(new URL('/traps', url).href, AgentTraps)) };
        } catch (error) {
          return { agent: instance, fault: messageOf(error), sources: [] };
        }
      }),
    );
}

async function ask<S extends TSchema>(url: string, schema: S): Promise<Static<S>> {
  const source = createPageSource({ url, maxBytes: MAX_BYTES, timeoutMs: DEADLINE_MS });
  try {
    const body = await wholeBody(await source.fetch(AbortSignal.timeout(DEADLINE_MS)));
    const answer: unknown = JSON.parse(body.toString('utf8'));
    if (isOf(schema, answer)) return answer;
    throw new WatchkeeperError('scrape_failed', `${url} answered something else than was asked for.`);
  } finally {
    source.close();
  }
}
