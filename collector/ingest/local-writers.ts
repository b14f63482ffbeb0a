import { timingSafeEqual } from 'node:crypto';
import type { Env } from '../../config/load.ts';
import { AGENT_JOB } from './agents.ts';
import type { Writer } from './receiver.ts';

/** Admits the agent beside this collector, by the token that the supervisor gave to both. */
export function localWriters(env: Env): { writer(token: string): Promise<Writer | undefined> } {
  const own = Buffer.from(env['WATCHKEEPER_AGENT_TOKEN'] ?? '');
  const local: Writer = { name: 'local', labels: { job: AGENT_JOB, instance: 'local' } };
  return {
    async writer(token) {
      const given = Buffer.from(token);
      return own.length > 0 && given.length === own.length && timingSafeEqual(given, own) ? local : undefined;
    },
  };
}
