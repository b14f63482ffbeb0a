import { Type, type Static } from 'typebox';
import { Closed, DurationText, Id, OneOf, SecretText } from './common.ts';

const Count = (description: string) => Type.Integer({ minimum: 1, description });

/** `scrape:` of `collector.yaml`: metrics pages of other programs, by jobs, in the words of Prometheus. */
export const ScrapeJobs = Type.Array(
  Closed(
    {
      job: Id('The `job` label of its series.'),
      targets: Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        description: 'HOST:PORT of each page; the `instance` label of its series.',
      }),
      scheme: Type.Optional(OneOf(['http', 'https'], 'http when absent.')),
      path: Type.Optional(Type.String({ pattern: '^/', description: '/metrics when absent.' })),
      params: Type.Optional(
        Type.Record(Type.String(), Type.String(), { description: 'Sent in the address of the page.' }),
      ),
      interval: Type.Optional(DurationText('`scrape_interval` when absent.')),
      timeout: Type.Optional(DurationText('Four fifths of the interval when absent.')),
      labels: Type.Optional(
        Type.Record(Type.String({ pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$' }), Type.String(), {
          description: 'Set on all its series.',
        }),
      ),
      basic: Type.Optional(
        Closed(
          { user: Type.String(), password: SecretText('Password of the user.') },
          'Basic authorization.',
        ),
      ),
      bearer: Type.Optional(SecretText('The token of a bearer authorization.')),
      ca_file: Type.Optional(
        Type.String({ description: 'Certificate of the authority that signed the page.' }),
      ),
      insecure_skip_verify: Type.Optional(
        Type.Boolean({ description: 'Whoever answers is believed: only where nobody can be in between.' }),
      ),
      honor_labels: Type.Optional(
        Type.Boolean({ description: "The page's own `job` and `instance` count, not those of its target." }),
      ),
      honor_timestamps: Type.Optional(
        Type.Boolean({ description: 'Times that the page states count; true when absent.' }),
      ),
      body_size_limit: Type.Optional(Count('Bytes of a page at the most; 67108864 when absent.')),
      sample_limit: Type.Optional(Count('Samples of a page at the most; 200000 when absent.')),
      label_limit: Type.Optional(Count('Labels of a series at the most; 64 when absent.')),
      label_length_limit: Type.Optional(
        Count('Characters of a name or value at the most; 4096 when absent.'),
      ),
    },
    'Pages that are scraped alike.',
  ),
  { description: 'Metrics pages of other programs, as Prometheus scrapes them.' },
);
export type ScrapeJobs = Static<typeof ScrapeJobs>;
