import { defined } from './model/defined.ts';
import { parseDurationMs } from './model/duration.ts';
import type { Secret, SecretReference } from './runtime/secret.ts';
import type { AgentFile } from './schema/agent.ts';

/** How an agent works, with defaults. */
export interface AgentSettings {
  readonly listen: string;
  readonly pollIntervalMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
  /** `HOST:PORT` where traps are heard; absent: nowhere. */
  readonly trapListen?: string;
  /** The agent reads the devices of this zone. */
  readonly zone: string;
  /** Where it pushes to; absent: nowhere. */
  readonly push?: PushSettings;
  readonly spool: SpoolSettings;
}

export interface PushSettings {
  readonly url: string;
  readonly name: string;
  readonly token?: Secret;
  readonly joinToken?: Secret;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly isOnlyPush: boolean;
}

export interface SpoolSettings {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly sync: 'always' | 'interval' | 'never';
}

/** The zone of devices and agents for which the files name none. */
export const HOME_ZONE = 'default';

const DAY_MS = 86_400_000;
const MEGABYTE = 1e6;

type Env = Readonly<Record<string, string | undefined>>;
type SecretAt = (reference: SecretReference, field: readonly string[]) => Secret;

export function agentSettings(file: AgentFile, env: Env, secret: SecretAt): AgentSettings {
  return {
    ...pollSettings(file),
    ...listenSettings(file, env),
    zone: file.collector?.zone ?? HOME_ZONE,
    spool: spoolSettings(file.spool),
    ...defined({ push: pushSettings(file.collector, secret) }),
  };
}

function pollSettings({
  poll_interval,
  timeout,
  retries,
}: AgentFile): Pick<AgentSettings, 'pollIntervalMs' | 'timeoutMs' | 'retries'> {
  return {
    pollIntervalMs: durationMs(poll_interval, 10_000),
    timeoutMs: durationMs(timeout, 2_000),
    retries: retries ?? 1,
  };
}

function listenSettings(file: AgentFile, env: Env): Pick<AgentSettings, 'listen' | 'trapListen'> {
  const traps = env['WATCHKEEPER_TRAP_LISTEN'] ?? file.traps ?? '127.0.0.1:9162';
  return defined({
    listen: env['WATCHKEEPER_AGENT_LISTEN'] ?? file.listen ?? '127.0.0.1:8481',
    trapListen: traps === false || traps === 'off' ? undefined : traps,
  });
}

function spoolSettings(file: AgentFile['spool'] = {}): SpoolSettings {
  return {
    maxBytes: (file.max_megabytes ?? 256) * MEGABYTE,
    maxAgeMs: durationMs(file.max_age, DAY_MS),
    sync: file.sync ?? 'interval',
  };
}

function pushSettings(file: AgentFile['collector'], secret: SecretAt): PushSettings | undefined {
  if (file === undefined) return undefined;
  return defined({
    url: file.url,
    name: file.name ?? 'agent',
    token: file.token === undefined ? undefined : secret(file.token, ['collector', 'token']),
    joinToken:
      file.join_token === undefined ? undefined : secret(file.join_token, ['collector', 'join_token']),
    caFile: file.ca_file,
    certFile: file.cert_file,
    keyFile: file.key_file,
    isOnlyPush: file.only_push ?? false,
  });
}

function durationMs(text: string | undefined, defaultMs: number): number {
  return text === undefined ? defaultMs : (parseDurationMs(text) ?? defaultMs);
}
