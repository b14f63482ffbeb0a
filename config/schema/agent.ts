import { Type, type Static } from 'typebox';
import { Closed, DurationText } from './common.ts';

/** `agent.yaml`: how an agent works. */
export const AgentFile = Closed(
  {
    listen: Type.Optional(Type.String({ description: 'Address of its page; 127.0.0.1:8481 when absent.' })),
    poll_interval: Type.Optional(DurationText('How often a device is polled; 10s when absent.')),
    timeout: Type.Optional(DurationText('How long a device may take to answer; 2s when absent.')),
    retries: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 5,
        description: 'How often a request is repeated; 1 when absent.',
      }),
    ),
  },
  'The agent.',
);
export type AgentFile = Static<typeof AgentFile>;
