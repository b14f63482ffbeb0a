import type { Labels } from '../../config/model/labels.ts';
import type { Lane } from '../../config/model/lane.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { TAG } from './ber.ts';
import { valueOf } from './decode.ts';
import type { Discovery } from './discovery.ts';
import { askLeaves, packLeaves, type PackedGet, type Round } from './leaves.ts';
import type { Plan } from './plan.ts';
import { createNumbers } from './numbers.ts';
import { readWithAt } from './reader.ts';
import type { FoundReading } from './rows.ts';
import type { Session } from './session.ts';
import { readingAt } from './value.ts';

/** What a device told. The same object from poll to poll, until the device is explored anew. */
export interface Known {
  readonly profiles: readonly string[];
  /** The labels of `device_info`. */
  readonly info: Labels;
  readonly readings: readonly FoundReading[];
  /** Of each reading. */
  readonly lanes: readonly Lane[];
  /** The value of each reading; NaN where there is none now. Another array after each poll. */
  readonly values: Float64Array;
  /** When they were read; those of the slow lane at their own time. */
  readonly atMs: number;
  readonly slowAtMs: number;
}

/** A device whose rows are known, and how it is asked. */
export interface Explored {
  readonly known: { -readonly [K in keyof Known]: Known[K] };
  /** What of it could not be explored. */
  readonly note: string | undefined;
  readonly plan: Plan;
  /** Change when the device refuses an object, or answers that are so big. */
  readonly gets: Record<Lane, PackedGet[]>;
  readonly atMs: number;
  /** When to explore again. */
  againAtMs: number;
  /** Raw numbers of the plan. */
  readonly raw: Float64Array;
  /** What the values are written into next. */
  spare: Float64Array;
  /** How long the device had been running at the last poll. */
  uptime: number;
  /** How often its engine had started. */
  boots: number | undefined;
  /** The plan's row leaves in the first poll. */
  rowMarks: readonly number[] | undefined;
  /** It has told that an object which it had is no more. */
  hasLost: boolean;
}

export const EXPLORE_EVERY_MS = 24 * 3_600_000;
/** A device whose tables change all the time is not explored all the time. */
const EXPLORE_AFTER_CHANGE_MS = 60_000;
/** When objects that the device refused, or has no more, are looked for again. */
export const EXPLORE_AFTER_LOSS_MS = 600_000;
/** How often inventory is read. */
const SLOW_EVERY_MS = 600_000;
/** An answer that is so much bigger than allowed has grown: it is parted. */
const TOO_LONG_RATIO = 1.05;
/** Where whole numbers were reckoned with less than they take, the next pages of them could be too long. */
const LEAST_RATIO = 0.5;

const NOTHING_SPECIAL: readonly never[] = [];

/** Those of one device live as long as those of another: until they are explored anew. */
const takeNumbers = createNumbers();

export function newExplored(discovery: Discovery, plan: Plan, session: Session, nowMs: number): Explored {
  const { profiles, info, notes } = discovery;
  const { readings, lanes } = plan;
  const values = takeNumbers(plan.recipes.length).fill(Number.NaN);
  const pack = (lane: Lane): PackedGet[] =>
    packLeaves(session.access, session, plan.leaves, plan.leavesOf[lane]);
  return {
    known: { profiles, info, readings, lanes, values, atMs: nowMs, slowAtMs: 0 },
    note: notes[0],
    plan,
    gets: { fast: [], ordinary: pack('ordinary'), slow: pack('slow') },
    atMs: nowMs,
    againAtMs: nowMs + EXPLORE_EVERY_MS,
    raw: takeNumbers(plan.numbers).fill(Number.NaN),
    spare: takeNumbers(plan.recipes.length),
    uptime: 0,
    boots: session.boots(),
    rowMarks: undefined,
    hasLost: false,
  };
}

export interface Asking {
  readonly session: Session;
  readonly clock: Clock;
  /** How long it may take. */
  readonly deadlineMs: number;
}

/** Asks for what is due; what is not told is NaN. In the fast lane only for what matters most. */
export async function askPlan(asking: Asking, explored: Explored, lane: 'fast' | 'ordinary'): Promise<Round> {
  const { session, clock } = asking;
  const { plan, gets, known } = explored;
  if (lane === 'fast' && gets.fast.length === 0)
    gets.fast = packLeaves(session.access, session, plan.leaves, plan.leavesOf.fast);
  const first = await askLane(asking, explored, lane);
  if (lane === 'ordinary') fitGets(asking.session, explored, first);
  const isSlowDue = lane === 'ordinary' && clock.nowMs() >= known.slowAtMs + SLOW_EVERY_MS;
  if (!isSlowDue || first.fault !== undefined) return first;
  const second = await askLane(asking, explored, 'slow');
  if (second.fault === undefined) known.slowAtMs = clock.nowMs();
  return {
    ...second,
    answers: first.answers + second.answers,
    refused: [...first.refused, ...second.refused],
  };
}

