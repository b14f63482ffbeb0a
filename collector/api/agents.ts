import type { AgentsBody, AgentJoinedBody, ZoneView } from '../../config/model/agent-api.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { Closed, Id } from '../../config/schema/common.ts';
import { letInAgent, makeAgentToken, shutOutAgent, type AgentDeps } from './agent-commands.ts';
import type { ApiPlugin } from './api.ts';

const JoinBody = Closed({ name: Id('What its series are called by.') }, 'An agent that joins.');
const COMMANDS = [makeAgentToken, shutOutAgent, letInAgent] as const;

/** Agents of other zones: how they join, how they are, and how they are shut out and let in again. */
export function agentRoutes(deps: AgentDeps & { readonly zones: () => readonly ZoneView[] }): ApiPlugin {
  const { agents, zones } = deps;
  return (api) => {
    api.get(
      '/api/agents',
      async (): Promise<AgentsBody> => ({ agents: await agents.list(), zones: zones() }),
    );
    api.post('/api/agents/join', { schema: { body: JoinBody } }, (request): Promise<AgentJoinedBody> => {
      const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
      if (token === undefined) throw new WatchkeeperError('unauthenticated', 'A token is needed to join.');
      return agents.join(token, request.body.name, request.ip);
    });
    for (const command of COMMANDS) command(deps)(api);
  };
}
