import { fits } from '../../../config/model/round-judge.ts';
import type {
  CheckpointVisit,
  ProofWay,
  RoundAnswer,
  RoundItem,
  RoundSubmission,
  RoundTemplate,
} from '../../../config/model/round.ts';
import type { LocalRound } from './store.ts';

/** A round being walked, as a function of what somebody does and when. */

export interface Beginning {
  readonly id: string;
  readonly template: RoundTemplate;
  /** Id of the due round. */
  readonly due?: string | undefined;
  readonly walkedBy: string;
  readonly atMs: number;
  readonly isPaper: boolean;
}

export function beginRound({ id, template, due, walkedBy, atMs, isPaper }: Beginning): LocalRound {
  return {
    template,
    state: { kind: 'walking' },
    round: {
      id,
      template: template.id,
      version: template.version,
      ...(due === undefined ? {} : { due }),
      walkedBy,
      beganAtMs: atMs,
      endedAtMs: atMs,
      visits: [],
      ...(isPaper ? { paper: { photos: [] } } : {}),
    },
  };
}

export function visitOf({ visits }: RoundSubmission, checkpoint: string): CheckpointVisit | undefined {
  return visits.find((visit) => visit.checkpoint === checkpoint);
}

export function answerOf(round: RoundSubmission, item: string): RoundAnswer | undefined {
  return round.visits.flatMap(({ answers }) => answers).find((answer) => answer.item === item);
}

const NOWHERE: Pick<CheckpointVisit, 'way' | 'code' | 'answers'> = { way: 'none', code: '', answers: [] };

/** The visit of a place changed at an instant: it lasts from the first thing done there until the last. */
function withVisit(
  local: LocalRound,
  checkpoint: string,
  atMs: number,
  change: (visit: CheckpointVisit) => CheckpointVisit,
): LocalRound {
  const { round } = local;
  const before = visitOf(round, checkpoint) ?? { ...NOWHERE, checkpoint, beganAtMs: atMs, endedAtMs: atMs };
  const after = { ...change(before), endedAtMs: Math.max(atMs, before.beganAtMs) };
  const others = round.visits.filter((visit) => visit.checkpoint !== checkpoint);
  const endedAtMs = Math.max(round.endedAtMs, after.endedAtMs);
  return { ...local, round: { ...round, visits: [...others, after], endedAtMs } };
}

/** Somebody has come to a place. */
export function arrive(local: LocalRound, checkpoint: string, atMs: number): LocalRound {
  return visitOf(local.round, checkpoint) === undefined
    ? withVisit(local, checkpoint, atMs, (visit) => visit)
    : local;
}

export function proveAt(
  local: LocalRound,
  checkpoint: string,
  { way, code, atMs }: { readonly way: ProofWay; readonly code: string; readonly atMs: number },
): LocalRound {
  return withVisit(local, checkpoint, atMs, (visit) => ({ ...visit, way, code }));
}

export type AnswerChange = Partial<Omit<RoundAnswer, 'item' | 'atMs'>> | { readonly value: undefined };

/** Puts an answer or a part of one, or takes it away when its value is `undefined`. */
export function answerItem(
  local: LocalRound,
  { checkpoint, item }: { readonly checkpoint: string; readonly item: string },
  change: AnswerChange,
  atMs: number,
): LocalRound {
  return withVisit(local, checkpoint, atMs, (visit) => {
    const before = visit.answers.find((one) => one.item === item);
    const others = visit.answers.filter((one) => one.item !== item);
    const answer = changedAnswer(before, change, { item, atMs });
    return { ...visit, answers: answer === undefined ? others : [...others, answer] };
  });
}

function changedAnswer(
  before: RoundAnswer | undefined,
  change: AnswerChange,
  head: Pick<RoundAnswer, 'item' | 'atMs'>,
): RoundAnswer | undefined {
  const { isConfirmed, ...kept } = { photos: [], ...before, ...change, ...head };
  const { value } = kept;
  if (value === undefined) return undefined;
  // Another value than that of the sensor is one's own.
  const isOwn = 'value' in change && !('isConfirmed' in change);
  return { ...kept, value, ...(isConfirmed === true && !isOwn ? { isConfirmed } : {}) };
}

/** How many items of a place, or of the whole round, nobody has looked at. */
export function leftOf({ template, round }: LocalRound, checkpoint?: string): number {
  const places = template.checkpoints.filter(({ id }) => checkpoint === undefined || id === checkpoint);
  return places.flatMap(({ items }) => items).filter((item) => !isDone(round, item)).length;
}

export function isDone(round: RoundSubmission, item: RoundItem): boolean {
  const answer = answerOf(round, item.id);
  return answer !== undefined && fits(item, answer);
}

/** Why a round cannot be finished yet; `undefined` when it can. */
export function unfinished({ round }: LocalRound): 'paper_photo' | undefined {
  return round.paper !== undefined && round.paper.photos.length === 0 ? 'paper_photo' : undefined;
}

export function finishRound(local: LocalRound, atMs: number, remark: string): LocalRound {
  const endedAtMs =
    local.round.paper === undefined ? Math.max(atMs, local.round.endedAtMs) : local.round.endedAtMs;
  const round = { ...local.round, endedAtMs, ...(remark.trim() === '' ? {} : { remark }) };
  return { ...local, round, state: { kind: 'waiting' } };
}

/** Times as they stand on a sheet of paper: every visit lies within them. */
export function paperTimes(local: LocalRound, beganAtMs: number, endedAtMs: number): LocalRound {
  const visits = local.round.visits.map((visit) => ({
    ...visit,
    beganAtMs,
    endedAtMs,
    answers: visit.answers.map((answer) => ({ ...answer, atMs: endedAtMs })),
  }));
  return { ...local, round: { ...local.round, beganAtMs, endedAtMs, visits } };
}
