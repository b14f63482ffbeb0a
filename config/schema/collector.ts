import { Type, type Static } from 'typebox';
import { Closed, DurationText, Id, Port, SecretText } from './common.ts';

const Postgres = Closed(
  {
    url: Type.Optional(
      Type.String({
        description: 'postgres://USER@HOST:PORT/DATABASE; instead of the fields below, without password.',
      }),
    ),
    host: Type.Optional(
      Type.String({ minLength: 1, description: 'A name, an address or the folder of a socket.' }),
    ),
    port: Type.Optional(Port),
    database: Type.Optional(Type.String({ minLength: 1, description: 'watchkeeper when absent.' })),
    user: Type.Optional(Type.String({ minLength: 1, description: 'watchkeeper when absent.' })),
    password: Type.Optional(SecretText('Password of the user.')),
    ca_file: Type.Optional(
      Type.String({ description: 'Certificate of the authority that signed the server.' }),
    ),
    schema: Type.Optional(
      Type.String({
        pattern: '^[a-z_][a-z0-9_]{0,62}$',
        description: 'The schema of the tables; public when absent.',
      }),
    ),
  },
  'A PostgreSQL that holds the records.',
);

/** `collector.yaml`: how the collector works. */
export const CollectorFile = Closed(
  {
    listen: Type.Optional(Type.String({ description: 'Address of the pages; 127.0.0.1:8480 when absent.' })),
    public_url: Type.Optional(Type.String({ description: 'The address that links in mails begin with.' })),
    scrape_interval: Type.Optional(DurationText('How often targets are scraped; 5s when absent.')),
    evaluation_interval: Type.Optional(
      DurationText('How often rules are evaluated that state no interval; 10s when absent.'),
    ),
    head_retention: Type.Optional(DurationText('How long samples stay in memory; 3h when absent.')),
    records: Type.Optional(
      Closed({ postgres: Postgres }, 'Where records lie; in a file of the data folder when absent.'),
    ),
    head_flush_interval: Type.Optional(
      DurationText(
        'How often new samples are written to disk: what a power failure may cost; 10s when absent.',
      ),
    ),
    out_of_order_window: Type.Optional(
      DurationText('How much older than the last sample of its series a pushed one may be; 10m when absent.'),
    ),
    agents: Type.Optional(
      Type.Array(
        Closed(
          {
            name: Id('The `instance` label of its series.'),
            url: Type.String({ description: 'Where its /metrics are, for example http://127.0.0.1:8481.' }),
          },
          'An agent to scrape.',
        ),
        { description: 'The agent of this machine when absent.' },
      ),
    ),
  },
  'The collector.',
);
export type CollectorFile = Static<typeof CollectorFile>;
