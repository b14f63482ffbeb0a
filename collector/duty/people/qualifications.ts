import { TRAININGS, type PersonDetails, type Training } from '../../../config/model/person.ts';

/** What somebody lacks for the watch at an instant, and what follows from it. */
export interface Qualifications {
  readonly isVetted: boolean;
  /** Trainings whose exam was never passed by then. */
  readonly missing: readonly Training[];
  /** Trainings that were passed and have run out. */
  readonly expired: readonly Training[];
  /**
   * `warned`: something is lacking, and the site does not yet refuse it. `refused`: the roster must not take the person
   * for that instant.
   */
  readonly verdict: 'qualified' | 'warned' | 'refused';
  /** The first day on which one of those that count now does not count any more. */
  readonly endsAfter?: string;
}

export interface QualificationRules {
  /** Zone whose days the exams are dated in. */
  readonly timeZone: string;
  /** The day from which what is lacking is refused; never when absent. */
  readonly requiredFrom?: string;
}

/** The rules as the settings have them. */
export function qualificationRules(
  timeZone: string,
  { qualificationsRequiredFrom: requiredFrom }: { readonly qualificationsRequiredFrom?: string },
): QualificationRules {
  return requiredFrom === undefined ? { timeZone } : { timeZone, requiredFrom };
}

/** Whether somebody may be on watch at an instant: vetted, and business, technical and security training passed (R12). */
export function qualificationsAt(
  { vettedOn, qualifications }: Pick<PersonDetails, 'vettedOn' | 'qualifications'>,
  atMs: number,
  { timeZone, requiredFrom }: QualificationRules,
): Qualifications {
  const day = dayAt(atMs, timeZone);
  const passed = qualifications.filter(({ passedOn }) => passedOn <= day);
  const counting = passed.filter(({ endsOn }) => endsOn === undefined || day <= endsOn);
  const isAmong = (list: typeof passed, training: Training): boolean =>
    list.some((each) => each.training === training);
  const lacking = TRAININGS.filter((training) => !isAmong(counting, training));
  const isVetted = vettedOn !== undefined && vettedOn <= day;
  const isRequired = requiredFrom !== undefined && requiredFrom <= day;
  const isComplete = isVetted && lacking.length === 0;
  const ends = TRAININGS.flatMap((training) =>
    lastDay(counting.filter((each) => each.training === training)),
  );
  const first = ends.sort()[0];
  return {
    isVetted,
    missing: lacking.filter((training) => !isAmong(passed, training)),
    expired: lacking.filter((training) => isAmong(passed, training)),
    verdict: isComplete ? 'qualified' : isRequired ? 'refused' : 'warned',
    ...(first === undefined ? {} : { endsAfter: first }),
  };
}

/** Until when one training counts, by the exam that counts longest; nothing for one that counts for ever. */
function lastDay(exams: readonly { readonly endsOn?: string }[]): string[] {
  const ends = exams.map(({ endsOn }) => endsOn);
  const last = ends.every((end) => end !== undefined) ? ends.toSorted().at(-1) : undefined;
  return last === undefined ? [] : [last];
}

/** The day at an instant, `YYYY-MM-DD`. */
export function dayAt(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(atMs);
}
