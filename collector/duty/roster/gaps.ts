import type { PlannedShift, RosterFault } from '../../../config/model/roster.ts';
import type { Range } from './plan.ts';

export type Gap = Extract<RosterFault, { readonly kind: 'gap' }>;

/** The moments of a range that nobody is planned for (R1): those without a shift, and shifts without an operator that counts. */
export function gapsIn(
  shifts: readonly PlannedShift[],
  { fromMs, toMs }: Range,
  counts: (name: string, shift: PlannedShift) => boolean = () => true,
): readonly Gap[] {
  const kept = shifts.filter((shift) => shift.posts.operator.some((name) => counts(name, shift)));
  const edges = shifts.flatMap(({ startsAtMs, endsAtMs }) => [startsAtMs, endsAtMs]);
  const inside = edges.filter((atMs) => fromMs < atMs && atMs < toMs);
  const moments = [...new Set([fromMs, ...inside, toMs])].sort((a, b) => a - b);
  const bare = moments.slice(1).flatMap((next, index): Gap[] => {
    const atMs = moments[index] ?? next;
    if (kept.some((shift) => covers(shift, atMs))) return [];
    const shift = shifts.findLast((each) => covers(each, atMs))?.id;
    return [{ kind: 'gap', fromMs: atMs, toMs: next, ...(shift === undefined ? {} : { shift }) }];
  });
  return bare.reduce<readonly Gap[]>(joined, []);
}

/** What follows at once in the same shift is one gap. */
function joined(gaps: readonly Gap[], gap: Gap): readonly Gap[] {
  const last = gaps.at(-1);
  if (last === undefined || last.toMs !== gap.fromMs || last.shift !== gap.shift) return [...gaps, gap];
  return [...gaps.slice(0, -1), { ...last, toMs: gap.toMs }];
}

const covers = ({ startsAtMs, endsAtMs }: PlannedShift, atMs: number): boolean =>
  startsAtMs <= atMs && atMs < endsAtMs;
