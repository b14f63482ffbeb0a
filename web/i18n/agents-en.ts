import type { agentsZhCN } from './agents-zh-CN.ts';
import type { Message } from './words.ts';

/** Texts of the page of agents in English. */
export const agentsEn: Readonly<Record<keyof typeof agentsZhCN, Message>> = {
  'nav.agents': 'Agents',
  'agents.title': 'Agents',
  'agents.none': 'No agent has joined yet. Make a token for a zone and put it into the agent.yaml there.',
  'agents.zone': 'Zone',
  'agents.name': 'Name',
  'agents.version': 'Version',
  'agents.seen': 'Last seen',
  'agents.queue': 'Queue',
  'agents.spool': 'On disk',
  'agents.state': 'State',
  'agents.actions': 'Actions',
  'agents.never': 'not since this start',
  'agents.lost': { one: '{n} batch lost', other: '{n} batches lost' },
  'agents.state.pushing': 'Pushing',
  'agents.state.silent': 'Silent',
  'agents.state.out': 'Shut out',
  'agents.token':
    'Shown this once, good once within 24 hours. Put it into join_token of agent.yaml in zone {zone}.',
  'agents.unread': {
    one: 'No agent reports for zone {zone}: {n} device there is read by nobody.',
    other: 'No agent reports for zone {zone}: {n} devices there are read by nobody.',
  },
  'agents.zone_hint': 'Letters, digits, dots, dashes',
  'command.make-agent-token': 'Make a token to join',
  'command.shut-out-agent': 'Shut out',
  'command.let-in-agent': 'Let in again',
  'effect.agent_token_made': 'Makes a one-time token for the zone {zone}, good for {hours} hours',
  'effect.agent_token_voided': 'The token for the zone {zone} is void',
  'effect.agent_shut_out': '{name} (zone {zone}) may not push any more; its devices will have no new data',
  'effect.agent_let_in': '{name} (zone {zone}) may push again',
};
