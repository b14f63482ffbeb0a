import { defined } from '../../config/model/defined.ts';
import type { Annotation } from '../../config/model/marks.ts';
import type { Db } from './tables.ts';

export type NewAnnotation = Omit<Annotation, 'id'>;

interface AnnotationRow {
  readonly id: number;
  readonly at_ms: number;
  readonly room: string;
  readonly device: string | null;
  readonly text: string;
  readonly by: string;
  readonly written_at_ms: number;
}

const annotationOf = ({ id, at_ms, room, device, text, by, written_at_ms }: AnnotationRow): Annotation =>
  defined({ id, atMs: at_ms, room, device: device ?? undefined, text, by, writtenAtMs: written_at_ms });

/** @returns its number. */
export async function addAnnotation(step: Db, annotation: NewAnnotation): Promise<number> {
  const { atMs, room, device, text, by, writtenAtMs } = annotation;
  const row = { at_ms: atMs, room, device: device ?? null, text, by, written_at_ms: writtenAtMs };
  const { id } = await step
    .insertInto('annotation')
    .values({ ...row, removed_at_ms: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** One that nobody has taken away. */
export async function annotationById(db: Db, id: number): Promise<Annotation | undefined> {
  const row = await db
    .selectFrom('annotation')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at_ms', 'is', null)
    .executeTakeFirst();
  return row && annotationOf(row);
}

/** Takes it away at an instant, or brings it back; whether it was not so before. */
export async function setAnnotationRemoved(step: Db, id: number, atMs: number | undefined): Promise<boolean> {
  const { numUpdatedRows } = await step
    .updateTable('annotation')
    .set({ removed_at_ms: atMs ?? null })
    .where('id', '=', id)
    .where('removed_at_ms', atMs === undefined ? 'is not' : 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** A chart with more shows nothing. */
const MOST = 500;

/** Those of a span, oldest first; of very many the latest. */
export async function annotationsBetween(
  db: Db,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  place: { readonly room?: string; readonly device?: string } = {},
): Promise<readonly Annotation[]> {
  let asked = db
    .selectFrom('annotation')
    .selectAll()
    .where('removed_at_ms', 'is', null)
    .where('at_ms', '>=', fromMs)
    .where('at_ms', '<=', toMs);
  const { room, device } = place;
  if (room !== undefined) asked = asked.where('room', '=', room);
  if (device !== undefined)
    asked = asked.where((row) => row.or([row('device', '=', device), row('device', 'is', null)]));
  const rows = await asked.orderBy('at_ms', 'desc').orderBy('id', 'desc').limit(MOST).execute();
  return rows.map(annotationOf).reverse();
}
