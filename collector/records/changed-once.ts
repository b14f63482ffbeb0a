import type { UpdateResult } from 'kysely';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { RecordChangedError } from './failures.ts';

/**
 * Two people may open the same record; only the first one's change is taken, since the second has not seen it. The
 * record has a column `version`; the update names the version that was read and sets the next:
 * `update({ …, version: version + 1 }).where('id', '=', id).where('version', '=', version)`.
 * @param present reads the record as others may see it, `undefined` when it is gone.
 * @throws {RecordChangedError} `conflict` with what stands there now.
 * @throws {WatchkeeperError} `not_found`.
 */
export async function changedOnce(
  update: { executeTakeFirst(): Promise<UpdateResult> },
  present: () => Promise<unknown>,
): Promise<void> {
  const { numUpdatedRows } = await update.executeTakeFirst();
  if (numUpdatedRows === 1n) return;
  const now = await present();
  if (now === undefined) throw new WatchkeeperError('not_found', 'There is no such record (any more).');
  throw new RecordChangedError(now);
}
