import { Type, type Static } from 'typebox';
import { Closed, DurationText, SecretText } from './common.ts';

/** `query:` of `collector.yaml`. */
export const QueryFile = Closed(
  {
    url: Type.String({
      minLength: 1,
      description: 'Where the engine is, without /api/v1, for example http://store.example:9090.',
    }),
    token: Type.Optional(SecretText('The token of a bearer authorization.')),
    ca_file: Type.Optional(
      Type.String({ description: 'Certificate of the authority that signed the engine.' }),
    ),
    timeout: Type.Optional(DurationText('How long an answer may take; 10s when absent.')),
    visible_after: Type.Optional(
      DurationText(
        'How long a sample that remote_write has brought may not be readable yet; rules wait for it. 2s when absent, as VictoriaMetrics needs; 0s for Prometheus.',
      ),
    ),
  },
  'A Prometheus or VictoriaMetrics that answers PromQL instead of the history here.',
);
export type QueryFile = Static<typeof QueryFile>;
