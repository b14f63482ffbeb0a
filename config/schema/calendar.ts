import { Type, type Static } from 'typebox';
import { Closed, LocalText } from './common.ts';

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

/** `calendars/NAME-YEAR.yaml`: which days of a year are holidays, and on which days of the weekend is worked. */
export const CalendarFile = Closed(
  {
    source: Type.String({ minLength: 1, description: 'Where it was published, and by whom.' }),
    complete: Type.Boolean({ description: 'Whether the shifted workdays (调休) are in it.' }),
    holidays: Type.Array(
      Closed(
        { name: LocalText('What the holiday is called.'), from: Day, to: Day },
        'Days off, the first and the last.',
      ),
    ),
    workdays: Type.Array(Day, { description: 'Days of the weekend on which is worked.' }),
  },
  'The holidays of a year.',
);
export type CalendarFile = Static<typeof CalendarFile>;
