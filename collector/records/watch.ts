import type { Handover } from '../../config/model/handover.ts';
import { defined } from '../../config/model/defined.ts';
import type { LedgerCause, LedgerLine } from '../../config/model/ledger.ts';
import type { WatchPost } from '../../config/model/watch.ts';
import { fromJson, toJson } from './json.ts';
import { indexText, searchIds } from './search.ts';
import type { Db } from './tables.ts';

/** The scope of sheets in the search index. */
export const SHEET_SCOPE = 'sheet';

interface LedgerRow {
  readonly id: number;
  readonly post: string;
  readonly at_ms: number;
  readonly person: string | null;
  readonly cause: string;
  readonly handover: number | null;
}

// The columns hold what `addLedgerLine` wrote, so its types are taken at their word.
const lineOf = ({ id, post, at_ms: atMs, person, cause, handover }: LedgerRow): LedgerLine =>
  defined({
    id,
    post: post as WatchPost,
    atMs,
    person: person ?? undefined,
    cause: cause as LedgerCause,
    handover: handover ?? undefined,
  });

/** Appends a line; `recordedAtMs` differs from its instant only for what was kept on paper. */
export async function addLedgerLine(
  step: Db,
  line: Omit<LedgerLine, 'id'> & { readonly recordedAtMs: number },
): Promise<void> {
  const { post, atMs, recordedAtMs, person, cause, handover } = line;
  await step
    .insertInto('watch_ledger')
    .values({
      post,
      at_ms: atMs,
      recorded_at_ms: recordedAtMs,
      person: person ?? null,
      cause,
      handover: handover ?? null,
    })
    .execute();
}

