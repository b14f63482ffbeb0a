import { Type, type Static } from 'typebox';
import { HistoryFile } from './history.ts';
import { QueryFile } from './query.ts';
import { RemoteWriteFile } from './remote-write.ts';
import { ScrapeJobs } from './scrape.ts';
import { ROLES } from '../model/account.ts';
import { Closed, DurationText, Id, OneOf, Port, SecretText } from './common.ts';

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
        description: 'The schema of the tables; watchkeeper when absent.',
      }),
    ),
  },
  'A PostgreSQL that holds the records.',
);

const People = Closed(
  {
    allow_combined_administrators: Type.Optional(
      Type.Boolean({
        description: 'One person may be system, security and audit administrator; shown on every page.',
      }),
    ),
    second_factor: Type.Optional(
      Type.Array(OneOf(ROLES, 'A role.'), { description: 'Roles that must have a second factor.' }),
    ),
    idle_log_off: Type.Optional(
      DurationText('Without a touch for so long one is logged off; 8h when absent.'),
    ),
    slip_validity: Type.Optional(DurationText('How long a printed first password is good; 72h when absent.')),
    heads: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Accounts that lead the watch where nobody holds the post of the shift leader.',
      }),
    ),
    qualifications_required_from: Type.Optional(
      Type.String({ description: 'The day (YYYY-MM-DD) from which the roster refuses the unqualified.' }),
    ),
  },
  'Accounts and how people sign in.',
);

const Https = Type.Union(
  [
    OneOf(['always', 'off'], 'always: also on loopback; off: plain, on a named address alone.'),
    Closed(
      {
        cert_file: Type.String({ minLength: 1, description: 'The certificate and those between, PEM.' }),
        key_file: Type.String({ minLength: 1, description: 'Its key, PEM.' }),
      },
      'A certificate of the site.',
    ),
  ],
  { description: 'How the pages are secured; plain on loopback, else by an own authority when absent.' },
);

/** `collector.yaml`: how the collector works. */
export const CollectorFile = Closed(
  {
    listen: Type.Optional(Type.String({ description: 'Address of the pages; 127.0.0.1:8480 when absent.' })),
    public_url: Type.Optional(Type.String({ description: 'The address that links in mails begin with.' })),
    https: Type.Optional(Https),
    roster: Type.Optional(
      Closed(
        {
          min_rest: Type.Optional(
            DurationText(
              'Between two shifts of one person there are to be at least so long; 11h when absent.',
            ),
          ),
        },
        'How the watch is planned.',
      ),
    ),
    scrape_interval: Type.Optional(DurationText('How often targets are scraped; 5s when absent.')),
    evaluation_interval: Type.Optional(
      DurationText('How often rules are evaluated that state no interval; 10s when absent.'),
    ),
    head_retention: Type.Optional(DurationText('How long samples stay in memory; 3h when absent.')),
    history: Type.Optional(HistoryFile),
    remote_write: Type.Optional(RemoteWriteFile),
    query: Type.Optional(QueryFile),
    records: Type.Optional(
      Closed(
        {
          postgres: Type.Optional(Postgres),
          key: Type.Optional(
            SecretText(
              'Seals secrets of second factors in the records; a file of the data folder when absent. Collectors that share records share it.',
            ),
          ),
          keep_history: Type.Optional(
            DurationText(
              'How long alerts that are over and mails are kept that nobody signed; 400d when absent.',
            ),
          ),
          keep_people: Type.Optional(
            DurationText('How long the audit says who it was; 1100d when absent, never less than 400d.'),
          ),
        },
        'Where records lie, in a file of the data folder when `postgres` is absent, and how long.',
      ),
    ),
    scrape: Type.Optional(ScrapeJobs),
    head_flush_interval: Type.Optional(
      DurationText(
        'How often new samples are written to disk: what a power failure may cost; 10s when absent.',
      ),
    ),
    out_of_order_window: Type.Optional(
      DurationText('How much older than the last sample of its series a pushed one may be; 10m when absent.'),
    ),
    backup: Type.Optional(
      Closed(
        {
          folder: Type.String({ minLength: 1, description: 'Where backups go; best on another disk.' }),
          key: SecretText('Passphrase or key that seals them; without it nobody can restore one.'),
          at: Type.Optional(
            Type.String({
              pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
              description: 'Time of day; 02:30 when absent.',
            }),
          ),
          keep: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 10_000, description: 'How many are kept; 14 when absent.' }),
          ),
        },
        'A backup of the records and the configuration each day.',
      ),
    ),
    people: Type.Optional(People),
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