function askLane({ session, clock, deadlineMs }: Asking, explored: Explored, lane: Lane): Promise<Round> {
  const { plan, raw } = explored;
  const gets = explored.gets[lane];
  const deadlineAtMs = clock.nowMs() + deadlineMs;
  for (const { leaves } of gets) for (const leaf of leaves) forget(explored, leaf);
  return askLeaves(session, gets, plan.leaves, {
    isTimeUp: () => clock.nowMs() >= deadlineAtMs,
    take(leaf, tag, { packet, start, end }) {
      if (tag === TAG.noSuchInstance || tag === TAG.noSuchObject) explored.hasLost = true;
      raw[leaf] = readingAt(tag, packet, start, end);
      for (const { reader, place } of plan.special.get(leaf) ?? NOTHING_SPECIAL)
        raw[place] = readWithAt(reader, tag, { packet, start, end });
    },
  });
}

function forget({ plan, raw }: Explored, leaf: number): void {
  raw[leaf] = Number.NaN;
  for (const { place } of plan.special.get(leaf) ?? NOTHING_SPECIAL) raw[place] = Number.NaN;
}

/**
 * Packs anew when answers turn out smaller than reckoned, so that fewer are needed (room is reckoned for the longest numbers), or
 * longer than they may be.
 */
function fitGets(session: Session, explored: Explored, { sizeRatio, fault }: Round): void {
  const { gets, plan } = explored;
  const ratio = Math.max(LEAST_RATIO, sizeRatio);
  if (fault !== undefined || sizeRatio === 0) return;
  const isGrown = ratio > session.sizeRatio * TOO_LONG_RATIO;
  if (!isGrown && (gets.ordinary.length < 2 || ratio >= session.sizeRatio)) return;
  session.sizeRatio = ratio;
  const asked = gets.ordinary.flatMap(({ leaves }) => leaves);
  gets.ordinary = packLeaves(session.access, session, plan.leaves, asked);
}

/** Computes the values from the raw numbers; answers those that were there before. */
export function takeValues(explored: Explored, nowMs: number): Float64Array {
  const { known, plan, raw, spare } = explored;
  const before = known.values;
  plan.recipes.forEach((recipe, index) => {
    spare[index] = valueOf(recipe, raw);
  });
  known.values = spare;
  known.atMs = nowMs;
  explored.spare = before;
  return before;
}

/** Whether it told nothing of what it was just asked. */
export function toldNothing({ plan, raw }: Explored): boolean {
  const isNone = (place: number): boolean => Number.isNaN(raw[place] ?? Number.NaN);
  return plan.leavesOf.ordinary.every(
    (leaf) => isNone(leaf) && (plan.special.get(leaf)?.every(({ place }) => isNone(place)) ?? true),
  );
}

/** Whether the device has begun anew since the last poll. (After 497 days its clock does too; that does no harm.) */
export function hasRestarted(explored: Explored, boots: number | undefined): boolean {
  const uptime = explored.raw[explored.plan.uptimeLeaf] ?? Number.NaN;
  const isBack = uptime < explored.uptime || (boots !== undefined && boots !== explored.boots);
  if (!Number.isNaN(uptime)) explored.uptime = uptime;
  return isBack;
}

/** Brings the next exploring forward when the device has other rows than it had. */
export function watchForChange(explored: Explored, round: Round, nowMs: number): void {
  const { plan, raw, atMs } = explored;
  const sooner = (atMost: number): void => {
    explored.againAtMs = Math.min(explored.againAtMs, Math.max(nowMs, atMost));
  };
  if (round.refused.length > 0 || explored.hasLost) sooner(atMs + EXPLORE_AFTER_LOSS_MS);
  if (round.fault !== undefined || plan.rowLeaves.length === 0) return;
  const markAt = (leaf: number): number => raw[leaf] ?? Number.NaN;
  explored.rowMarks ??= plan.rowLeaves.map(markAt);
  const marks = explored.rowMarks;
  if (plan.rowLeaves.some((leaf, place) => !Object.is(markAt(leaf), marks[place])))
    sooner(atMs + EXPLORE_AFTER_CHANGE_MS);
}
