import type { CollectorSettings, Env } from '../../config/load.ts';
import type { ScrapePage } from '../../config/scrape.ts';
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

export function isAgent({ page }: TargetConfig): boolean {
  return page === undefined;
}

/** The pages of other programs that the configuration names. */
export function pageTargets(pages: readonly ScrapePage[]): readonly TargetConfig[] {
  return pages.map((page) => ({ job: page.job, instance: page.instance, url: page.url, page }));
}
