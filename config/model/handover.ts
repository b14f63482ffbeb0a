import type { WatchPost } from './watch.ts';

/**
 * `shift`: at the change of the watch; `stand_in`: in the middle of it, to and from a stand-in; `relief`: the outgoing
 * cannot sign; `empty`: nobody has the post; `transcribed`: kept on paper during an outage and entered later.
 */
export const HANDOVER_KINDS = ['shift', 'stand_in', 'relief', 'empty', 'transcribed'] as const;
export type HandoverKind = (typeof HANDOVER_KINDS)[number];

export const SIGNER_ROLES = ['outgoing', 'incoming', 'leader'] as const;
export type SignerRole = (typeof SIGNER_ROLES)[number];

/** Whose word a kind needs, beside the leader's during grave trouble. */
export const SIGNERS: Readonly<Record<HandoverKind, readonly SignerRole[]>> = {
  shift: ['outgoing', 'incoming'],
  stand_in: ['outgoing', 'incoming'],
  relief: ['leader', 'incoming'],
  empty: ['incoming'],
  transcribed: ['incoming'],
};

/** One signature, over the sheet, what is carried over, and the signatures before it. */
export interface Signature {
  readonly role: SignerRole;
  /** Name of the account. */
  readonly person: string;
  readonly atMs: number;
  /** How the person proved who it is. */
  readonly way: 'password' | 'code' | 'telephone';
  /** Of the words of a leader by telephone: who wrote them down. */
  readonly recordedBy?: string;
  readonly hash: string;
}

/** What a handover passes on that was not done (R6). */
export interface CarryOver {
  /** The line of the sheet that it stands for, `BLOCK KEY`; absent for what is on no list. */
  readonly line?: string;
  readonly subject: string;
  readonly reason: string;
  readonly description: string;
  readonly weight: 'plain' | 'heed' | 'grave';
  readonly by: string;
  readonly atMs: number;
}

export interface HandoverQuestion {
  readonly block: string;
  readonly by: string;
  readonly atMs: number;
  readonly text: string;
  readonly answer?: { readonly by: string; readonly atMs: number; readonly text: string };
}

/** Where a handover stands. `walking`: the incoming reads the blocks; nobody or one person has signed. */
export type HandoverState =
  | { readonly kind: 'walking' }
  /** By the incoming, with a reason (R5): the outgoing stays responsible, does the work and starts anew. */
  | { readonly kind: 'returned'; readonly atMs: number; readonly by: string; readonly reason: string }
  | { readonly kind: 'withdrawn'; readonly atMs: number; readonly by: string; readonly reason: string }
  /** Signed by all that it needs; nothing in it changes any more. `hash` covers all that was said and signed. */
  | { readonly kind: 'sealed'; readonly atMs: number; readonly hash: string };

export interface Handover {
  readonly id: number;
  readonly post: WatchPost;
  readonly kind: HandoverKind;
  /** Absent where nobody had the post. */
  readonly outgoing?: string;
  readonly incoming: string;
  readonly startedAtMs: number;
  readonly startedBy: string;
  /** Of the frozen sheet. */
  readonly sheetHash: string;
  /** The blocks of the sheet, and the lines of undone routine work in it, `BLOCK KEY`. */
  readonly blocks: readonly string[];
  readonly unfinished: readonly string[];
  /** When the incoming opened which block. */
  readonly opened: Readonly<Record<string, number>>;
  readonly questions: readonly HandoverQuestion[];
  readonly carryOvers: readonly CarryOver[];
  readonly signatures: readonly Signature[];
  readonly state: HandoverState;
}

/** Everybody who has a part in a handover, by the name of their account. */
export function peopleOf({ outgoing = '', incoming, questions, signatures }: Handover): readonly string[] {
  const asked = questions.flatMap(({ by, answer }) => (answer === undefined ? [by] : [by, answer.by]));
  return [outgoing, incoming, ...asked, ...signatures.map(({ person }) => person)];
}

/** What somebody does in a handover. `atMs` is the collector's instant. */
export type HandoverAct = { readonly by: string; readonly atMs: number } & (
  | { readonly kind: 'open'; readonly block: string }
  | { readonly kind: 'ask'; readonly block: string; readonly text: string }
  | { readonly kind: 'answer'; readonly question: number; readonly text: string }
  | { readonly kind: 'carry'; readonly item: Omit<CarryOver, 'by' | 'atMs'> }
  | { readonly kind: 'return'; readonly reason: string }
  /** Also by a leader, where the two cannot. */
  | { readonly kind: 'withdraw'; readonly reason: string; readonly isLeader: boolean }
  | {
      readonly kind: 'sign';
      readonly role: SignerRole;
      readonly way: Signature['way'];
      readonly recordedBy?: string;
      /** The sheet that the signer has seen. */
      readonly sheetHash: string;
    }
);

/** Why something cannot be done; each language words it by its code. */
export const HANDOVER_REFUSALS = [
  'over',
  'not_yours',
  'no_such_block',
  'no_such_question',
  'same_person',
  'signed_already',
  'blocks_unopened',
  'questions_open',
  'work_unexplained',
  'leader_needed',
  'sheet_stale',
  'sheet_other',
  'nothing_said',
  'clock_behind',
] as const;
export type HandoverRefusal = (typeof HANDOVER_REFUSALS)[number];
