import { fromJson, toJson } from './json.ts';
import type { Db } from './tables.ts';

/** A command that was done and can be taken back. */
export interface Undoable {
  readonly tokenHash: string;
  readonly accountId: number;
  readonly command: string;
  readonly target: string;
  /** What the command needs to take itself back. */
  readonly undo: unknown;
  readonly endsAtMs: number;
}

export async function addUndoable(db: Db, undoable: Undoable): Promise<void> {
  const { tokenHash, accountId, command, target, undo, endsAtMs } = undoable;
  await db
    .insertInto('undoable')
    .values({
      token_hash: tokenHash,
      account_id: accountId,
      command,
      target,
      undo: toJson(undo),
      ends_at_ms: endsAtMs,
    })
    .execute();
}

/** Takes what can be taken back, once; `undefined` when there is no such thing (any more). */
export async function takeUndoable(db: Db, tokenHash: string, nowMs: number): Promise<Undoable | undefined> {
  await db.deleteFrom('undoable').where('ends_at_ms', '<=', nowMs).execute();
  const row = await db
    .deleteFrom('undoable')
    .where('token_hash', '=', tokenHash)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    tokenHash,
    accountId: row.account_id,
    command: row.command,
    target: row.target,
    undo: fromJson<unknown>(row.undo),
    endsAtMs: row.ends_at_ms,
  };
}
