import type {
  Absence,
  Override,
  Pattern,
  PlannedShift,
  Rota,
  ShiftKind,
} from '../../../config/model/roster.ts';
import type { WatchPost } from '../../../config/model/watch.ts';
import type { Calendar } from './calendar.ts';
import { dayNumber, dayOf, dayOfInstant, instantOf, weekdayOf, weekOf } from './days.ts';

/** All that decides who is planned when. */
export interface RosterPlan {
  readonly timeZone: string;
  readonly calendar: Calendar;
  readonly patterns: readonly Pattern[];
  readonly overrides: readonly Override[];
  readonly absences: readonly Absence[];
}

export interface Range {
  readonly fromMs: number;
  /** The first instant after it. */
  readonly toMs: number;
}

/** The name of a shift: it stays when its pattern is changed. */
export const shiftId = (day: string, kind: string): string => `${day}.${kind}`;

/** The day that a shift's name tells. */
export const dayOfShift = (id: string): string => id.slice(0, 10);

/** The shifts that touch a range, in order of their start. */
export function shiftsOf(plan: RosterPlan, { fromMs, toMs }: Range): readonly PlannedShift[] {
  if (toMs <= fromMs) return [];
  const known = indexed(plan);
  // One that began on the day before may reach in; a zone may set its clocks over midnight.
  const first = dayNumber(dayOfInstant(fromMs, plan.timeZone)) - 2;
  const last = dayNumber(dayOfInstant(toMs - 1, plan.timeZone)) + 1;
  const shifts: PlannedShift[] = [];
  for (let day = first; day <= last; day += 1) {
    const pattern = patternOf(plan.patterns, dayOf(day));
    if (pattern === undefined) continue;
    for (const [index, kind] of pattern.shifts.entries()) {
      if (!takesPlace(kind, day, plan.calendar)) continue;
      const shift = shiftAtDay(plan, known, { pattern, kind, index, day });
      const { startsAtMs, endsAtMs } = shift;
      // Clocks that are set on may leave nothing of a short one.
      if (startsAtMs < endsAtMs && startsAtMs < toMs && fromMs < endsAtMs) shifts.push(shift);
    }
  }
  return shifts.sort((a, b) => a.startsAtMs - b.startsAtMs || (a.id < b.id ? -1 : 1));
}

/** The shift of an instant: of several, the one that began last. */
export function shiftOf(shifts: readonly PlannedShift[], atMs: number): PlannedShift | undefined {
  return shifts.findLast(({ startsAtMs, endsAtMs }) => startsAtMs <= atMs && atMs < endsAtMs);
}

/** The pattern that counts for a day: a temporary one before a standing one, of two the one that began later. */
export function patternOf(patterns: readonly Pattern[], day: string): Pattern | undefined {
  let found: Pattern | undefined;
  for (const pattern of patterns) {
    if (pattern.fromDay > day || (pattern.toDay !== undefined && day > pattern.toDay)) continue;
    if (found === undefined || counts(pattern, found)) found = pattern;
  }
  return found;
}

function counts(pattern: Pattern, before: Pattern): boolean {
  if (pattern.isTemporary !== before.isTemporary) return pattern.isTemporary;
  if (pattern.fromDay !== before.fromDay) return pattern.fromDay > before.fromDay;
  return pattern.id > before.id;
}

function takesPlace({ days }: ShiftKind, day: number, calendar: Calendar): boolean {
  if (days === 'every') return true;
  if (typeof days !== 'string') return days.includes(weekdayOf(day));
  return (days === 'restdays') === calendar.isRestday(day);
}

interface Known {
  readonly overrides: ReadonlyMap<string, Override>;
  readonly absences: ReadonlyMap<string, readonly Absence[]>;
  readonly turns: Map<string, Turns>;
}

/** How often a kind of shift took place from the day on which its rota counts until before a day. */
interface Turns {
  day: number;
  n: number;
}

const postKey = (shift: string, post: WatchPost): string => `${shift} ${post}`;

