import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { discover, type Discovery, type SomeProfile } from './discovery.ts';
import {
  askPlan,
  EXPLORE_AFTER_LOSS_MS,
  hasRestarted,
  newExplored,
  takeValues,
  toldNothing,
  watchForChange,
  type Explored,
  type Known,
} from './explored.ts';
import { encodeOid } from './oid.ts';
import { pauseMs } from './pause.ts';
import { changesBetween, isAlarmed, SYS_UPTIME, type Plan } from './plan.ts';
import { requestOf, tellSilence, type Session } from './session.ts';
import { silentReadings, type SilentReading } from './silence.ts';
import { afterNews, type News } from './told.ts';

export type { Known } from './explored.ts';

/** A device that is polled over SNMP: explored rarely, asked often. */
export interface PolledDevice {
  readonly id: string;
  /** Whether it is to be asked in this interval: one that has long been silent is asked now and then. */
  isDue(): boolean;
  /**
   * Asks it once and answers whether it said anything. Never throws: what goes wrong is the device's state. In the fast lane it is asked
   * only for what matters in a power failure, of rows that are known.
   */
  poll(lane?: 'fast' | 'ordinary'): Promise<boolean>;
  /** Takes what the device told without being asked; it holds until a poll that begins after it. Answers the metrics that it set. */
  hear(news: News): readonly string[];
  /** How long after a poll the fast lane is due; `undefined` while nothing is wrong with the device. */
  fastAfterMs(): number | undefined;
  state(): DeviceState;
  /** What it has, but told nothing for in the last poll, and why. */
  silentReadings(): readonly SilentReading[];
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
  /** On battery or alarmed: read every few seconds. */
  readonly isFast: boolean;
  /** Silent for long: not asked before. */
  readonly pausedUntilMs: number | undefined;
}

/** What a poll brought, for those who pass it on. */
export interface Polling {
  readonly state: DeviceState;
  readonly wasUp: boolean;
  /** Indexes of the readings whose change is news. */
  readonly changed: readonly number[];
  readonly atMs: number;
}

export interface PolledDeviceOptions {
  readonly id: string;
  readonly session: Session;
  readonly profiles: readonly SomeProfile[];
  /** Named by the site, instead of those that match. */
  readonly named: readonly string[] | undefined;
  /** Plans how it is polled once it is explored. */
  readonly planOf: (discovery: Discovery) => Plan;
  /** How long a poll may take; also how often there is one. */
  readonly pollDeadlineMs: number;
  readonly clock: Clock;
  /** Whether it may be read every few seconds while it is alarmed; `true` when absent. */
  readonly isFastAllowed?: boolean;
  readonly onPolled?: (polling: Polling) => void;
  /** Exploring takes memory: it waits until not too many others do it. */
  readonly inLine?: <T>(task: () => Promise<T>) => Promise<T>;
}

/** After so many polls without answer nothing that the device told before is shown any more. */
const MISSES_UNTIL_FORGOTTEN = 2;
/** After so many, one small question is asked each time until it answers: it must not cost what a poll costs. */
const MISSES_UNTIL_PROBED = 3;
/** Exploring a slow device may take longer than the poll interval; its polls wait. */
const EXPLORE_DEADLINE_MS = 120_000;
/** The fast lane: as often as is ten times as long as a poll takes, within these. */
const SHORTEST_FAST_MS = 1_000;
const LONGEST_FAST_MS = 5_000;
const REST_PER_POLL = 10;

/** What is remembered from poll to poll. */
interface Memory {
  state: DeviceState;
  misses: number;
  explored: Explored | undefined;
  /** What the last poll changed. */
  changed: readonly number[];
  /** Readings that the device told of its own accord since the last poll began, and their values. */
  heard: Map<number, number> | undefined;
}

const NEVER_POLLED: DeviceState = {
  isUp: false,
  hasBeenPolled: false,
  lastAnswerAtMs: undefined,
  lastError: undefined,
  pollDurationMs: 0,
  known: undefined,
  isFast: false,
  pausedUntilMs: undefined,
};

const NOTHING_CHANGED: readonly number[] = [];

