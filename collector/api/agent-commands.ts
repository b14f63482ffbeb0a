import type { AgentTokenBody } from '../../config/model/agent-api.ts';
import type { CommandName, EffectCode } from '../../config/model/command.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { Closed, Id } from '../../config/schema/common.ts';
import { TOKEN_VALID_MS, type JoinedAgents } from '../ingest/joined-agents.ts';
import { addAgentToken, joinedAgent, removeAgentToken, setAgentRevoked } from '../records/agents.ts';
import type { Db } from '../records/tables.ts';
import type { ApiPlugin } from './api.ts';
import { newToken, tokenHashOf } from './auth/token.ts';
import { commandRoute, type CommandDeps } from './commands.ts';

export interface AgentDeps extends CommandDeps {
  readonly agents: JoinedAgents;
}

const HOUR_MS = 3_600_000;
const ZoneInput = Closed({ zone: Id('The zone that the agent will read.') }, 'A token for one agent.');
const NameInput = Closed({ name: Id('The agent.') }, 'An agent.');

/** Makes a token by which one agent joins; it is shown once. Taken back, it is void. */
export function makeAgentToken(deps: AgentDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'make-agent-token',
    input: ZoneInput,
    plan: (_db, { zone }) =>
      Promise.resolve({
        effects: [{ code: 'agent_token_made', params: { zone, hours: TOKEN_VALID_MS / HOUR_MS } }],
        target: zone,
        basis: { zone },
        details: { zone },
      }),
    async act(step, { details: { zone } }, { atMs }) {
      const token = newToken();
      const tokenHash = tokenHashOf(token);
      await addAgentToken(step, { tokenHash, zone, atMs });
      const result: AgentTokenBody = { zone, token };
      return { result, undo: { tokenHash, zone } };
    },
    async undo(step, undo) {
      const { tokenHash, zone } = undo as { readonly tokenHash: string; readonly zone: string };
      if (!(await removeAgentToken(step, tokenHash)))
        throw new WatchkeeperError('conflict', 'An agent has joined by it already.');
      return [{ code: 'agent_token_voided', params: { zone } }];
    },
  });
}

/** Shuts an agent out: what it pushes is refused from then on. */
export const shutOutAgent = admission('shut-out-agent', true);
/** Lets it in again, by the credential that it has. */
export const letInAgent = admission('let-in-agent', false);

function admission(name: CommandName, isOut: boolean): (deps: AgentDeps) => ApiPlugin {
  const codeOf = (becomesOut: boolean): EffectCode => (becomesOut ? 'agent_shut_out' : 'agent_let_in');
  return (deps) => {
    const set = async (step: Db, agent: string, revokedAtMs: number | undefined): Promise<void> => {
      await setAgentRevoked(step, agent, revokedAtMs);
      deps.agents.forget();
    };
    return commandRoute(deps, {
      name,
      input: NameInput,
      async plan(db, input) {
        const agent = await joinedAgent(db, input.name);
        if (agent === undefined) throw new WatchkeeperError('not_found', `There is no agent ${input.name}.`);
        const { zone, joinedAtMs, revokedAtMs } = agent;
        if ((revokedAtMs !== undefined) === isOut)
          throw new WatchkeeperError(
            'conflict',
            `${input.name} is ${isOut ? 'shut out' : 'let in'} already.`,
          );
        return {
          effects: [{ code: codeOf(isOut), params: { name: input.name, zone } }],
          target: input.name,
          basis: { joinedAtMs, revokedAtMs },
          details: { name: input.name, revokedAtMs },
        };
      },
      async act(step, { details }, { atMs }) {
        await set(step, details.name, isOut ? atMs : undefined);
        return { undo: details };
      },
      async undo(step, undo) {
        const { name: agent, revokedAtMs } = undo as { readonly name: string; readonly revokedAtMs?: number };
        const now = await joinedAgent(step, agent);
        if (now === undefined || (now.revokedAtMs !== undefined) !== isOut)
          throw new WatchkeeperError('conflict', `${agent} has been dealt with since.`);
        await set(step, agent, revokedAtMs);
        return [{ code: codeOf(!isOut), params: { name: agent, zone: now.zone } }];
      },
    });
  };
}
