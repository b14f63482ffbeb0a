import type { Localized } from './localized.ts';

/**
 * What is overdue is chased (督办): whose it is, is reminded; then who answers for him is told. Rounds, carry-overs and
 * other work say what is overdue in the same form.
 */

/** Why something is overdue. The last two are only reminders: nobody above is told. */
export const OVERDUE_KINDS = [
  'unacknowledged',
  'claim_expired',
  'task',
  'silence_ends',
  'silence_idle',
] as const;
export type OverdueKind = (typeof OVERDUE_KINDS)[number];

export interface Overdue {
  /** The same as long as it is the same matter, over restarts. */
  readonly id: string;
  readonly kind: OverdueKind;
  /** What should have been done, in one line. */
  readonly title: Localized;
  /** Since when it is overdue. */
  readonly dueAtMs: number;
  /** Names of accounts; nobody: whoever the settings name for it, such as the watch. */
  readonly whose: readonly string[];
  /** Names of accounts; absent: whom the settings name. */
  readonly supervisors?: readonly string[];
  /** Fingerprint, where it is about an alert. */
  readonly alert?: string;
  /** The page where it can be done, such as `/alerts`. */
  readonly path: string;
}

/** What is only recalled to its owner. */
export function isReminder(kind: OverdueKind): boolean {
  return kind === 'silence_ends' || kind === 'silence_idle';
}

/** Who was told of something overdue, as what, and when. */
export interface Chased {
  readonly as: 'person' | 'supervisor';
  /** Names of accounts; empty where the receiver that the settings name was told. */
  readonly to: readonly string[];
  readonly atMs: number;
  /** Nobody stood behind it: no message left. */
  readonly isUnreached?: true;
}

/** What became of one thing that was overdue. */
export interface ChaseRecord extends Overdue {
  readonly chased: readonly Chased[];
  /** What a person said to it: he is given time then. */
  readonly answer?: { readonly person: string; readonly atMs: number; readonly text: string };
  /** When it was no longer overdue. */
  readonly endedAtMs?: number;
}

/** `GET /api/chases`: what is overdue, the longest first, and what was until lately. */
export interface ChasesBody {
  readonly open: readonly ChaseRecord[];
  readonly over: readonly ChaseRecord[];
}
