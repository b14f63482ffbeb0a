import type { AgentTrapsView, TrapSourcesBody } from '../../config/model/api.ts';
import type { ApiPlugin } from './api.ts';

/** Who sends traps to the agents without being a device of the site, or not as the site says. */
export function trapRoutes(askAgents: () => Promise<readonly AgentTrapsView[]>): ApiPlugin {
  return (api) => {
    api.get('/api/traps', async (): Promise<TrapSourcesBody> => ({ agents: await askAgents() }));
  };
}
