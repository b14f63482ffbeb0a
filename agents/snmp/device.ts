import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import type { Labels } from '../../config/model/labels.ts';
import type { Profile } from '../../config/model/profile.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { TAG } from './ber.ts';
import { valueOf } from './decode.ts';
import { discover, type Discovery } from './discovery.ts';
import { askLeaves, packLeaves, type PackedGet, type Round } from './leaves.ts';
import { encodeOid } from './oid.ts';
import { SYS_UPTIME, type Plan } from './plan.ts';
import type { FoundReading } from './rows.ts';
import { readWithAt } from './reader.ts';
import { requestOf, tellSilence, type Session } from './session.ts';
import { afterNews, type News } from './told.ts';
import { readingAt } from './value.ts';

/** A device that is polled over SNMP: explored rarely, asked often. */
export interface PolledDevice {
  readonly id: string;
  /** Asks it once and answers whether it said anything. Never throws: what goes wrong is the device's state. */
  poll(): Promise<boolean>;
  /** Takes what the device told without being asked; it holds until the next poll. Answers the metrics that it set. */
  hear(news: News): readonly string[];
  state(): DeviceState;
}

/** What is known of a device. `known` ends when nothing may be said any more. */
export interface DeviceState {
  /** Whether the last poll got an answer. */
  readonly isUp: boolean;
  readonly hasBeenPolled: boolean;
  readonly lastAnswerAtMs: number | undefined;
  /** What went wrong in the last poll, in the words of an operator. */
  readonly lastError: string | undefined;
  readonly pollDurationMs: number;
  readonly known: Known | undefined;
}

/** What a device told. */
export interface Known {
  readonly profiles: readonly string[];
  /** The labels of `device_info`. */
  readonly info: Labels;
  readonly readings: readonly FoundReading[];
  /** The value of each reading; NaN where there is none now. */
  readonly values: Float64Array;
  /** When they were read. */
  readonly atMs: number;
}

export interface PolledDeviceOptions {
  readonly id: string;
  readonly session: Session;
  readonly profiles: readonly Profile[];
  /** Named by the site, instead of those that match. */
  readonly named: readonly string[] | undefined;
  /** Plans how it is polled once it is explored. */
  readonly planOf: (discovery: Discovery) => Plan;
  /** How long a poll may take. */
  readonly pollDeadlineMs: number;
  readonly clock: Clock;
}

/** After so many polls without answer nothing that the device told before is shown any more. */
const MISSES_UNTIL_FORGOTTEN = 2;
/** After so many, one small question is asked each time until it answers: it must not cost what a poll costs. */
const MISSES_UNTIL_PROBED = 3;
const EXPLORE_EVERY_MS = 24 * 3_600_000;
/** A device whose tables change all the time is not explored all the time. */
const EXPLORE_AFTER_CHANGE_MS = 60_000;
/** When objects that the device refused, or has no more, are looked for again. */
const EXPLORE_AFTER_LOSS_MS = 600_000;
/** Exploring a slow device may take longer than the poll interval; its polls wait. */
const EXPLORE_DEADLINE_MS = 120_000;

const NOTHING_SPECIAL: readonly never[] = [];

/** What is remembered from poll to poll. */
interface Memory {
  state: DeviceState;
  misses: number;
  explored: Explored | undefined;
}

interface Explored {
  readonly profiles: readonly string[];
  readonly info: Labels;
  /** What of it could not be explored. */
  readonly note: string | undefined;
  readonly plan: Plan;
  /** Changes when the device refuses an object, or answers that are so big. */
  readonly gets: PackedGet[];
  readonly atMs: number;
  /** When to explore again. */
  againAtMs: number;
  /** Raw numbers of the plan's leaves. */
  readonly raw: Float64Array;
  /** How long the device had been running at the last poll. */
  uptime: number;
  /** How often its engine had started. */
  boots: number | undefined;
  /** The plan's row leaves in the first poll. */
  rowMarks: readonly number[] | undefined;
  /** It has told that an object which it had is no more. */
  hasLost: boolean;
}

export function createPolledDevice(options: PolledDeviceOptions): PolledDevice {
  const { id, session, clock } = options;
  const memory: Memory = {
    state: {
      isUp: false,
      hasBeenPolled: false,
      lastAnswerAtMs: undefined,
      lastError: undefined,
      pollDurationMs: 0,
      known: undefined,
    },
    misses: 0,
    explored: undefined,
  };
  return {
    id,
    state: () => memory.state,
    hear: (news) => hear(memory, news, clock.nowMs()),
    async poll() {
      const startMs = clock.nowMs();
      const answersBefore = session.answers();
      const { known, error, isMute } = await readDevice(options, memory);
      const endMs = clock.nowMs();
      const isUp = isMute === undefined && session.answers() > answersBefore;
      memory.misses = isUp ? 0 : memory.misses + 1;
      const last = memory.state;
      memory.state = {
        isUp,
        hasBeenPolled: true,
        lastAnswerAtMs: isUp ? endMs : last.lastAnswerAtMs,
        lastError: error,
        pollDurationMs: endMs - startMs,
        known: !isUp && memory.misses < MISSES_UNTIL_FORGOTTEN ? last.known : known,
      };
      return isUp;
    },
  };
}

