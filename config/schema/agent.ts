import { Type, type Static } from 'typebox';
import { Closed, DurationText, Id, OneOf, SecretText } from './common.ts';

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
    collector: Type.Optional(
      Closed(
        {
          url: Type.String({ description: 'The collector, for example https://watch.centre.example:8480.' }),
          token: Type.Optional(SecretText('What the agent shows to be let in; made by the collector.')),
          join_token: Type.Optional(
            SecretText(
              'Good once: the agent exchanges it for a credential of its own, kept in its data folder.',
            ),
          ),
          ca_file: Type.Optional(
            Type.String({ description: "Authority of the collector's certificate, for one of your own." }),
          ),
          cert_file: Type.Optional(
            Type.String({ description: 'Certificate by which the agent shows who it is.' }),
          ),
          key_file: Type.Optional(Type.String({ description: 'Its key.' })),
          name: Type.Optional(Id('The `instance` label of its series; agent when absent.')),
          zone: Type.Optional(Id('Reads the devices of this zone; default when absent.')),
          only_push: Type.Optional(
            Type.Boolean({
              description:
                'Every poll is pushed, for a zone that the collector may not reach into; false when absent.',
            }),
          ),
        },
        'Where news are pushed as soon as they are read.',
      ),
    ),
    spool: Type.Optional(
      Closed(
        {
          max_megabytes: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 100_000, description: 'Room on disk; 256 when absent.' }),
          ),
          max_age: Type.Optional(DurationText('What is older is dropped; 24h when absent.')),
          sync: Type.Optional(
            OneOf(
              ['always', 'interval', 'never'],
              'When the disk must have it: with each batch, each second, or when it likes; interval when absent.',
            ),
          ),
        },
        'What waits on disk while the collector is away.',
      ),
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
