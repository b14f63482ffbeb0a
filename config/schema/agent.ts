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
    traps: Type.Optional(
      Type.Union([Type.String({ minLength: 1 }), Type.Literal(false)], {
        description: 'Address where traps are heard; 127.0.0.1:9162 when absent, nowhere when false.',
      }),
    ),
  },
  'The agent.',
);
export type AgentFile = Static<typeof AgentFile>;
