import type { Absence, Override, Pattern, Swap } from '../../config/model/roster.ts';
import type { WatchPost } from '../../config/model/watch.ts';
import { fromJson, toJson } from './json.ts';
import { inBatches } from './page.ts';
import type { Db } from './tables.ts';

/** The stored half of a plan, as far as it concerns some days. */
export interface StoredPlan {
  readonly patterns: readonly Pattern[];
  readonly overrides: readonly Override[];
  readonly absences: readonly Absence[];
}

/** All that concerns shifts that begin on these days, the first and the last among them. */
export async function planBetween(db: Db, fromDay: string, toDay: string): Promise<StoredPlan> {
  const patterns = await db
    .selectFrom('roster_pattern')
    .select('pattern')
    .where('from_day', '<=', toDay)
    .where((row) => row.or([row('to_day', 'is', null), row('to_day', '>=', fromDay)]))
    .execute();
  const overrides = await db
    .selectFrom('roster_override')
    .selectAll()
    .where('day', '>=', fromDay)
    .where('day', '<=', toDay)
    .execute();
  return {
    patterns: patterns.map(({ pattern }) => fromJson<Pattern>(pattern)),
    overrides: overrides.map(overrideOf),
    absences: await absencesBetween(db, fromDay, toDay),
  };
}

function overrideOf(row: { shift: string; post: string; names: string; swap: string | null }): Override {
  const { shift, names, swap } = row;
  // Written by `saveOverride` alone.
  const post = row.post as WatchPost;
  return { shift, post, names: fromJson<readonly string[]>(names), ...(swap === null ? {} : { swap }) };
}

export async function absencesBetween(db: Db, fromDay: string, toDay: string): Promise<readonly Absence[]> {
  const rows = await db
    .selectFrom('roster_absence')
    .select('absence')
    .where('to_day', '>=', fromDay)
    .where('from_day', '<=', toDay)
    .orderBy('from_day')
    .orderBy('id')
    .execute();
  return rows.map(({ absence }) => fromJson<Absence>(absence));
}

/** Whether anybody has planned anything yet. */
export async function hasPatterns(db: Db): Promise<boolean> {
  return (await db.selectFrom('roster_pattern').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** Those that count on a day or later, in the order of their first days. */
export async function patternsFrom(db: Db, day: string): Promise<readonly Pattern[]> {
  const rows = await db
    .selectFrom('roster_pattern')
    .select('pattern')
    .where((row) => row.or([row('to_day', 'is', null), row('to_day', '>=', day)]))
    .orderBy('from_day')
    .orderBy('id')
    .execute();
  return rows.map(({ pattern }) => fromJson<Pattern>(pattern));
}

export async function patternById(db: Db, id: string): Promise<Pattern | undefined> {
  const row = await db.selectFrom('roster_pattern').select('pattern').where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : fromJson<Pattern>(row.pattern);
}

export async function savePattern(step: Db, pattern: Pattern): Promise<void> {
  const row = {
    id: pattern.id,
    from_day: pattern.fromDay,
    to_day: pattern.toDay ?? null,
    pattern: toJson(pattern),
  };
  await step
    .insertInto('roster_pattern')
    .values(row)
    .onConflict((known) => known.column('id').doUpdateSet(row))
    .execute();
}

/** Only for one that has not begun: what was planned for days that are over stays. */
export async function removePattern(step: Db, id: string): Promise<void> {
  await step.deleteFrom('roster_pattern').where('id', '=', id).execute();
}

/** What stands in place of the pattern for these posts of shifts. */
export async function overridesOf(db: Db, shifts: readonly string[]): Promise<readonly Override[]> {
  const found: Override[] = [];
  for (const batch of inBatches([...new Set(shifts)])) {
    const rows = await db.selectFrom('roster_override').selectAll().where('shift', 'in', batch).execute();
    found.push(...rows.map(overrideOf));
  }
  return found;
}

export async function saveOverride(step: Db, { shift, post, names, swap }: Override): Promise<void> {
  const row = { shift, post, day: shift.slice(0, 10), names: toJson(names), swap: swap ?? null };
  await step
    .insertInto('roster_override')
    .values(row)
    .onConflict((known) => known.columns(['shift', 'post']).doUpdateSet(row))
    .execute();
}

/** From now on the pattern says who keeps that post. */
export async function removeOverride(
  step: Db,
  { shift, post }: Pick<Override, 'shift' | 'post'>,
): Promise<void> {
  await step.deleteFrom('roster_override').where('shift', '=', shift).where('post', '=', post).execute();
}

export async function absenceById(db: Db, id: string): Promise<Absence | undefined> {
  const row = await db.selectFrom('roster_absence').select('absence').where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : fromJson<Absence>(row.absence);
}

export async function saveAbsence(step: Db, absence: Absence): Promise<void> {
  const { id, fromDay, toDay } = absence;
  const row = { id, from_day: fromDay, to_day: toDay, absence: toJson(absence) };
  await step
    .insertInto('roster_absence')
    .values(row)
    .onConflict((known) => known.column('id').doUpdateSet(row))
    .execute();
}

export async function swapById(db: Db, id: string): Promise<Swap | undefined> {
  const row = await db.selectFrom('roster_swap').select('swap').where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : fromJson<Swap>(row.swap);
}

/** Those that somebody has yet to answer, and those offered since an instant; newest first. */
export async function swapsSince(db: Db, sinceMs: number): Promise<readonly Swap[]> {
  const rows = await db
    .selectFrom('roster_swap')
    .select('swap')
    .where((row) => row.or([row('is_open', '=', 1), row('offered_at_ms', '>=', sinceMs)]))
    .orderBy('offered_at_ms', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(({ swap }) => fromJson<Swap>(swap));
}

export async function saveSwap(step: Db, swap: Swap): Promise<void> {
  const isOpen = swap.state.kind === 'offered' || swap.state.kind === 'accepted';
  const row = {
    id: swap.id,
    is_open: isOpen ? 1 : 0,
    offered_at_ms: swap.offeredAtMs,
    swap: toJson(swap),
  };
  await step
    .insertInto('roster_swap')
    .values(row)
    .onConflict((known) => known.column('id').doUpdateSet(row))
    .execute();
}
