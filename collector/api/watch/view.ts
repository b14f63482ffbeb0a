import type { DutyRecord } from '../../../config/model/attendance.ts';
import type { Handover } from '../../../config/model/handover.ts';
import type { Shift } from '../../../config/model/shift.ts';
import type { BoardView, ShiftView, WatchHolder, WatchView } from '../../../config/model/watch-api.ts';
import { WATCH_POSTS } from '../../../config/model/watch.ts';
import type { WatchDesk } from '../../duty/watch/desk.ts';
import { arrivalsOf, dueAt, isKept, nextShift, type FactsMoment } from '../../duty/watch/facts.ts';

/** Who keeps the watch now, as every page shows it. */
export function watchViewOf(desk: WatchDesk, atMs: number): WatchView {
  const now = desk.now();
  const next = nextShift(now, atMs);
  const called = (person: string): string => now.names[person] ?? person;
  const posts = Object.fromEntries(
    WATCH_POSTS.map((post): [string, WatchHolder] => {
      const found = desk.responsible(post, atMs);
      if (found.kind === 'nobody') {
        return [post, found.sinceMs === undefined ? {} : { sinceMs: found.sinceMs }];
      }
      const { person, sinceMs } = found;
      return [post, { person, sinceMs, displayName: called(person) }];
    }),
  ) as WatchView['posts'];
  return {
    posts,
    isKept: isKept(now),
    ...(next === undefined
      ? {}
      : { next: { name: next.name, startsAtMs: next.startsAtMs, people: next.posts.operator.map(called) } }),
    handovers: now.handovers.map((handover) => {
      const { id, post, startedAtMs } = handover;
      return { id, post, startedAtMs, acts: actsIn(handover) };
    }),
    lastMs: now.lastMs,
    clockBehindMs: desk.clockBehindMs(),
    probes: now.records.flatMap((record) =>
      record.kind === 'probe' ? [{ id: record.id, person: record.person, dueAtMs: record.dueAtMs }] : [],
    ),
  };
}

function actsIn({ opened, questions, carryOvers, signatures }: Handover): number {
  const answers = questions.filter(({ answer }) => answer !== undefined);
  const lists = [Object.keys(opened), questions, answers, carryOvers, signatures];
  return lists.reduce((count, list) => count + list.length, 0);
}

/** A board does not list a whole call tree. */
const CALLS_SHOWN = 5;

/** The duty board at an instant, all of it from memory. */
export function boardOf({
  desk,
  moment: { atMs, clockBehindMs, callsDue },
  isGrave,
}: {
  readonly desk: WatchDesk;
  readonly moment: FactsMoment;
  readonly isGrave: boolean;
}): BoardView {
  const now = desk.now();
  const next = nextShift(now, atMs);
  const withArrivals = (shift: Shift): ShiftView => {
    const arrivals = Object.entries(arrivalsOf(now, shift, atMs)).map(
      ([person, { kind }]) => [person, kind] as const,
    );
    return { ...shift, arrivals: Object.fromEntries(arrivals) };
  };
  return {
    ...watchViewOf(desk, atMs),
    names: now.names,
    leaders: desk.leaders(atMs),
    ...(now.shift === undefined ? {} : { shift: withArrivals(now.shift) }),
    ...(next === undefined ? {} : { nextShift: withArrivals(next) }),
    records: now.records.map(withoutToken),
    checkIns: now.checkIns,
    due: dueAt(now, { atMs, clockBehindMs }),
    calls: { first: callsDue.slice(0, CALLS_SHOWN), count: callsDue.length },
    isGrave,
    lastCount: now.lastCount.map(({ name, expected }) => ({ name, expected })),
    probePlan: now.probePlan,
  };
}

/** Without what opens a mail's link. */
function withoutToken<T extends DutyRecord>(record: T): T {
  return record.kind === 'probe' ? { ...record, tokenHash: '' } : record;
}