/** The line that is in force for a post at an instant. */
export async function ledgerLineAt(db: Db, post: WatchPost, atMs: number): Promise<LedgerLine | undefined> {
  const row = await db
    .selectFrom('watch_ledger')
    .selectAll()
    .where('post', '=', post)
    .where('at_ms', '<=', atMs)
    .orderBy('at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && lineOf(row);
}

/** The lines of all posts from an instant on, oldest first: of more than `limit` the first. */
export async function ledgerSince(db: Db, fromMs: number, limit: number): Promise<readonly LedgerLine[]> {
  const rows = await linesFrom(db, fromMs).orderBy('at_ms').orderBy('id').limit(limit).execute();
  return rows.map(lineOf);
}

/** The same, of more than `limit` the last: what is in force now is among them, whatever somebody has made before. */
export async function ledgerLately(db: Db, fromMs: number, limit: number): Promise<readonly LedgerLine[]> {
  const newest = linesFrom(db, fromMs).orderBy('at_ms', 'desc').orderBy('id', 'desc').limit(limit);
  return (await newest.execute()).toReversed().map(lineOf);
}

function linesFrom(db: Db, fromMs: number) {
  return db.selectFrom('watch_ledger').selectAll().where('at_ms', '>=', fromMs);
}

/** The newest instant that anything about the watch was written at; a clock behind it cannot sign. */
export async function lastWatchMs(db: Db): Promise<number> {
  const { newest } = await db
    .selectFrom('watch_ledger')
    .select(({ fn }) => fn.max('recorded_at_ms').as('newest'))
    .executeTakeFirstOrThrow();
  const log = await db
    .selectFrom('watch_log')
    .select('at_ms')
    .orderBy('at_ms', 'desc')
    .limit(1)
    .executeTakeFirst();
  return Math.max(newest ?? 0, log?.at_ms ?? 0);
}

/** Keeps a new handover with its frozen sheet; answers its number. */
export async function addHandover(step: Db, handover: Omit<Handover, 'id'>, sheet: string): Promise<number> {
  const { post, state, startedAtMs } = handover;
  const { id } = await step
    .insertInto('handover')
    .values({
      post,
      state: state.kind,
      started_at_ms: startedAtMs,
      sheet,
      handover: toJson(handover),
      sealed_at_ms: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Keeps what became of a handover. One that is sealed is never written again, and is found by its words. */
export async function saveHandover(step: Db, { id, ...handover }: Handover): Promise<void> {
  const { state } = handover;
  await step
    .updateTable('handover')
    .set({
      state: state.kind,
      handover: toJson(handover),
      sealed_at_ms: state.kind === 'sealed' ? state.atMs : null,
    })
    .where('id', '=', id)
    .execute();
  if (state.kind !== 'sealed') return;
  const { sheet } = await step
    .selectFrom('handover')
    .select('sheet')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const text = [...textsOf(JSON.parse(sheet)), ...textsOf(handover)].join('\n');
  await indexText(step, SHEET_SCOPE, { id, text });
}

/** What can be searched: texts, not the names of fields. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

export interface KeptHandover {
  readonly handover: Handover;
  /** The frozen sheet as it was hashed. */
  readonly sheet: string;
}

export async function handoverById(db: Db, id: number): Promise<KeptHandover | undefined> {
  const row = await db
    .selectFrom('handover')
    .select(['id', 'handover', 'sheet'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && { handover: handoverOf(row), sheet: row.sheet };
}

const handoverOf = ({ id, handover }: { readonly id: number; readonly handover: string }): Handover => ({
  ...fromJson<Omit<Handover, 'id'>>(handover),
  id,
});

/** Those that are being walked. */
export async function openHandovers(db: Db): Promise<readonly Handover[]> {
  const rows = await db
    .selectFrom('handover')
    .select(['id', 'handover'])
    .where('state', '=', 'walking')
    .orderBy('id')
    .execute();
  return rows.map(handoverOf);
}

/** The sheet of a post that was sealed last. */
export async function lastSealed(db: Db, post: WatchPost): Promise<KeptHandover | undefined> {
  const row = await db
    .selectFrom('handover')
    .select(['id', 'handover', 'sheet'])
    .where('state', '=', 'sealed')
    .where('post', '=', post)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { handover: handoverOf(row), sheet: row.sheet };
}

/** The highest number that a store gives. */
export const LAST_ID = 2 ** 31 - 1;

export interface HandoverQuery {
  readonly text?: string;
  readonly beforeId?: number;
  readonly limit: number;
}

/** Handovers, newest first; with words only sealed ones that hold them all. */
export async function findHandovers(
  db: Db,
  { text = '', beforeId = LAST_ID, limit }: HandoverQuery,
): Promise<readonly Handover[]> {
  const all = db
    .selectFrom('handover')
    .select(['id', 'handover'])
    .where('id', '<', beforeId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (text.trim() === '') return (await all.execute()).map(handoverOf);
  const ids = await searchIds(db, { scope: SHEET_SCOPE, text, beforeId, limit });
  if (ids.length === 0) return [];
  return (await all.where('id', 'in', [...ids]).execute()).map(handoverOf);
}

/** The sealed handovers of a span of time, oldest first. */
export async function sealedBetween(db: Db, fromMs: number, toMs: number): Promise<readonly KeptHandover[]> {
  const rows = await db
    .selectFrom('handover')
    .select(['id', 'handover', 'sheet'])
    .where('sealed_at_ms', '>=', fromMs)
    .where('sealed_at_ms', '<', toMs)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ handover: handoverOf(row), sheet: row.sheet }));
}

/** What was added to a signed sheet later. */
export interface Addendum {
  readonly id: number;
  readonly atMs: number;
  readonly person: string;
  readonly text: string;
  readonly hash: string;
}

export async function addAddendum(
  step: Db,
  handover: number,
  { atMs, person, text, hash }: Omit<Addendum, 'id'>,
): Promise<void> {
  await step.insertInto('handover_addendum').values({ handover, at_ms: atMs, person, text, hash }).execute();
}

export async function addendaOf(db: Db, handover: number): Promise<readonly Addendum[]> {
  const rows = await db
    .selectFrom('handover_addendum')
    .selectAll()
    .where('handover', '=', handover)
    .orderBy('id')
    .execute();
  return rows.map(({ id, at_ms: atMs, person, text, hash }) => ({ id, atMs, person, text, hash }));
}
