import type { CollectorSettings, Env } from '../../config/load.ts';
import type { TargetConfig } from './target.ts';

/** The `job` label of everything that agents read. */
export const AGENT_JOB = 'agent';

/** The agents that the configuration names, else the one that runs beside this collector. */
export function agentTargets({ agents }: CollectorSettings, env: Env): readonly TargetConfig[] {
  const beside = [{ name: 'local', url: env['WATCHKEEPER_AGENT_URL'] ?? 'http://127.0.0.1:8481' }];
  return (agents ?? beside).map(({ name, url }) => ({
    job: AGENT_JOB,
    instance: name,
    url: new URL('/metrics', url).href,
  }));
}
