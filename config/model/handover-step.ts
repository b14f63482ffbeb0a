import {
  SIGNERS,
  type Handover,
  type HandoverAct,
  type HandoverRefusal,
  type HandoverState,
  type Signature,
  type SignerRole,
} from './handover.ts';

/** A sheet that was frozen longer ago tells too little of the present to be signed. */
export const SHEET_STALE_MS = 2 * 3_600_000;

export interface HandoverMoment {
  /** Grave trouble goes on: the leader signs too. */
  readonly isGrave: boolean;
  /** Makes the hash of a signature over the sheet, what is carried over and the signatures before. */
  readonly hashOf: (handover: Handover, signature: Omit<Signature, 'hash'>) => string;
  /** Makes the hash of all that was said and signed. */
  readonly sealOf: (handover: Handover) => string;
}

/** What came of an act: the handover as it is then, or why not. */
export type HandoverOutcome = { readonly next: Handover } | { readonly refused: HandoverRefusal };

type ActOf<K extends HandoverAct['kind']> = Extract<HandoverAct, { readonly kind: K }>;

const no = (refused: HandoverRefusal): HandoverOutcome => ({ refused });

/** The one function by which a handover changes. */
export function stepHandover(handover: Handover, act: HandoverAct, moment: HandoverMoment): HandoverOutcome {
  if (handover.state.kind !== 'walking') return no('over');
  if (act.atMs < lastMs(handover)) return no('clock_behind');
  return take(handover, act, moment);
}

function take(handover: Handover, act: HandoverAct, moment: HandoverMoment): HandoverOutcome {
  switch (act.kind) {
    case 'open':
      return open(handover, act);
    case 'ask':
      return ask(handover, act);
    case 'answer':
      return answer(handover, act);
    case 'carry':
      return carry(handover, act);
    case 'return':
    case 'withdraw':
      return end(handover, act);
    case 'sign':
      return sign(handover, act, moment);
    default:
      return act satisfies never;
  }
}

/** Whether the person gives or takes the watch here. */
export function isPartOf({ outgoing, incoming, startedBy }: Handover, person: string): boolean {
  return person === outgoing || person === incoming || person === startedBy;
}

/** Whose signature is still missing, the leader's among them where it is needed. */
export function missingSigners(
  { kind, signatures }: Pick<Handover, 'kind' | 'signatures'>,
  isGrave: boolean,
): readonly SignerRole[] {
  const needed = new Set<SignerRole>(SIGNERS[kind]);
  if (isGrave && kind !== 'empty' && kind !== 'transcribed') needed.add('leader');
  return [...needed].filter((role) => !signatures.some((signature) => signature.role === role));
}

/** The last instant that stands in it; nothing is added before it. */
function lastMs({ startedAtMs, opened, questions, signatures }: Handover): number {
  return Math.max(
    startedAtMs,
    ...Object.values(opened),
    ...questions.map(({ atMs, answer: given }) => given?.atMs ?? atMs),
    ...signatures.map(({ atMs }) => atMs),
  );
}

function open(handover: Handover, { block, by, atMs }: ActOf<'open'>): HandoverOutcome {
  if (by !== handover.incoming) return no('not_yours');
  if (!handover.blocks.includes(block)) return no('no_such_block');
  if (handover.opened[block] !== undefined) return { next: handover };
  return { next: { ...handover, opened: { ...handover.opened, [block]: atMs } } };
}

function ask(handover: Handover, { block, by, atMs, text }: ActOf<'ask'>): HandoverOutcome {
  if (by !== handover.incoming) return no('not_yours');
  if (!handover.blocks.includes(block)) return no('no_such_block');
  if (text.trim() === '') return no('nothing_said');
  return { next: { ...handover, questions: [...handover.questions, { block, by, atMs, text }] } };
}

function answer(handover: Handover, { question, by, atMs, text }: ActOf<'answer'>): HandoverOutcome {
  const asked = handover.questions[question];
  if (asked === undefined || asked.answer !== undefined) return no('no_such_question');
  // Who asked may say that it is settled, too: the answer may have come by word of mouth.
  if (text.trim() === '') return no('nothing_said');
  const questions = handover.questions.with(question, { ...asked, answer: { by, atMs, text } });
  return { next: { ...handover, questions } };
}

