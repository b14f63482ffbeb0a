import { Type } from 'typebox';
import { ROLES } from '../../../config/model/account.ts';
import { LANGUAGES } from '../../../config/model/localized.ts';
import { isDay, TRAININGS, type PersonDetails } from '../../../config/model/person.ts';
import { Closed, OneOf } from '../../../config/schema/common.ts';
import { InvalidRequestError } from '../refusals.ts';
import { DisplayName } from '../session.ts';

/** One line without control characters; may be empty. */
const Line = (maxLength: number) => Type.String({ pattern: '^[^\\p{C}]*$', maxLength });
export const PHONE = '^(?:[+0-9][0-9 ()-]{2,31})?$';
export const MAIL = '^(?:[^\\s@<>"]{1,64}@[A-Za-z0-9.-]{1,190})?$';
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

export const Details = Closed(
  {
    displayName: DisplayName,
    phone: Type.String({ pattern: PHONE }),
    mail: Type.String({ pattern: MAIL }),
    language: OneOf(LANGUAGES, 'Language of pages and mails.'),
    department: Line(100),
    vettedOn: Type.Optional(Day),
    qualifications: Type.Array(
      Closed(
        { training: OneOf(TRAININGS, 'Which training.'), passedOn: Day, endsOn: Type.Optional(Day) },
        'An exam that was passed.',
      ),
      { maxItems: 30 },
    ),
  },
  'What is written down about a person.',
);

export const Roles = Type.Array(OneOf(ROLES, 'A role.'), { maxItems: ROLES.length, uniqueItems: true });
export const PersonId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

/** @throws {InvalidRequestError} for days that the calendar does not have, and exams that end before they were passed. */
export function requireRealDays({ vettedOn, qualifications }: PersonDetails): void {
  const faults: { path: string; message: string }[] = [];
  const check = (path: string, day: string | undefined): void => {
    if (day !== undefined && !isDay(day)) faults.push({ path, message: 'is no day of the calendar' });
  };
  check('details.vettedOn', vettedOn);
  for (const [index, { passedOn, endsOn }] of qualifications.entries()) {
    const path = `details.qualifications[${index}]`;
    check(`${path}.passedOn`, passedOn);
    check(`${path}.endsOn`, endsOn);
    if (endsOn !== undefined && endsOn < passedOn) {
      faults.push({ path: `${path}.endsOn`, message: 'is before the exam' });
    }
  }
  if (faults.length > 0) throw new InvalidRequestError(faults);
}
