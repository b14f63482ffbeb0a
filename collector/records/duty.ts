import { isDutyOpen, type DutyRecord } from '../../config/model/attendance.ts';
import type { AttachmentView, WatchLogEntry } from '../../config/model/watch-log.ts';
import { fromJson, toJson } from './json.ts';
import { indexText, searchIds } from './search.ts';
import type { Db } from './tables.ts';
import { LAST_ID } from './watch.ts';

/** The scope of the watch log in the search index. */
export const LOG_SCOPE = 'watch';

/** A record with its number. */
export type Numbered<T> = T & { readonly id: number };

interface RecordRow {
  readonly id: number;
  readonly record: string;
}

const recordOf = ({ id, record }: RecordRow): Numbered<DutyRecord> => ({
  ...fromJson<DutyRecord>(record),
  id,
});

export async function addDutyRecord(step: Db, record: DutyRecord, atMs: number): Promise<number> {
  const { id } = await step
    .insertInto('duty_record')
    .values({ kind: record.kind, at_ms: atMs, is_open: isDutyOpen(record) ? 1 : 0, record: toJson(record) })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function saveDutyRecord(step: Db, { id, ...record }: Numbered<DutyRecord>): Promise<void> {
  await step
    .updateTable('duty_record')
    .set({ is_open: isDutyOpen(record as DutyRecord) ? 1 : 0, record: toJson(record) })
    .where('id', '=', id)
    .execute();
}

export async function dutyRecordById(db: Db, id: number): Promise<Numbered<DutyRecord> | undefined> {
  const row = await db
    .selectFrom('duty_record')
    .select(['id', 'record'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && recordOf(row);
}

/** All about which something is still to be done. */
export async function openDutyRecords(db: Db): Promise<readonly Numbered<DutyRecord>[]> {
  const rows = await db
    .selectFrom('duty_record')
    .select(['id', 'record'])
    .where('is_open', '=', 1)
    .orderBy('id')
    .execute();
  return rows.map(recordOf);
}

/** Those of one kind from an instant on, newest first. */
export async function dutyRecordsSince<K extends DutyRecord['kind']>(
  db: Db,
  kind: K,
  fromMs: number,
  limit = 200,
): Promise<readonly Numbered<Extract<DutyRecord, { kind: K }>>[]> {
  const rows = await db
    .selectFrom('duty_record')
    .select(['id', 'record'])
    .where('kind', '=', kind)
    .where('at_ms', '>=', fromMs)
    .orderBy('at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => recordOf(row) as Numbered<Extract<DutyRecord, { kind: K }>>);
}

/** Writes a line of the watch log, and makes it searchable; answers its number. */
export async function addLogEntry(step: Db, entry: Omit<WatchLogEntry, 'id'>): Promise<number> {
  const { atMs, author, code, text, params, tags, attachments } = entry;
  const { id } = await step
    .insertInto('watch_log')
    .values({ at_ms: atMs, author: author ?? null, code, entry: toJson(entry) })
    .returning('id')
    .executeTakeFirstOrThrow();
  const words = [author ?? '', text, ...Object.values(params).map(String), ...tags];
  const searched = [...words, ...attachments.map(({ name }) => name)].join('\n');
  await indexText(step, LOG_SCOPE, { id, text: searched });
  return id;
}

export interface LogQuery {
  readonly text?: string;
  readonly beforeId?: number;
  readonly afterId?: number;
  readonly limit: number;
}

/** Lines of the watch log, newest first. */
export async function findLog(
  db: Db,
  { text = '', beforeId = LAST_ID, afterId = 0, limit }: LogQuery,
): Promise<readonly WatchLogEntry[]> {
  const all = db
    .selectFrom('watch_log')
    .select(['id', 'entry'])
    .where('id', '<', beforeId)
    .where('id', '>', afterId)
    .orderBy('id', 'desc')
    .limit(limit);
  if (text.trim() === '') return (await all.execute()).map(entryOf);
  const ids = await searchIds(db, { scope: LOG_SCOPE, text, beforeId, limit });
  if (ids.length === 0) return [];
  return (await all.where('id', 'in', [...ids]).execute()).map(entryOf);
}

const entryOf = ({ id, entry }: { readonly id: number; readonly entry: string }): WatchLogEntry => ({
  ...fromJson<Omit<WatchLogEntry, 'id'>>(entry),
  id,
});

/** The last numbers of the alert history and of the watch log: where a sheet that is frozen now ends. */
export async function marksNow(db: Db): Promise<{ readonly history: number; readonly log: number }> {
  const last = async (table: 'alert_history' | 'watch_log'): Promise<number> => {
    const row = await db.selectFrom(table).select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
    return row?.id ?? 0;
  };
  return { history: await last('alert_history'), log: await last('watch_log') };
}

export interface NewAttachment {
  readonly atMs: number;
  readonly person: string;
  readonly name: string;
  readonly mediaType: string;
  readonly hash: string;
  readonly content: Uint8Array;
}

export async function addAttachment(step: Db, attachment: NewAttachment): Promise<number> {
  const { atMs, person, name, mediaType, hash, content } = attachment;
  const { id } = await step
    .insertInto('attachment')
    .values({
      at_ms: atMs,
      person,
      name,
      media_type: mediaType,
      hash,
      content: Buffer.from(content).toString('base64'),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export interface KeptAttachment extends AttachmentView {
  readonly person: string;
  readonly content: Uint8Array;
}

export async function attachmentById(db: Db, id: number): Promise<KeptAttachment | undefined> {
  const row = await db.selectFrom('attachment').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const content = Buffer.from(row.content, 'base64');
  const { name, person, media_type: mediaType } = row;
  return { id, name, mediaType, bytes: content.length, person, content };
}

/** A running figure under its name. */
export async function watchFigure<T>(db: Db, name: string): Promise<T | undefined> {
  const row = await db
    .selectFrom('watch_figure')
    .select('figure')
    .where('name', '=', name)
    .executeTakeFirst();
  return row && fromJson<T>(row.figure);
}

export async function saveWatchFigure(step: Db, name: string, figure: unknown): Promise<void> {
  const row = { name, figure: toJson(figure) };
  await step
    .insertInto('watch_figure')
    .values(row)
    .onConflict((known) => known.column('name').doUpdateSet(row))
    .execute();
}
