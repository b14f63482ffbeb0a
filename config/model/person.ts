import { ADMINISTRATORS, type Role } from './account.ts';
import type { Language } from './localized.ts';

/** The three trainings that a person on watch must have passed (R12). */
export const TRAININGS = ['business', 'technical', 'security'] as const;
export type Training = (typeof TRAININGS)[number];

/** An exam that was passed. Days are `YYYY-MM-DD` of the site. */
export interface Qualification {
  readonly training: Training;
  readonly passedOn: string;
  /** The last day on which it counts; for ever when absent. */
  readonly endsOn?: string;
}

/** What may be wrong with a sheet of people. */
export const SHEET_FAULTS = [
  'column_missing',
  'column_unknown',
  'column_twice',
  'missing',
  'too_long',
  'bad_name',
  'bad_text',
  'bad_phone',
  'bad_mail',
  'bad_language',
  'bad_role',
  'bad_day',
  'ends_before_exam',
  'ends_without_exam',
  'name_twice',
  'no_people',
  'too_many_people',
  // Of the posts that a row would give.
  'is_display',
  'roles_stay',
  'combined_administrators',
  'not_yours_to_give',
] as const;
export type SheetFaultCode = (typeof SHEET_FAULTS)[number];

/** What is written down about a person. */
export interface PersonDetails {
  readonly displayName: string;
  readonly phone: string;
  readonly mail: string;
  readonly language: Language;
  readonly department: string;
  /** The day of the vetting (甄选); absent while it is outstanding. */
  readonly vettedOn?: string;
  readonly qualifications: readonly Qualification[];
}

/** A person, or a screen on the wall, as the people page shows them. */
export interface PersonView extends PersonDetails {
  readonly id: number;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly isDisabled: boolean;
  /** A screen on the wall: signs in by its own link and only looks. */
  readonly isDisplay: boolean;
  readonly hasSecondFactor: boolean;
  /** Grows with each change; a change names the one that it was made on. */
  readonly version: number;
}

/** What is written down about a person, alone. */
export function detailsOf(person: PersonView): PersonDetails {
  const { displayName, phone, mail, language, department, vettedOn, qualifications } = person;
  const details = { displayName, phone, mail, language, department, qualifications };
  return vettedOn === undefined ? details : { ...details, vettedOn };
}

/** Why somebody may not hold these roles together; `undefined` when they may. */
export type RolesFault = 'no_role' | 'combined_administrators' | 'display_only_looks';

/**
 * The three administrators exclude each other (三员分立), unless the site says that in a small room one person may hold
 * several of these posts.
 */
export function rolesFault(
  roles: readonly Role[],
  { mayCombine, isDisplay = false }: { readonly mayCombine: boolean; readonly isDisplay?: boolean },
): RolesFault | undefined {
  if (roles.length === 0) return 'no_role';
  if (isDisplay && (roles.length > 1 || roles[0] !== 'viewer')) return 'display_only_looks';
  const administrators = roles.filter((role) => ADMINISTRATORS.includes(role));
  return administrators.length > 1 && !mayCombine ? 'combined_administrators' : undefined;
}

const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** Whether a text is a day that the calendar has, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