function hear(memory: Memory, news: News, atMs: number): readonly string[] {
  const { known } = memory.state;
  const plan = memory.explored?.plan;
  if (known === undefined || plan === undefined || plan.readings !== known.readings) return [];
  const heard = afterNews({ ...plan, values: known.values }, news);
  if (heard === undefined) return [];
  memory.state = { ...memory.state, known: { ...known, values: heard.values, atMs } };
  return heard.metrics;
}

interface Read {
  readonly known?: Known | undefined;
  readonly error: string | undefined;
  /** It answers, but refuses or lacks everything that it is asked: that is no sign of life. */
  readonly isMute?: true;
}

/** One poll; the one place where its errors end. */
async function readDevice(options: PolledDeviceOptions, memory: Memory): Promise<Read> {
  try {
    if (memory.misses >= MISSES_UNTIL_PROBED) await probe(options.session);
    return await readPlan(options, memory);
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** @throws {WatchkeeperError} `snmp_timeout` when the device is silent. */
async function probe(session: Session): Promise<void> {
  const outcome = await session.exchange(requestOf(session, 'get', [encodeOid(SYS_UPTIME)]));
  if (outcome.kind !== 'answer') throw new WatchkeeperError('snmp_timeout', tellSilence(outcome));
}

async function readPlan(options: PolledDeviceOptions, memory: Memory): Promise<Read> {
  let explored = await exploredNow(options, memory);
  let round = await askPlan(options, explored);
  if (hasRestarted(explored, options.session.boots())) {
    // Its rows may have other numbers now: what was just read may belong to others.
    memory.explored = undefined;
    explored = await explore(options, memory);
    round = await askPlan(options, explored);
  }
  const nowMs = options.clock.nowMs();
  watchForChange(explored, round, nowMs);
  if (round.fault === undefined && explored.raw.every((number) => Number.isNaN(number))) {
    memory.explored = undefined;
    return { isMute: true, error: 'it tells nothing of what it is asked' };
  }
  if (round.answers === 0) return { error: round.fault?.message };
  const { profiles, info, plan, raw, note } = explored;
  const values = Float64Array.from(plan.recipes, (recipe) => valueOf(recipe, raw));
  const { readings } = plan;
  return { known: { profiles, info, readings, values, atMs: nowMs }, error: round.fault?.message ?? note };
}

/** What the device was found to have, explored anew when that is due. */
async function exploredNow(options: PolledDeviceOptions, memory: Memory): Promise<Explored> {
  const { explored } = memory;
  if (explored === undefined) return explore(options, memory);
  if (options.clock.nowMs() < explored.againAtMs) return explored;
  // Put off first: when exploring fails, the device is polled as it was known.
  explored.againAtMs = options.clock.nowMs() + EXPLORE_AFTER_LOSS_MS;
  return explore(options, memory).catch(() => explored);
}

/** @throws {WatchkeeperError} when the device does not answer to the end. */
async function explore(options: PolledDeviceOptions, memory: Memory): Promise<Explored> {
  const { session, profiles, named, planOf, clock } = options;
  const deadlineAtMs = clock.nowMs() + EXPLORE_DEADLINE_MS;
  const isTimeUp = (): boolean => clock.nowMs() >= deadlineAtMs;
  const discovery = await discover(session, { profiles, named, isTimeUp });
  const plan = planOf(discovery);
  memory.explored = {
    profiles: discovery.profiles,
    info: discovery.info,
    note: discovery.notes[0],
    plan,
    gets: packLeaves(session.access, session, plan.leaves),
    atMs: clock.nowMs(),
    againAtMs: clock.nowMs() + EXPLORE_EVERY_MS,
    raw: new Float64Array(plan.numbers),
    uptime: 0,
    boots: session.boots(),
    rowMarks: undefined,
    hasLost: false,
  };
  return memory.explored;
}

/** Asks for all leaves of the plan; what is not told is NaN. */
function askPlan(
  { session, clock, pollDeadlineMs }: PolledDeviceOptions,
  explored: Explored,
): Promise<Round> {
  const { plan, gets, raw } = explored;
  const deadlineAtMs = clock.nowMs() + pollDeadlineMs;
  raw.fill(Number.NaN);
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

/** Whether the device has begun anew since the last poll. (After 497 days its clock does too; that does no harm.) */
function hasRestarted(explored: Explored, boots: number | undefined): boolean {
  const uptime = explored.raw[explored.plan.uptimeLeaf] ?? Number.NaN;
  const isBack = uptime < explored.uptime || (boots !== undefined && boots !== explored.boots);
  if (!Number.isNaN(uptime)) explored.uptime = uptime;
  return isBack;
}

/** Brings the next exploring forward when the device has other rows than it had. */
function watchForChange(explored: Explored, round: Round, nowMs: number): void {
  const { plan, raw, atMs } = explored;
  const sooner = (atMost: number): void => {
    explored.againAtMs = Math.min(explored.againAtMs, Math.max(nowMs, atMost));
  };
  if (round.refused.length > 0 || explored.hasLost) sooner(atMs + EXPLORE_AFTER_LOSS_MS);
  if (round.fault !== undefined) return;
  const marks = plan.rowLeaves.map((leaf) => raw[leaf] ?? Number.NaN);
  const isChanged = explored.rowMarks?.some((mark, place) => !Object.is(mark, marks[place])) ?? false;
  explored.rowMarks ??= marks;
  if (isChanged) sooner(atMs + EXPLORE_AFTER_CHANGE_MS);
}
