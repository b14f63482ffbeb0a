import {
  itemsOf,
  type Checkpoint,
  type CheckpointVisit,
  type NumberItem,
  type RoundAnswer,
  type RoundItem,
  type RoundSubmission,
  type RoundTemplate,
} from './round.ts';

/** What a round is worth: each item's result, and what speaks against how it was walked. */

/** `not_done` (未巡检): nobody looked. Never the same as normal. */
export const ITEM_RESULTS = ['normal', 'abnormal', 'not_done'] as const;
export type ItemResult = (typeof ITEM_RESULTS)[number];

export interface JudgedItem {
  readonly checkpoint: string;
  readonly item: string;
  readonly result: ItemResult;
  readonly answer?: RoundAnswer;
  /** What the sensors said at the instant of the answer, in the item's unit. */
  readonly sensor?: number;
  /** Person less sensor, where that is more than the tolerance. */
  readonly difference?: number;
}

/** What speaks against a round; told to the shift leader, it refuses nothing. */
export type RoundDoubt =
  | { readonly code: 'not_there'; readonly checkpoint: string }
  | { readonly code: 'wrong_code'; readonly checkpoint: string }
  | { readonly code: 'old_code'; readonly checkpoint: string }
  | {
      readonly code: 'too_fast';
      readonly checkpoint: string;
      readonly seconds: number;
      readonly minSeconds: number;
    }
  /** All is normal, and they were at the places for less time than it takes to look. */
  | { readonly code: 'hasty'; readonly seconds: number; readonly minSeconds: number }
  | { readonly code: 'out_of_order'; readonly checkpoint: string }
  | { readonly code: 'two_places'; readonly checkpoint: string }
  | { readonly code: 'outside_times'; readonly checkpoint: string }
  | {
      readonly code: 'sensor_differs';
      readonly checkpoint: string;
      readonly item: string;
      readonly difference: number;
    }
  | { readonly code: 'photo_missing'; readonly checkpoint: string; readonly item: string }
  | { readonly code: 'old_version'; readonly version: number; readonly current: number }
  | { readonly code: 'late'; readonly seconds: number }
  | { readonly code: 'done_twice'; readonly by: string }
  | { readonly code: 'clock_differs'; readonly seconds: number };
export type DoubtCode = RoundDoubt['code'];

export const DOUBT_CODES = [
  'not_there',
  'wrong_code',
  'old_code',
  'too_fast',
  'hasty',
  'out_of_order',
  'two_places',
  'outside_times',
  'sensor_differs',
  'photo_missing',
  'old_version',
  'late',
  'done_twice',
  'clock_differs',
] as const satisfies readonly DoubtCode[];

export interface JudgedRound {
  /** `abnormal` when one item is, else `incomplete` when one was not done, else `normal`. */
  readonly result: 'normal' | 'abnormal' | 'incomplete';
  readonly items: readonly JudgedItem[];
  readonly doubts: readonly RoundDoubt[];
}

/** What the judge cannot know by itself. */
export interface RoundFacts {
  /** How the code of a place compares with the one that hangs there. */
  readonly codeOf: (checkpoint: string, code: string) => 'right' | 'old' | 'wrong';
  /** What the sensors said of an item when it was answered, in the item's unit; absent where none did. */
  readonly sensorOf: (item: string) => number | undefined;
  /** Until when it was due, by the collector's clock; absent for a special round. */
  readonly byMs?: number;
  /** The collector's clock less the phone's. */
  readonly clockDifferenceMs: number;
  readonly currentVersion: number;
  /** Who has handed in the same due round before. */
  readonly doneBy?: string;
}

/** A phone's clock may differ by so much before that is told. */
const CLOCK_TOLERANCE_MS = 60_000;

