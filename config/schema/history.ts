import { Type, type Static } from 'typebox';
import { Closed, DurationText, OneOf } from './common.ts';

/** `history:` of `collector.yaml`. */
export const HistoryFile = Type.Union(
  [
    OneOf(['off'], 'Nothing older than `head_retention` is kept.'),
    Closed(
      {
        write_interval: Type.Optional(
          DurationText(
            'How often samples go from memory into history, a whole number of hours; 1h when absent.',
          ),
        ),
        keep_raw: Type.Optional(DurationText('How long every sample is kept; 100d when absent.')),
        keep_5m: Type.Optional(
          DurationText('How long minimum, maximum and mean of each 5 minutes are kept; 730d when absent.'),
        ),
        keep_1h: Type.Optional(DurationText('How long those of each hour are kept; 3650d when absent.')),
        max_gigabytes: Type.Optional(
          Type.Number({
            exclusiveMinimum: 0,
            description:
              'All history together; beyond it the oldest raw day gives way. No bound when absent.',
          }),
        ),
        keep_free_gigabytes: Type.Optional(
          Type.Number({
            minimum: 0,
            description: 'What history leaves free on its disk: records go before it; 1 when absent.',
          }),
        ),
      },
      'How history is kept.',
    ),
  ],
  { description: 'What is kept on disk behind the last hours; on when absent.' },
);
export type HistoryFile = Static<typeof HistoryFile>;
