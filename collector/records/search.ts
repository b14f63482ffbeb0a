import { sql } from 'kysely';
import { inBatches } from './page.ts';
import { phrasesOf, searchText, termsOf, type Term } from './search-terms.ts';
import type { Db } from './tables.ts';

/**
 * Full-text search that finds Chinese words of two characters as it finds English ones, on every store alike: an index
 * of our own, whose documents are texts with a number in a scope of their own (`audit`, `watch`).
 */

export interface Document {
  readonly id: number;
  readonly text: string;
}

/** Longer texts are found by their beginning only. */
const LONGEST_TEXT = 20_000;

/** What of a text is searched. */
export function bodyOf(text: string): string {
  return searchText(text.slice(0, LONGEST_TEXT));
}

/** Puts a text into the index; one of the same number gives way. */
export async function indexText(step: Db, scope: string, { id, text }: Document): Promise<void> {
  await forgetTexts(step, scope, [id]);
  const body = bodyOf(text);
  await step.insertInto('search_document').values({ scope, id, body }).execute();
  await indexTerms(step, [{ scope, id, body }]);
}

/** Makes the terms of texts that are in the index already. */
export async function indexTerms(
  step: Db,
  documents: readonly { readonly scope: string; readonly id: number; readonly body: string }[],
): Promise<void> {
  const terms = documents.flatMap(({ scope, id, body }) =>
    [...new Set(termsOf(body))].map((term) => ({ scope, term, id })),
  );
  for (const batch of inBatches(terms)) await step.insertInto('search_term').values(batch).execute();
}

/** Takes texts out of the index, as if they had never been in it. */
export async function forgetTexts(step: Db, scope: string, ids: readonly number[]): Promise<void> {
  for (const batch of inBatches(ids)) {
    const found = await step
      .selectFrom('search_document')
      .select(['id', 'body'])
      .where('scope', '=', scope)
      .where('id', 'in', batch)
      .execute();
    for (const { id, body } of found) {
      await forgetTerms(step, scope, { id, text: body });
    }
    await step.deleteFrom('search_document').where('scope', '=', scope).where('id', 'in', batch).execute();
  }
}

async function forgetTerms(step: Db, scope: string, { id, text }: Document): Promise<void> {
  for (const terms of inBatches([...new Set(termsOf(text))])) {
    await step
      .deleteFrom('search_term')
      .where('scope', '=', scope)
      .where('term', 'in', terms)
      .where('id', '=', id)
      .execute();
  }
}

export interface SearchQuery {
  readonly scope: string;
  /** Words; a text is found when it holds all of them, the last letters of a word may be left out. */
  readonly text: string;
  /** Only numbers below this. */
  readonly beforeId?: number;
  readonly limit: number;
}

/** The numbers of the texts that hold all of the words, the highest first: in a log, the newest. Empty for a query without a word. */
export async function searchIds(db: Db, query: SearchQuery): Promise<readonly number[]> {
  const { scope, text, beforeId = Number.MAX_SAFE_INTEGER, limit } = query;
  const phrases = phrasesOf(text);
  const [rarest, ...others] = await rarestFirst(
    db,
    scope,
    phrases.flatMap(({ terms }) => terms),
  );
  if (rarest === undefined) return [];
  let found = db
    .selectFrom('search_term as term')
    .innerJoin('search_document as document', (join) =>
      join.onRef('document.scope', '=', 'term.scope').onRef('document.id', '=', 'term.id'),
    )
    .select('term.id')
    .where('term.scope', '=', scope)
    .where(matches('term', rarest))
    .where('term.id', '<', beforeId);
  // A beginning is not looked up for each text, since many terms have it: the text itself is looked at below.
  for (const term of others.filter(({ isBeginning }) => !isBeginning)) {
    found = found.where((from) =>
      from.exists(
        from
          .selectFrom('search_term as other')
          .select('other.id')
          .where('other.scope', '=', scope)
          .where(matches('other', term))
          .whereRef('other.id', '=', 'term.id'),
      ),
    );
  }
  // Its terms may stand in a text far from each other.
  for (const { words } of phrases) found = found.where(holds(words));
  if (rarest.isBeginning) found = found.distinct();
  const rows = await found.orderBy('term.id', 'desc').limit(limit).execute();
  return rows.map(({ id }) => id);
}

function holds(words: string) {
  const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`;
  return sql<boolean>`${sql.ref('document.body')} like ${pattern} escape '\\'`;
}

function matches(table: 'term' | 'other', { text, isBeginning }: Term) {
  const term = sql.ref<string>(`${table}.term`);
  if (!isBeginning) return sql<boolean>`${term} = ${text}`;
  return sql<boolean>`(${term} >= ${text} and ${term} < ${`${text}\u{10ffff}`})`;
}

/** More texts than this are not counted: then any other term is as good to begin with. */
const COUNTED = 2_000;

/** What few texts hold is looked up first, and the rest only in those. */
async function rarestFirst(db: Db, scope: string, terms: readonly Term[]): Promise<readonly Term[]> {
  if (terms.length < 2) return terms;
  const counted: { term: Term; count: number }[] = [];
  for (const term of terms) {
    const { count } = await db
      .selectFrom((from) =>
        from
          .selectFrom('search_term as term')
          .select('term.id')
          .where('term.scope', '=', scope)
          .where(matches('term', term))
          .limit(COUNTED)
          .as('some'),
      )
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    counted.push({ term, count });
  }
  return counted.sort((a, b) => a.count - b.count).map(({ term }) => term);
}