/** Judges a round by the version of the template that it was done with. */
export function judgeRound(template: RoundTemplate, round: RoundSubmission, facts: RoundFacts): JudgedRound {
  const items = itemsOf(template).map(({ checkpoint, item }) =>
    judgeItem(checkpoint, item, answerOf(round, checkpoint, item), facts),
  );
  const result = items.some((item) => item.result === 'abnormal')
    ? 'abnormal'
    : items.some((item) => item.result === 'not_done')
      ? 'incomplete'
      : 'normal';
  return {
    result,
    items,
    doubts: [
      ...template.checkpoints.flatMap((checkpoint) => doubtsOfVisit(checkpoint, round, facts)),
      ...(result === 'normal' ? hasteDoubts(template, round) : []),
      ...orderDoubts(template, round),
      ...items.flatMap(doubtsOfItem(template)),
      ...timeDoubts(round, facts),
      ...(facts.doneBy === undefined ? [] : [{ code: 'done_twice' as const, by: facts.doneBy }]),
      ...(round.version < facts.currentVersion
        ? [{ code: 'old_version' as const, version: round.version, current: facts.currentVersion }]
        : []),
    ],
  };
}

function answerOf(round: RoundSubmission, { id }: Checkpoint, item: RoundItem): RoundAnswer | undefined {
  return round.visits
    .find(({ checkpoint }) => checkpoint === id)
    ?.answers.find((answer) => answer.item === item.id);
}

function judgeItem(
  checkpoint: Checkpoint,
  item: RoundItem,
  answer: RoundAnswer | undefined,
  { sensorOf }: RoundFacts,
): JudgedItem {
  const head = { checkpoint: checkpoint.id, item: item.id };
  if (answer === undefined || !fits(item, answer)) return { ...head, result: 'not_done' };
  const result = isAbnormal(item, answer) ? ('abnormal' as const) : ('normal' as const);
  const sensor = item.type === 'number' ? sensorOf(item.id) : undefined;
  if (item.type !== 'number' || sensor === undefined) return { ...head, result, answer };
  const difference = differenceOf(item, Number(answer.value), sensor);
  return { ...head, result, answer, sensor, ...(difference === undefined ? {} : { difference }) };
}

/** Whether an answer is one to this kind of item; any other counts as none. */
export function fits(item: RoundItem, { value, photos }: Pick<RoundAnswer, 'value' | 'photos'>): boolean {
  switch (item.type) {
    case 'check':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'choice':
      return item.options.some(({ id }) => id === value);
    case 'text':
      return typeof value === 'string' && value.trim() !== '';
    case 'photo':
      return photos.length > 0;
    default:
      return item satisfies never;
  }
}

function isAbnormal(item: RoundItem, { value }: RoundAnswer): boolean {
  switch (item.type) {
    case 'check':
      return value === false;
    case 'number':
      return Number(value) < (item.low ?? -Infinity) || Number(value) > (item.high ?? Infinity);
    case 'choice':
      return item.options.some(({ id, isAbnormal: isBad }) => id === value && isBad);
    case 'text':
      return false;
    case 'photo':
      // Who takes a photo of what is not well says so.
      return value === false;
    default:
      return item satisfies never;
  }
}

/** Person less sensor, where the tolerance is exceeded. Both were rounded when they were read: a hair's breadth more is none. */
export function differenceOf({ tolerance }: NumberItem, person: number, sensor: number): number | undefined {
  if (tolerance === undefined) return undefined;
  const difference = person - sensor;
  return Math.abs(difference) > tolerance + 1e-9 ? difference : undefined;
}

