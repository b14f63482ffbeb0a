import { Type, type Static } from 'typebox';
import { Closed, DurationText, SecretText } from './common.ts';

/** `remote_write:` of `collector.yaml`. */
export const RemoteWriteFile = Closed(
  {
    url: Type.String({ minLength: 1, description: 'Where the receiver takes remote_write 1.0.' }),
    token: Type.Optional(SecretText('The token of a bearer authorization.')),
    ca_file: Type.Optional(
      Type.String({ description: 'Certificate of the authority that signed the receiver.' }),
    ),
    timeout: Type.Optional(DurationText('How long an answer may take; 30s when absent.')),
    max_queue_megabytes: Type.Optional(
      Type.Number({
        minimum: 1,
        description:
          'What waits on disk while the receiver is away, at most; beyond it the oldest goes; 1024 when absent.',
      }),
    ),
    labels: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$' }), Type.String(), {
        description: 'Set on every series that has no such label, to tell this site from others.',
      }),
    ),
  },
  'A receiver that gets every sample as well.',
);
export type RemoteWriteFile = Static<typeof RemoteWriteFile>;