export function createPolledDevice(options: PolledDeviceOptions): PolledDevice {
  return new OneDevice(options);
}

/** A class, for an agent has a thousand. */
class OneDevice implements PolledDevice {
  readonly #options: PolledDeviceOptions;
  readonly #memory: Memory = {
    state: NEVER_POLLED,
    misses: 0,
    explored: undefined,
    changed: NOTHING_CHANGED,
    heard: undefined,
  };

  constructor(options: PolledDeviceOptions) {
    this.#options = options;
  }

  get id(): string {
    return this.#options.id;
  }

  state(): DeviceState {
    return this.#memory.state;
  }

  silentReadings(): readonly SilentReading[] {
    const { explored } = this.#memory;
    return explored === undefined ? [] : silentReadings(explored);
  }

  hear(news: News): readonly string[] {
    return hear(this.#options, this.#memory, news);
  }

  isDue(): boolean {
    return this.#options.clock.nowMs() >= (this.#memory.state.pausedUntilMs ?? 0);
  }

  fastAfterMs(): number | undefined {
    const { isFastAllowed = true, pollDeadlineMs } = this.#options;
    const { isFast, pollDurationMs } = this.#memory.state;
    if (!isFast || !isFastAllowed) return undefined;
    const afterMs = Math.min(LONGEST_FAST_MS, Math.max(SHORTEST_FAST_MS, pollDurationMs * REST_PER_POLL));
    return afterMs < pollDeadlineMs ? afterMs : undefined;
  }

  async poll(lane: 'fast' | 'ordinary' = 'ordinary'): Promise<boolean> {
    const memory = this.#memory;
    if (lane === 'fast' && !memory.state.isUp) return false;
    const startMs = this.#options.clock.nowMs();
    const wasUp = memory.state.isUp;
    memory.changed = NOTHING_CHANGED;
    memory.heard = undefined;
    await pollOnce(this.#options, memory, lane);
    const { state, changed } = memory;
    this.#options.onPolled?.({ state, wasUp, changed, atMs: startMs });
    return state.isUp;
  }
}

function hear({ clock, onPolled }: PolledDeviceOptions, memory: Memory, news: News): readonly string[] {
  const { explored, state } = memory;
  if (explored === undefined || state.known !== explored.known) return [];
  const { known, plan } = explored;
  const before = known.values;
  const heard = afterNews({ ...plan, values: before }, news);
  if (heard === undefined) return [];
  known.values = heard.values;
  known.atMs = clock.nowMs();
  memory.heard ??= new Map();
  for (const place of heard.places) memory.heard.set(place, heard.values[place] ?? Number.NaN);
  memory.state = { ...state, isFast: isGrave(memory) };
  const changed = changesBetween(plan, before, heard.values);
  onPolled?.({ state: memory.state, wasUp: state.isUp, changed, atMs: known.atMs });
  return heard.metrics;
}

async function pollOnce(
  options: PolledDeviceOptions,
  memory: Memory,
  lane: 'fast' | 'ordinary',
): Promise<void> {
  const { session, clock, pollDeadlineMs } = options;
  const startMs = clock.nowMs();
  const answersBefore = session.answers();
  const { known, error, isMute } = await readDevice(options, memory, lane);
  const endMs = clock.nowMs();
  const isUp = isMute === undefined && session.answers() > answersBefore;
  const last = memory.state;
  // A lost packet of the fast lane is no news: the next ordinary poll tells.
  if (!isUp && lane === 'fast') return;
  memory.misses = isUp ? 0 : memory.misses + 1;
  const pause = pauseMs(memory.misses, pollDeadlineMs);
  memory.state = {
    isUp,
    hasBeenPolled: true,
    lastAnswerAtMs: isUp ? endMs : last.lastAnswerAtMs,
    lastError: error,
    // How long the fast lane takes is told by the exchanges.
    pollDurationMs: lane === 'fast' ? last.pollDurationMs : endMs - startMs,
    known: isUp ? known : knownInSilence(memory, known),
    isFast: isUp && isGrave(memory),
    pausedUntilMs: pause === undefined ? undefined : startMs + pause,
  };
}

/** What it told before stands through one lost poll. */
function knownInSilence({ misses, state }: Memory, known: Known | undefined): Known | undefined {
  return misses < MISSES_UNTIL_FORGOTTEN ? state.known : known;
}

function isGrave({ explored }: Memory): boolean {
  return explored !== undefined && isAlarmed(explored.plan, explored.known.values);
}

interface Read {
  readonly known?: Known | undefined;
  readonly error: string | undefined;
  /** It answers, but refuses or lacks everything that it is asked: that is no sign of life. */
  readonly isMute?: true;
}

/** One poll; the one place where its errors end. */
async function readDevice(
  options: PolledDeviceOptions,
  memory: Memory,
  lane: 'fast' | 'ordinary',
): Promise<Read> {
  try {
    if (lane === 'fast') return await readFast(options, memory);
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

async function readFast(options: PolledDeviceOptions, memory: Memory): Promise<Read> {
  const { explored, state } = memory;
  if (explored === undefined || explored.plan.leavesOf.fast.length === 0)
    return { known: state.known, error: state.lastError };
  const round = await askPlan(askingOf(options), explored, 'fast');
  if (round.answers === 0) return { error: round.fault?.message };
  tell(memory, explored, options.clock.nowMs());
  return { known: explored.known, error: round.fault?.message ?? explored.note };
}

async function readPlan(options: PolledDeviceOptions, memory: Memory): Promise<Read> {
  const known = memory.explored;
  const isKnown = known !== undefined && options.clock.nowMs() < known.againAtMs;
  let explored = isKnown ? known : await exploredNow(options, memory);
  let round = await askPlan(askingOf(options), explored, 'ordinary');
  if (hasRestarted(explored, options.session.boots())) {
    // Its rows may have other numbers now: what was just read may belong to others.
    memory.explored = undefined;
    explored = await explore(options, memory);
    round = await askPlan(askingOf(options), explored, 'ordinary');
  }
  const nowMs = options.clock.nowMs();
  watchForChange(explored, round, nowMs);
  if (round.fault === undefined && toldNothing(explored)) {
    memory.explored = undefined;
    return { isMute: true, error: 'it tells nothing of what it is asked' };
  }
  if (round.answers === 0) return { error: round.fault?.message };
  tell(memory, explored, nowMs);
  return { known: explored.known, error: round.fault?.message ?? explored.note };
}

/** What a poll brought; where the device told something while it went on, its answer may be older than that. */
function tell(memory: Memory, explored: Explored, nowMs: number): void {
  const before = takeValues(explored, nowMs);
  for (const [place, value] of memory.heard ?? []) explored.known.values[place] = value;
  memory.changed = changesBetween(explored.plan, before, explored.known.values);
}

function askingOf({ session, clock, pollDeadlineMs }: PolledDeviceOptions): Parameters<typeof askPlan>[0] {
  return { session, clock, deadlineMs: pollDeadlineMs };
}

/** What the device has, explored anew. */
async function exploredNow(options: PolledDeviceOptions, memory: Memory): Promise<Explored> {
  const { explored } = memory;
  if (explored === undefined) return explore(options, memory);
  // Put off first: when exploring fails, the device is polled as it was known.
  explored.againAtMs = options.clock.nowMs() + EXPLORE_AFTER_LOSS_MS;
  return explore(options, memory).catch(() => explored);
}

/** @throws {WatchkeeperError} when the device does not answer to the end. */
async function explore(options: PolledDeviceOptions, memory: Memory): Promise<Explored> {
  const { inLine } = options;
  return inLine === undefined ? exploreNow(options, memory) : inLine(() => exploreNow(options, memory));
}

async function exploreNow(options: PolledDeviceOptions, memory: Memory): Promise<Explored> {
  const { session, profiles, named, planOf, clock } = options;
  const deadlineAtMs = clock.nowMs() + EXPLORE_DEADLINE_MS;
  const isTimeUp = (): boolean => clock.nowMs() >= deadlineAtMs;
  const discovery = await discover(session, { profiles, named, isTimeUp });
  memory.explored = newExplored(discovery, planOf(discovery), session, clock.nowMs());
  memory.heard = undefined;
  return memory.explored;
}
