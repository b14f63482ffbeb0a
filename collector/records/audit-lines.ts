import { sql } from 'kysely';
import type { AuditLink, AuditPersonal } from './audit-chain.ts';
import { searchIds } from './search.ts';
import type { Db } from './tables.ts';

/** The scope of the audit in the search index. */
export const AUDIT_SCOPE = 'audit';

/** A line with its part about people, where that has not been forgotten. */
export interface AuditLine extends AuditLink {
  readonly personal?: AuditPersonal;
}

const READ_AT_ONCE = 500;

/** The lines of the chain in their order, some at a time. */
export async function* auditLines(db: Db): AsyncGenerator<AuditLine> {
  for (let after = 0; ; ) {
    const batch = await lines(db, { after, limit: READ_AT_ONCE });
    yield* batch;
    const last = batch.at(-1);
    if (last === undefined || batch.length < READ_AT_ONCE) return;
    after = last.seq;
  }
}

/** The stretch of the chain from the first line of a span of time to its last, and `more` lines after that. */
export async function auditLinesAt(
  db: Db,
  { fromMs, toMs, more }: { readonly fromMs: number; readonly toMs: number; readonly more: number },
): Promise<readonly AuditLine[]> {
  const { first, last } = await db
    .selectFrom('audit')
    .select(({ fn }) => [fn.min('seq').as('first'), fn.max('seq').as('last')])
    .where('at_ms', '>=', fromMs)
    .where('at_ms', '<=', toMs)
    .executeTakeFirstOrThrow();
  if (first === null || last === null) return [];
  return lines(db, { after: first - 1, limit: last - first + 1 + more });
}

/** Lines in their order. */
async function lines(
  db: Db,
  which: { readonly after: number; readonly limit: number } | { readonly seqs: readonly number[] },
): Promise<readonly AuditLine[]> {
  const all = db
    .selectFrom('audit')
    .leftJoin('audit_personal', 'audit_personal.seq', 'audit.seq')
    .select(['audit.seq', 'audit.at_ms', 'audit.action', 'audit.personal_hash', 'audit.previous_hash'])
    .select(['audit.hash', 'audit_personal.salt', 'audit_personal.who', 'audit_personal.target'])
    .select(['audit_personal.change', 'audit_personal.origin'])
    .orderBy('audit.seq');
  const some =
    'seqs' in which
      ? all.where('audit.seq', 'in', which.seqs)
      : all.where('audit.seq', '>', which.after).limit(which.limit);
  return (await some.execute()).map(({ seq, at_ms: atMs, action, hash, ...row }) => {
    const { salt, who, target, change, origin } = row;
    const link = {
      seq,
      atMs,
      action,
      personalHash: row.personal_hash,
      previousHash: row.previous_hash,
      hash,
    };
    if (salt === null || who === null || target === null || change === null || origin === null) return link;
    return { ...link, personal: { salt, who, target, change, origin } };
  });
}

/** What a page of the audit is asked for; all that is named must fit. */
export interface AuditQuery {
  /** Words that stand in who, target, origin or what changed. */
  readonly text?: string;
  readonly who?: string;
  readonly action?: string;
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** Only lines before this one. */
  readonly beforeSeq?: number;
  readonly limit: number;
}

export interface AuditPage {
  /** Newest first. */
  readonly lines: readonly AuditLine[];
  /** Where to go on; absent when nothing older fits. */
  readonly beforeSeq?: number;
}

/** So many lines are looked at for one page, so that no question takes long: the page may be short then, and goes on. */
const MOST_LOOKED_AT = 4_000;

/** The lines that fit, newest first. */
export async function auditPage(db: Db, query: AuditQuery): Promise<AuditPage> {
  const found: AuditLine[] = [];
  let beforeSeq = query.beforeSeq ?? Number.MAX_SAFE_INTEGER;
  for (let lookedAt = 0; lookedAt < MOST_LOOKED_AT; lookedAt += READ_AT_ONCE) {
    const wanted = isNarrow(query) ? READ_AT_ONCE : query.limit + 1;
    const seqs = await candidates(db, query, { beforeSeq, limit: wanted });
    const read = seqs.length === 0 ? [] : await lines(db, { seqs });
    for (const line of read.toReversed().filter((one) => fits(one, query))) {
      if (found.length === query.limit) return { lines: found, beforeSeq };
      found.push(line);
      beforeSeq = line.seq;
    }
    const last = seqs.length < wanted ? undefined : seqs.at(-1);
    if (last === undefined || areAllBefore(read, query.fromMs)) return { lines: found };
    beforeSeq = last;
  }
  return { lines: found, beforeSeq };
}

/** A clock that was set back makes a line look older than it is, but not by more than this. */
const CLOCK_SET_BACK_MS = 86_400_000;

function areAllBefore(read: readonly AuditLine[], fromMs = -Infinity): boolean {
  return read.every(({ atMs }) => atMs < fromMs - CLOCK_SET_BACK_MS);
}

/** Whether candidates may have to be thrown away: more than one thing is asked. */
function isNarrow({ text, who, action, fromMs, untilMs }: AuditQuery): boolean {
  return [text, who, action, fromMs ?? untilMs].filter((part) => part !== undefined).length > 0;
}

/** Numbers of lines by the best index that there is, newest first. */
async function candidates(
  db: Db,
  { text, who, action, untilMs }: AuditQuery,
  { beforeSeq, limit }: { readonly beforeSeq: number; readonly limit: number },
): Promise<readonly number[]> {
  if (text !== undefined) {
    return searchIds(db, { scope: AUDIT_SCOPE, text, beforeId: beforeSeq, limit });
  }
  const table = who === undefined ? ('audit' as const) : ('audit_personal' as const);
  const rows = await db
    .selectFrom(table)
    .select('seq')
    .where((line) =>
      line.and([
        ...(who === undefined ? [] : [sql<boolean>`who = ${who}`]),
        ...(who !== undefined || action === undefined ? [] : [sql<boolean>`action = ${action}`]),
        line('at_ms', '<=', untilMs ?? Number.MAX_SAFE_INTEGER),
        line('seq', '<', beforeSeq),
      ]),
    )
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ seq }) => seq);
}

function fits({ atMs, action, personal }: AuditLine, query: AuditQuery): boolean {
  return (
    (query.action === undefined || query.action === action) &&
    (query.who === undefined || query.who === personal?.who) &&
    atMs >= (query.fromMs ?? -Infinity) &&
    atMs <= (query.untilMs ?? Infinity)
  );
}
