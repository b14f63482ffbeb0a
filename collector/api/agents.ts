import { Type } from 'typebox';
import type { AgentsBody, AgentJoinedBody, AgentTokenBody } from '../../config/model/agent-api.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { Closed, Id } from '../../config/schema/common.ts';
import type { JoinedAgents } from '../ingest/joined-agents.ts';
import { signedInOf, type ApiPlugin } from './api.ts';

const NameParams = Closed({ name: Id('The agent.') }, 'An agent.');
const TokenBody = Closed({ zone: Id('The zone that the agent will read.') }, 'A token for one agent.');
const JoinBody = Closed({ name: Id('What its series are called by.') }, 'An agent that joins.');
const RevokeBody = Closed({ isRevoked: Type.Boolean() }, 'Whether it is shut out.');

/** Agents of other zones: how they join, how they are, and how they are shut out and let in again. */
export function agentRoutes({ agents }: { readonly agents: JoinedAgents }): ApiPlugin {
  return (api) => {
    api.get('/api/agents', async (): Promise<AgentsBody> => ({ agents: await agents.list() }));
    api.post(
      '/api/agents/tokens',
      { schema: { body: TokenBody } },
      async (request): Promise<AgentTokenBody> => {
        const who = { who: signedInOf(request).account.name, origin: request.ip };
        return { token: await agents.makeToken(request.body.zone, who) };
      },
    );
    api.post('/api/agents/join', { schema: { body: JoinBody } }, (request): Promise<AgentJoinedBody> => {
      const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
      if (token === undefined) throw new WatchkeeperError('unauthenticated', 'A token is needed to join.');
      return agents.join(token, request.body.name, request.ip);
    });
    api.put(
      '/api/agents/:name/revoked',
      { schema: { params: NameParams, body: RevokeBody } },
      async (request): Promise<AgentsBody> => {
        const who = { who: signedInOf(request).account.name, origin: request.ip };
        await agents.setRevoked(request.params.name, request.body.isRevoked, who);
        return { agents: await agents.list() };
      },
    );
  };
}