function indexed({ overrides, absences }: RosterPlan): Known {
  const approved = absences.filter(({ state }) => state === 'approved');
  return {
    overrides: new Map(overrides.map((each) => [postKey(each.shift, each.post), each])),
    absences: Map.groupBy(approved, ({ name }) => name),
    turns: new Map(),
  };
}

interface Occurrence {
  readonly pattern: Pattern;
  readonly kind: ShiftKind;
  readonly index: number;
  readonly day: number;
}

function shiftAtDay(plan: RosterPlan, known: Known, at: Occurrence): PlannedShift {
  const { pattern, kind, day } = at;
  const { timeZone } = plan;
  const begins = dayOf(day);
  const ends = kind.endsAt > kind.startsAt ? begins : dayOf(day + 1);
  // One that ends at midnight has nothing of the next day.
  const lastDay = kind.endsAt === '00:00' ? begins : ends;
  const id = shiftId(begins, kind.id);
  const changed: WatchPost[] = [];
  const away = new Set<string>();
  const isAway = (name: string): boolean => {
    const isGone = (known.absences.get(name) ?? []).some(
      ({ fromDay, toDay }) => fromDay <= lastDay && begins <= toDay,
    );
    if (isGone) away.add(name);
    return isGone;
  };
  const keepers = (post: WatchPost): readonly string[] => {
    const override = known.overrides.get(postKey(id, post));
    if (override !== undefined) changed.push(post);
    const names = override?.names ?? rotaNames(plan.calendar, known, at, post);
    return names.filter((name) => !isAway(name));
  };
  const posts: PlannedShift['posts'] = {
    operator: keepers('operator'),
    shiftLead: keepers('shiftLead'),
    standby: keepers('standby'),
    deputy: keepers('deputy'),
  };
  return {
    id,
    name: kind.name,
    day: begins,
    kind: kind.id,
    pattern: pattern.id,
    startsAtMs: instantOf(begins, kind.startsAt, timeZone),
    endsAtMs: instantOf(ends, kind.endsAt, timeZone),
    ...withDeputy(posts, away.size > 0),
    isOnCall: kind.isOnCall,
    changed,
    away: [...away],
  };
}

/** Where leave has emptied the operator's post, the first deputy steps in. */
function withDeputy(
  posts: Readonly<Record<WatchPost, readonly string[]>>,
  isSomebodyAway: boolean,
): Pick<PlannedShift, 'posts' | 'steppedIn'> {
  const [deputy, ...others] = posts.deputy;
  if (posts.operator.length > 0 || deputy === undefined || !isSomebodyAway) return { posts, steppedIn: [] };
  return { posts: { ...posts, operator: [deputy], deputy: others }, steppedIn: [deputy] };
}

function rotaNames(
  calendar: Calendar,
  known: Known,
  { pattern, kind, index, day }: Occurrence,
  post: WatchPost,
): readonly string[] {
  const names = pattern.rotas.flatMap((rota): readonly string[] => {
    const offset = rota.offsets[index];
    if (rota.post !== post || offset === undefined || offset === null || rota.groups.length === 0) return [];
    const n = unitsUntil({ calendar, known }, { pattern, rota, kind, day });
    return groupAt(rota, Math.floor(n / rota.every) + offset);
  });
  return [...new Set(names)];
}

function groupAt({ groups }: Rota, turn: number): readonly string[] {
  return groups[((turn % groups.length) + groups.length) % groups.length] ?? [];
}

function unitsUntil(
  { calendar, known }: { readonly calendar: Calendar; readonly known: Known },
  {
    pattern,
    rota,
    kind,
    day,
  }: { readonly pattern: Pattern; readonly rota: Rota; readonly kind: ShiftKind; readonly day: number },
): number {
  const start = dayNumber(pattern.countsFrom);
  if (rota.unit === 'day') return day - start;
  if (rota.unit === 'week') return weekOf(day) - weekOf(start);
  const key = `${pattern.id} ${kind.id}`;
  const turns = known.turns.get(key) ?? { day: start, n: 0 };
  known.turns.set(key, turns);
  for (; turns.day < day; turns.day += 1) if (takesPlace(kind, turns.day, calendar)) turns.n += 1;
  return turns.n;
}
