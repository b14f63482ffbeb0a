import { Type, type Static } from 'typebox';
import { Closed } from './common.ts';

const Range = Type.Union([Type.String({ minLength: 1 }), Type.Integer()]);

const Interval = Closed(
  {
    times: Type.Optional(
      Type.Array(
        Closed(
          {
            start_time: Type.String({ pattern: '^([01][0-9]|2[0-4]):[0-5][0-9]$' }),
            end_time: Type.String({ pattern: '^([01][0-9]|2[0-4]):[0-5][0-9]$' }),
          },
          'From one minute of the day to another, 24:00 at the latest.',
        ),
      ),
    ),
    weekdays: Type.Optional(Type.Array(Range, { description: 'monday:friday, sunday.' })),
    days_of_month: Type.Optional(Type.Array(Range, { description: '1:5, -3:-1 for the last three.' })),
    months: Type.Optional(Type.Array(Range, { description: '1:3, december.' })),
    years: Type.Optional(Type.Array(Range, { description: '2026, 2026:2028.' })),
    location: Type.Optional(Type.String({ description: "IANA name; the site's own zone when absent." })),
  },
  'Recurring hours: each part that is stated must hold.',
);

/** Named hours that routes refer to, as Alertmanager's `time_intervals`. */
export const HoursFile = Closed(
  { name: Type.String({ minLength: 1 }), time_intervals: Type.Array(Interval) },
  'Named hours.',
);
export type HoursFile = Static<typeof HoursFile>;
export type IntervalFile = Static<typeof Interval>;
