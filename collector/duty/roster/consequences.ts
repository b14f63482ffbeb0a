import type { Effect, EffectCode } from '../../../config/model/command.ts';
import type { PlannedShift, RosterFault } from '../../../config/model/roster.ts';
import { WATCH_POSTS } from '../../../config/model/watch.ts';
import type { Gap } from './gaps.ts';

/** A preview names so many faults of each kind one by one. */
const TOLD_ONE_BY_ONE = 4;
const TOLD_SHIFTS = 4;

export interface Assessed {
  readonly shifts: readonly PlannedShift[];
  readonly faults: readonly RosterFault[];
}

const MADE = {
  gap: 'roster_gap_made',
  rest: 'roster_rest_made',
  twice: 'roster_twice_made',
  standby: 'roster_standby_made',
  unqualified: 'roster_unqualified_made',
  unknown: 'roster_unknown_made',
  expiring: 'roster_expiring_made',
} as const satisfies Record<RosterFault['kind'], EffectCode>;
const MENDED = {
  gap: 'roster_gap_mended',
  rest: 'roster_rest_mended',
  twice: 'roster_twice_mended',
  standby: 'roster_standby_mended',
  unqualified: 'roster_unqualified_mended',
  unknown: 'roster_unknown_mended',
  expiring: 'roster_expiring_mended',
} as const satisfies Record<RosterFault['kind'], EffectCode>;

/** Who gains and loses shifts by a change of the plan, and which gaps and faults it makes or mends. */
export function consequences(
  before: Assessed,
  after: Assessed,
  called: (name: string) => string,
): readonly Effect[] {
  const shifts = new Map([...before.shifts, ...after.shifts].map((shift) => [shift.id, shift]));
  const word = (id: string): string => {
    const shift = shifts.get(id);
    return shift === undefined ? id : `${shift.day} ${shift.name}`;
  };
  return [
    ...moves(before, after, { called, word }),
    ...faultEffects(without(after.faults, before.faults), MADE, { called, word }),
    ...faultEffects(without(before.faults, after.faults), MENDED, { called, word }),
  ];
}

interface Wording {
  readonly called: (name: string) => string;
  readonly word: (shift: string) => string;
}

function moves(before: Assessed, after: Assessed, { called, word }: Wording): readonly Effect[] {
  const [was, is] = [servedBy(before.shifts), servedBy(after.shifts)];
  const names = [...new Set([...was.keys(), ...is.keys()])].sort();
  return names.flatMap((name): Effect[] => {
    const gained = [...(is.get(name) ?? [])].filter((id) => was.get(name)?.has(id) !== true);
    const lost = [...(was.get(name) ?? [])].filter((id) => is.get(name)?.has(id) !== true);
    const tell = (code: 'roster_gains' | 'roster_loses', ids: readonly string[]): Effect[] =>
      ids.length === 0
        ? []
        : [{ code, params: { name: called(name), n: ids.length, shifts: listed(ids.map(word)) } }];
    return [...tell('roster_gains', gained), ...tell('roster_loses', lost)];
  });
}

const listed = (words: readonly string[]): string =>
  words.length > TOLD_SHIFTS ? `${words.slice(0, TOLD_SHIFTS).join(', ')} …` : words.join(', ');

function servedBy(shifts: readonly PlannedShift[]): ReadonlyMap<string, ReadonlySet<string>> {
  const served = new Map<string, Set<string>>();
  for (const { id, posts } of shifts) {
    for (const name of WATCH_POSTS.flatMap((post) => posts[post])) {
      served.set(name, (served.get(name) ?? new Set()).add(id));
    }
  }
  return served;
}

/** Of gaps, the hours that the others do not have; of the rest, those that the others do not name. */
function without(faults: readonly RosterFault[], others: readonly RosterFault[]): readonly RosterFault[] {
  const known = new Set(others.map((fault) => JSON.stringify(fault)));
  const gaps = others.filter((fault) => fault.kind === 'gap');
  return faults.flatMap((fault): readonly RosterFault[] => {
    if (fault.kind === 'gap')
      return gaps.reduce((left, gap) => left.flatMap((each) => cut(each, gap)), [fault]);
    return known.has(JSON.stringify(fault)) ? [] : [fault];
  });
}

function cut(gap: Gap, by: Gap): Gap[] {
  if (by.toMs <= gap.fromMs || gap.toMs <= by.fromMs) return [gap];
  const before = { ...gap, toMs: Math.min(gap.toMs, by.fromMs) };
  const after = { ...gap, fromMs: Math.max(gap.fromMs, by.toMs) };
  return [before, after].filter(({ fromMs, toMs }) => fromMs < toMs);
}

function faultEffects(
  faults: readonly RosterFault[],
  codes: Readonly<Record<RosterFault['kind'], EffectCode>>,
  wording: Wording,
): readonly Effect[] {
  return [...Map.groupBy(faults, ({ kind }) => kind)].flatMap(([kind, list]): Effect[] => {
    const told = list
      .slice(0, TOLD_ONE_BY_ONE)
      .map((fault): Effect => ({ code: codes[kind], params: paramsOf(fault, wording) }));
    const more = list.length - told.length;
    return more > 0 ? [...told, { code: 'roster_more', params: { n: more } }] : told;
  });
}

function paramsOf(fault: RosterFault, { called, word }: Wording): Readonly<Record<string, string | number>> {
  switch (fault.kind) {
    case 'gap':
      return { fromMs: fault.fromMs, toMs: fault.toMs };
    case 'rest':
      return {
        name: called(fault.name),
        shift: word(fault.shift),
        hours: Math.round(fault.restMs / 360_000) / 10,
      };
    case 'standby':
      return { shift: word(fault.shift) };
    case 'expiring':
      return { name: called(fault.name), endsAfter: fault.endsAfter };
    case 'twice':
    case 'unqualified':
    case 'unknown':
      return { name: called(fault.name), shift: word(fault.shift) };
    default:
      return fault satisfies never;
  }
}
