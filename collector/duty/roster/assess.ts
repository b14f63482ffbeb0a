import type { PersonDetails } from '../../../config/model/person.ts';
import type { PlannedShift, RosterFault } from '../../../config/model/roster.ts';
import { WATCH_POSTS } from '../../../config/model/watch.ts';
import {
  qualificationRules,
  qualificationsAt,
  type Qualifications,
  type QualificationRules,
} from '../people/qualifications.ts';
import { gapsIn } from './gaps.ts';
import type { Range } from './plan.ts';
import { restFaults } from './rest.ts';

/** What is known of somebody who is planned. */
export type RosterPerson = Pick<PersonDetails, 'displayName' | 'vettedOn' | 'qualifications'> & {
  readonly isDisabled: boolean;
};

export interface AssessRules extends QualificationRules {
  readonly minRestMs: number;
}

/** The rules as the settings have them. */
export function assessRules({
  minRestMs,
  timeZone,
  ...people
}: {
  readonly minRestMs: number;
  readonly timeZone: string;
  readonly qualificationsRequiredFrom?: string;
}): AssessRules {
  return { minRestMs, ...qualificationRules(timeZone, people) };
}

/** A qualification that ends so soon after a shift is told with it. */
const EXPIRING_WITHIN_MS = 30 * 86_400_000;

/** All that is wrong with the shifts of a range. */
export function faultsIn(
  shifts: readonly PlannedShift[],
  range: Range,
  { people, rules }: { readonly people: ReadonlyMap<string, RosterPerson>; readonly rules: AssessRules },
): readonly RosterFault[] {
  const judged = judge(people, rules);
  const counts = (name: string, shift: PlannedShift): boolean => {
    const { isKnown, found } = judged(name, shift);
    return isKnown && found?.verdict !== 'refused';
  };
  const inside = shifts.filter(
    ({ startsAtMs, endsAtMs }) => startsAtMs < range.toMs && range.fromMs < endsAtMs,
  );
  const expiring = new Set<string>();
  return [
    ...gapsIn(inside, range, counts),
    ...restFaults(shifts, rules.minRestMs).filter(({ shift }) => inside.some(({ id }) => id === shift)),
    ...inside.flatMap((shift): RosterFault[] => [
      ...(shift.posts.standby.length === 0 ? [{ kind: 'standby' as const, shift: shift.id }] : []),
      ...personFaults(shift, judged, expiring),
    ]),
  ];
}

type Judge = (
  name: string,
  shift: PlannedShift,
) => { readonly isKnown: boolean; readonly found?: Qualifications };

/** Who is known, and how qualified at the beginning of a shift; asked once for each day. */
function judge(people: ReadonlyMap<string, RosterPerson>, rules: QualificationRules): Judge {
  const known = new Map<string, ReturnType<Judge>>();
  return (name, { day, startsAtMs }) => {
    const key = `${day} ${name}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const person = people.get(name);
    const isKnown = person !== undefined && !person.isDisabled;
    const answer = isKnown ? { isKnown, found: qualificationsAt(person, startsAtMs, rules) } : { isKnown };
    known.set(key, answer);
    return answer;
  };
}

function personFaults(shift: PlannedShift, judged: Judge, expiring: Set<string>): RosterFault[] {
  const names = new Set(WATCH_POSTS.flatMap((post) => shift.posts[post]));
  return [...names].flatMap((name): RosterFault[] => {
    const { isKnown, found } = judged(name, shift);
    if (!isKnown || found === undefined) return [{ kind: 'unknown', name, shift: shift.id }];
    if (found.verdict !== 'qualified') {
      const isRefused = found.verdict === 'refused';
      return [{ kind: 'unqualified', name, shift: shift.id, lacking: lackingOf(found), isRefused }];
    }
    const { endsAfter } = found;
    const isSoon =
      endsAfter !== undefined && Date.parse(`${endsAfter}T00:00:00Z`) - shift.startsAtMs < EXPIRING_WITHIN_MS;
    // Told once for each end: at the first shift from which it is near.
    if (!isSoon || expiring.has(`${name} ${endsAfter}`)) return [];
    expiring.add(`${name} ${endsAfter}`);
    return [{ kind: 'expiring', name, shift: shift.id, endsAfter }];
  });
}

/** What somebody lacks for the watch. */
export function lackingOf({ isVetted, missing, expired }: Qualifications) {
  return [...(isVetted ? [] : (['vetting'] as const)), ...missing, ...expired];
}
