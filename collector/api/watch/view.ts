import type { Handover } from '../../../config/model/handover.ts';
import type { WatchHolder, WatchView } from '../../../config/model/watch-api.ts';
import { WATCH_POSTS } from '../../../config/model/watch.ts';
import type { WatchDesk } from '../../duty/watch/desk.ts';
import { isKept, nextShift } from '../../duty/watch/facts.ts';

/** Who keeps the watch now, as every page shows it. */
export function watchViewOf(
  desk: WatchDesk,
  atMs: number,
  displayNames: ReadonlyMap<string, string> = new Map(),
): WatchView {
  const now = desk.now();
  const next = nextShift(now, atMs);
  const posts = Object.fromEntries(
    WATCH_POSTS.map((post): [string, WatchHolder] => {
      const found = desk.responsible(post, atMs);
      if (found.kind === 'nobody') {
        return [post, found.sinceMs === undefined ? {} : { sinceMs: found.sinceMs }];
      }
      const { person, sinceMs } = found;
      const displayName = displayNames.get(person);
      return [post, { person, sinceMs, ...(displayName === undefined ? {} : { displayName }) }];
    }),
  ) as WatchView['posts'];
  return {
    posts,
    isKept: isKept(now),
    ...(next === undefined
      ? {}
      : { next: { name: next.name, startsAtMs: next.startsAtMs, people: next.posts.operator } }),
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
