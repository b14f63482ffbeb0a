import { Type, type Static } from 'typebox';
import { Closed, DurationText, Id } from './common.ts';

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
