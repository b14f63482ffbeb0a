import { createHash, randomInt } from 'node:crypto';
import { shortCodeIn, type RoundTemplate } from '../../../config/model/round.ts';
import { fromJson, toJson } from '../../records/json.ts';
import type { Db } from '../../records/tables.ts';
import { inTransaction } from '../../records/transaction.ts';

/** Codes that hang at places. Who hands one in was there, or has been told it: a new one ends what was copied. */
export interface RoundPlace {
  /** `ROOM/CHECKPOINT`; the same place of several rounds has one code. */
  readonly place: string;
  readonly code: string;
  readonly earlier: readonly string[];
}

/** Crockford's base 32: nothing in it is taken for another. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LENGTH = 8;

const newCode = (): string =>
  Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');

export function placeOf({ room = '' }: Pick<RoundTemplate, 'room'>, checkpoint: string): string {
  return `${room}/${checkpoint}`;
}

export async function placesOf(db: Db): Promise<ReadonlyMap<string, RoundPlace>> {
  const rows = await db.selectFrom('round_place').selectAll().orderBy('place').execute();
  return new Map(
    rows.map(({ place, code, earlier }) => [place, { place, code, earlier: fromJson<string[]>(earlier) }]),
  );
}

/** Gives every place of these rounds a code that has none yet. */
export async function ensurePlaces(db: Db, templates: readonly RoundTemplate[], atMs: number): Promise<void> {
  const wanted = new Set(
    templates.flatMap((template) => template.checkpoints.map(({ id }) => placeOf(template, id))),
  );
  const known = await placesOf(db);
  const missing = [...wanted].filter((place) => !known.has(place));
  if (missing.length === 0) return;
  await inTransaction(db, async (step) => {
    for (const place of missing)
      await step
        .insertInto('round_place')
        .values({ place, code: newCode(), earlier: '[]', made_at_ms: atMs })
        .onConflict((there) => there.doNothing())
        .execute();
  });
}

/** Another code for a place: what was printed or copied before is told as old from now on. */
export async function renewCode(step: Db, { place, code, earlier }: RoundPlace, atMs: number): Promise<void> {
  await step
    .updateTable('round_place')
    .set({ code: newCode(), earlier: toJson([...earlier, code]), made_at_ms: atMs })
    .where('place', '=', place)
    .execute();
}

/** How a code compares with that of the place. */
export function compareCode(place: RoundPlace | undefined, text: string): 'right' | 'old' | 'wrong' {
  const code = shortCodeIn(text);
  if (place === undefined || code === '') return 'wrong';
  if (code === place.code) return 'right';
  return place.earlier.includes(code) ? 'old' : 'wrong';
}

/** What a phone compares a code by, without being told it. */
export function codeHash(salt: string, code: string): string {
  return createHash('sha256').update(`${salt}:${code}`).digest('hex');
}