function carry(handover: Handover, { item, by, atMs }: ActOf<'carry'>): HandoverOutcome {
  const { outgoing, incoming, kind } = handover;
  const isGiver = by === outgoing || (kind !== 'shift' && kind !== 'stand_in' && by === incoming);
  if (!isGiver) return no('not_yours');
  // A signature covers what is carried over.
  if (handover.signatures.length > 0) return no('signed_already');
  if ([item.subject, item.reason, item.description].some((text) => text.trim() === ''))
    return no('nothing_said');
  if (item.line !== undefined && !handover.unfinished.includes(item.line)) return no('no_such_block');
  return { next: { ...handover, carryOvers: [...handover.carryOvers, { ...item, by, atMs }] } };
}

function end(handover: Handover, act: ActOf<'return' | 'withdraw'>): HandoverOutcome {
  const { by, atMs, reason } = act;
  const isReturn = act.kind === 'return';
  const mayEnd = isReturn ? by === handover.incoming : act.isLeader || isPartOf(handover, by);
  if (!mayEnd) return no('not_yours');
  if (reason.trim() === '') return no('nothing_said');
  const kind = isReturn ? 'returned' : 'withdrawn';
  const state: HandoverState = { kind, atMs, by, reason };
  return { next: { ...handover, state } };
}

function sign(handover: Handover, act: ActOf<'sign'>, moment: HandoverMoment): HandoverOutcome {
  const refused = signRefusal(handover, act, moment.isGrave);
  if (refused !== undefined) return no(refused);
  const { role, by: person, atMs, way, recordedBy } = act;
  const plain = { role, person, atMs, way, ...(recordedBy === undefined ? {} : { recordedBy }) };
  const signature: Signature = { ...plain, hash: moment.hashOf(handover, plain) };
  const signed = { ...handover, signatures: [...handover.signatures, signature] };
  const missing = missingSigners(signed, moment.isGrave);
  if (missing.length > 0) return { next: signed };
  return { next: { ...signed, state: { kind: 'sealed', atMs, hash: moment.sealOf(signed) } } };
}

function signRefusal(
  handover: Handover,
  { role, by, atMs, sheetHash }: ActOf<'sign'>,
  isGrave: boolean,
): HandoverRefusal | undefined {
  const { outgoing, incoming, signatures } = handover;
  if (sheetHash !== handover.sheetHash) return 'sheet_other';
  if (role !== 'leader' && by !== (role === 'outgoing' ? outgoing : incoming)) return 'not_yours';
  if (signatures.some((signature) => signature.role === role)) return 'signed_already';
  if (by === other(handover, role) || signatures.some(({ person }) => person === by)) return 'same_person';
  if (atMs - handover.startedAtMs > SHEET_STALE_MS) return 'sheet_stale';
  return role === 'leader' ? undefined : contentRefusal(handover, role, isGrave);
}

/** Giver and taker are two; the leader may be neither. */
function other({ outgoing, incoming }: Handover, role: SignerRole): string | undefined {
  if (role === 'outgoing') return incoming;
  if (role === 'incoming') return outgoing;
  return incoming;
}

function contentRefusal(handover: Handover, role: SignerRole, isGrave: boolean): HandoverRefusal | undefined {
  const explained = new Set(handover.carryOvers.map(({ line }) => line));
  if (handover.unfinished.some((line) => !explained.has(line))) return 'work_unexplained';
  if (role === 'incoming') {
    if (handover.blocks.some((block) => handover.opened[block] === undefined)) return 'blocks_unopened';
    if (handover.questions.some(({ answer: given }) => given === undefined)) return 'questions_open';
  }
  // Of the two the one that would complete it waits for the leader; a relief is the leader's to complete.
  const missing = missingSigners(handover, isGrave);
  if (handover.kind === 'relief') return undefined;
  return missing.length === 2 && missing.includes('leader') ? 'leader_needed' : undefined;
}
