import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';

/** How the records fare. */
export interface RecordsHealth {
  /** Why they failed, until something is written again. */
  fault: string | undefined;
  /** What is wrong with the way the store is set up, for as long as it runs. */
  standing: string | undefined;
}

export function createRecordsHealth(): RecordsHealth {
  return { fault: undefined, standing: undefined };
}

const WRITE = /^\s*(?:insert|update|delete)\b/i;

/** Of one connection: notes what fails, and that it is over when a write is on the disk: in a transaction, when that is committed. */
export function watchWrites(health: RecordsHealth): <T>(sql: string, outcome: Promise<T>) => Promise<T> {
  let isInTransaction = false;
  let hasWritten = false;
  return async (sql, outcome) => {
    try {
      const answer = await outcome;
      if (sql.startsWith('begin')) isInTransaction = true;
      hasWritten ||= WRITE.test(sql);
      if (hasWritten && (!isInTransaction || sql === 'commit')) health.fault = undefined;
      return answer;
    } catch (error) {
      if (error instanceof WatchkeeperError && error.code === 'records_failed')
        health.fault = messageOf(error);
      throw error;
    }
  };
}
