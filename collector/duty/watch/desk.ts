import { isDutyOpen, type CheckIn, type Count, type DutyRecord } from '../../../config/model/attendance.ts';
import type { Handover } from '../../../config/model/handover.ts';
import { responsibleAt, type LedgerLine, type Responsible } from '../../../config/model/ledger.ts';
import type { Roster, Shift } from '../../../config/model/shift.ts';
import { WATCH_POSTS, type WatchPost } from '../../../config/model/watch.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { every } from '../../../config/runtime/every.ts';
import type { Log } from '../../../config/runtime/log.ts';
import { dutyRecordsSince, openDutyRecords, type Numbered } from '../../records/duty.ts';
import type { Db } from '../../records/tables.ts';
import { afterCommit } from '../../records/transaction.ts';
import { personsCalled } from '../../records/roster-people.ts';
import { lastWatchMs, ledgerLineAt, ledgerLately, openHandovers } from '../../records/watch.ts';
import { probePlan } from './probes.ts';
import type { ProbePlan } from './probe-plan.ts';

/** The watch as it stands, from memory: decisions do not wait. */
export interface WatchNow {
  /** Those of the last days, and of each post the one before. */
  readonly lines: readonly LedgerLine[];
  readonly handovers: readonly Handover[];
  /** What is open of people's attendance. */
  readonly records: readonly Numbered<DutyRecord>[];
  readonly checkIns: readonly CheckIn[];
  /** The planned shift of this instant, and those around it in order of their start. */
  readonly shift?: Shift;
  readonly shifts: readonly Shift[];
  /** The newest instant in the records of the watch. */
  readonly lastMs: number;
  /** What the people in all this are called, by the name of their account. */
  readonly names: Readonly<Record<string, string>>;
  /** What should be there of keys, radios and tools, as it was counted last. */
  readonly lastCount: Count['items'];
  readonly probePlan: ProbePlan;
}

/** Keeps the watch at hand, and tells when it has changed. */
export interface WatchDesk {
  now(): WatchNow;
  responsible(post: WatchPost, atMs: number): Responsible;
  /** Whom alerts to a post go to: who has signed for it. */
  onWatch(post: WatchPost, atMs: number): readonly string[];
  /** Who leads: the signed shift leader, else the planned one, else the heads of the site. */
  leaders(atMs: number): readonly string[];
  /** How far the clock is behind the newest record; 0 when it is not. Nothing can be signed meanwhile. */
  clockBehindMs(): number;
  /** Once the step is durable the memory follows: a line of the ledger at once, the rest after reading it. */
  follow(step: Db, line?: Omit<LedgerLine, 'id'>): void;
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

export interface DeskDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly roster: Roster;
  /** Names of the heads of the site. */
  readonly heads: () => readonly string[];
  readonly onChange: (now: WatchNow) => void;
}

/** Another collector on the same records, and the plan, are looked at so often. */
const READ_EACH_MS = 10_000;
const DAY_MS = 86_400_000;
const LINES_KEPT_MS = 7 * DAY_MS;
const MOST_LINES = 5_000;
/** A count of half a year ago is none. */
const COUNTS_SINCE_MS = 180 * DAY_MS;

export async function openDesk(deps: DeskDeps): Promise<WatchDesk> {
  const { clock, log, heads, onChange } = deps;
  let now = await read(deps);
  let reading: Promise<void> | undefined;
  let isAskedAgain = false;
  const readAll = async (): Promise<void> => {
    do {
      isAskedAgain = false;
      now = await read(deps);
    } while (isAskedAgain);
    onChange(now);
  };
  const refresh = (): Promise<void> => {
    isAskedAgain = true;
    reading ??= readAll().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const onError = (err: unknown): void => log.warn({ err }, 'the watch could not be read: it stays as known');
  const loop = every(clock, { intervalMs: READ_EACH_MS, onError }, refresh);
  const responsible = (post: WatchPost, atMs: number): Responsible => responsibleAt(now.lines, post, atMs);
  const onWatch = (post: WatchPost, atMs: number): readonly string[] => {
    const found = responsible(post, atMs);
    return found.kind === 'person' ? [found.person] : [];
  };
  return {
    now: () => now,
    responsible,
    onWatch,
    leaders(atMs) {
      const signed = onWatch('shiftLead', atMs);
      if (signed.length > 0) return signed;
      const planned = now.shift?.posts.shiftLead ?? [];
      return planned.length > 0 ? planned : heads();
    },
    clockBehindMs: () => Math.max(0, now.lastMs - clock.nowMs()),
    follow(step, line) {
      afterCommit(step, () => {
        if (line !== undefined) now = { ...now, lines: [...now.lines, { ...line, id: nextId(now.lines) }] };
        refresh().catch(onError);
      });
    },
    refresh,
    async stop() {
      await loop.stop();
      await reading?.catch(() => undefined);
    },
  };
}

const nextId = (lines: readonly LedgerLine[]): number => Math.max(0, ...lines.map(({ id }) => id)) + 1;

async function read({ db, clock, roster, heads }: DeskDeps): Promise<WatchNow> {
  const atMs = clock.nowMs();
  const fromMs = atMs - LINES_KEPT_MS;
  const before = await Promise.all(WATCH_POSTS.map((post) => ledgerLineAt(db, post, fromMs)));
  const [since, handovers, open, checkIns, shifts, lastMs, [count], plan] = await Promise.all([
    ledgerLately(db, fromMs, MOST_LINES),
    openHandovers(db),
    openDutyRecords(db),
    dutyRecordsSince(db, 'check_in', atMs - 2 * DAY_MS),
    roster.shiftsBetween(atMs - DAY_MS, atMs + 2 * DAY_MS),
    lastWatchMs(db),
    dutyRecordsSince(db, 'count', atMs - COUNTS_SINCE_MS, 1),
    probePlan(db),
  ]);
  const records = open.filter((record) => isDutyOpen(record));
  const shift = shifts.find(({ startsAtMs, endsAtMs }) => startsAtMs <= atMs && atMs < endsAtMs);
  const known = new Map(
    [...before.filter((line) => line !== undefined), ...since].map((line) => [line.id, line]),
  );
  const lines = [...known.values()];
  const people = [
    ...heads(),
    ...lines.flatMap(({ person }) => person ?? []),
    ...shifts.flatMap(({ posts }) => Object.values(posts).flat()),
    ...records.flatMap(peopleOf),
  ];
  return {
    lines,
    handovers,
    records,
    checkIns,
    shifts,
    lastMs,
    names: await personsCalled(db, people),
    lastCount: count?.items ?? [],
    probePlan: plan,
    ...(shift === undefined ? {} : { shift }),
  };
}

/** Whom a record names. */
function peopleOf(record: DutyRecord): readonly string[] {
  if (record.kind === 'leave') return [record.person, record.standIn];
  if (record.kind === 'open_item') return [record.owner];
  return 'person' in record ? [record.person] : [];
}

/** A roster that plans nothing. */
export const NO_ROSTER: Roster = {
  shiftAt: async () => undefined,
  shiftsBetween: async () => [],
};