function doubtsOfVisit(
  checkpoint: Checkpoint,
  round: RoundSubmission,
  facts: RoundFacts,
): readonly RoundDoubt[] {
  const visit = round.visits.find((one) => one.checkpoint === checkpoint.id);
  if (visit === undefined || visit.answers.length === 0) return [];
  const place = { checkpoint: checkpoint.id };
  const doubts: RoundDoubt[] = [];
  if (visit.way === 'none') doubts.push({ code: 'not_there', ...place });
  else {
    const code = facts.codeOf(checkpoint.id, visit.code);
    if (code !== 'right') doubts.push({ code: code === 'old' ? 'old_code' : 'wrong_code', ...place });
  }
  // What is written on paper has no times of its own.
  if (round.paper !== undefined) return doubts;
  const seconds = Math.max(0, (visit.endedAtMs - visit.beganAtMs) / 1_000);
  const { minSeconds } = checkpoint;
  if (seconds < minSeconds)
    doubts.push({ code: 'too_fast', ...place, seconds: Math.round(seconds), minSeconds });
  const isOutside = (atMs: number): boolean => atMs < visit.beganAtMs || atMs > visit.endedAtMs;
  if (isOutOf(visit, round) || visit.answers.some(({ atMs }) => isOutside(atMs)))
    doubts.push({ code: 'outside_times', ...place });
  return doubts;
}

/** What is written on paper has no times of its own. */
function hasteDoubts(
  { checkpoints }: RoundTemplate,
  { visits, paper }: RoundSubmission,
): readonly RoundDoubt[] {
  const minSeconds = checkpoints.reduce((sum, one) => sum + one.minSeconds, 0);
  const spentMs = visits.reduce((sum, visit) => sum + Math.max(0, visit.endedAtMs - visit.beganAtMs), 0);
  const seconds = Math.round(spentMs / 1_000);
  return paper === undefined && seconds < minSeconds ? [{ code: 'hasty', seconds, minSeconds }] : [];
}

function isOutOf({ beganAtMs, endedAtMs }: CheckpointVisit, round: RoundSubmission): boolean {
  return beganAtMs > endedAtMs || beganAtMs < round.beganAtMs || endedAtMs > round.endedAtMs;
}

function orderDoubts(
  { checkpoints, isOrdered }: RoundTemplate,
  { visits, paper }: RoundSubmission,
): readonly RoundDoubt[] {
  const walked = visits
    .filter(({ answers }) => answers.length > 0)
    .toSorted((a, b) => a.beganAtMs - b.beganAtMs);
  const placeOf = (visit: CheckpointVisit): number =>
    checkpoints.findIndex(({ id }) => id === visit.checkpoint);
  return walked.flatMap((visit, index) => {
    const before = walked[index - 1];
    if (before === undefined || paper !== undefined) return [];
    const doubts: RoundDoubt[] = [];
    const place = { checkpoint: visit.checkpoint };
    if (isOrdered && placeOf(visit) < placeOf(before)) doubts.push({ code: 'out_of_order', ...place });
    if (visit.beganAtMs < before.endedAtMs) doubts.push({ code: 'two_places', ...place });
    return doubts;
  });
}

const doubtsOfItem =
  (template: RoundTemplate) =>
  ({ checkpoint, item, answer, difference }: JudgedItem): readonly RoundDoubt[] => {
    const doubts: RoundDoubt[] = [];
    if (difference !== undefined) doubts.push({ code: 'sensor_differs', checkpoint, item, difference });
    const asked = itemsOf(template).find((one) => one.item.id === item)?.item;
    if (answer?.photos.length === 0 && asked?.needsPhoto === true)
      doubts.push({ code: 'photo_missing', checkpoint, item });
    return doubts;
  };

function timeDoubts(
  { endedAtMs, paper }: RoundSubmission,
  { byMs, clockDifferenceMs }: RoundFacts,
): readonly RoundDoubt[] {
  const doubts: RoundDoubt[] = [];
  const lateMs = endedAtMs + clockDifferenceMs - (byMs ?? Infinity);
  if (lateMs > 0) doubts.push({ code: 'late', seconds: Math.ceil(lateMs / 1_000) });
  if (paper === undefined && Math.abs(clockDifferenceMs) > CLOCK_TOLERANCE_MS)
    doubts.push({ code: 'clock_differs', seconds: Math.round(clockDifferenceMs / 1_000) });
  return doubts;
}
