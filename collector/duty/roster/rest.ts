import type { PlannedShift, RosterFault } from '../../../config/model/roster.ts';
import type { WatchPost } from '../../../config/model/watch.ts';

/** Posts whose load is counted. */
export const WORKING_POSTS = ['operator', 'shiftLead'] as const satisfies readonly WatchPost[];

/** The names at the working posts of a shift, each once. */
export function workersOf({ posts }: Pick<PlannedShift, 'posts'>): readonly string[] {
  return [...new Set(WORKING_POSTS.flatMap((post) => posts[post]))];
}

export type RestFault = Extract<RosterFault, { readonly kind: 'rest' | 'twice' }>;

/**
 * Which operators have too little rest between two shifts, and who is planned twice at once. A leader, a stand-in and a
 * deputy need not be awake, and being on call at home is no work; shifts come in order of their start.
 */
export function restFaults(shifts: readonly PlannedShift[], minRestMs: number): readonly RestFault[] {
  const last = new Map<string, PlannedShift>();
  return shifts.flatMap((shift): RestFault[] => {
    const faults: RestFault[] = twiceWithin(shift).map((name) => ({ kind: 'twice', name, shift: shift.id }));
    for (const name of shift.isOnCall ? [] : shift.posts.operator) {
      const before = last.get(name);
      if (before === undefined || before.endsAtMs < shift.endsAtMs) last.set(name, shift);
      if (before === undefined) continue;
      const restMs = shift.startsAtMs - before.endsAtMs;
      if (restMs < 0) faults.push({ kind: 'twice', name, shift: shift.id });
      else if (restMs < minRestMs) {
        faults.push({ kind: 'rest', name, shift: shift.id, before: before.id, restMs });
      }
    }
    return faults;
  });
}

/** Who stands at two posts of one shift; one at home may be both deputy and stand-in. */
function twiceWithin({ posts }: PlannedShift): readonly string[] {
  const atHome = new Set([...posts.standby, ...posts.deputy]);
  const places = [...posts.operator, ...posts.shiftLead, ...atHome];
  return [...new Set(places.filter((name, index) => places.indexOf(name) !== index))];
}
