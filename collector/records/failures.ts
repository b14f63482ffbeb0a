import { WatchkeeperError } from '../../config/model/errors.ts';

/** A transaction that failed through no fault of its own, and of which nothing was kept: it may be done again. */
export class UndoneError extends WatchkeeperError {
  constructor(message: string, options?: ErrorOptions) {
    super('records_failed', message, options);
    this.name = 'UndoneError';
  }
}

/** Two writers met: the second is told what stands there now. */
export class RecordChangedError extends WatchkeeperError {
  /** The record as others may see it. */
  readonly present: unknown;

  constructor(present: unknown) {
    super('conflict', 'Somebody else changed it in between; look at what it is now.');
    this.name = 'RecordChangedError';
    this.present = present;
  }
}

/** A write of which nobody can say whether it was kept. */
export function unknownOutcome(cause: unknown): WatchkeeperError {
  return new WatchkeeperError(
    'outcome_unknown',
    'The connection to the records broke while this was written: whether it was kept is not known. Look before you do it again.',
    { cause },
  );
}

export function recordsFailed(why: string, cause?: unknown): WatchkeeperError {
  return new WatchkeeperError('records_failed', `The records failed: ${why}.`, { cause });
}

/** `conflict`: a constraint, or a rule of a table (with its words), forbids the write. */
export function excluded(cause: unknown, rule?: string): WatchkeeperError {
  const message = rule ?? 'The records already hold something that excludes this.';
  return new WatchkeeperError('conflict', message, { cause });
}

/**
 * Refuses what one of the stores could not keep as it is, before either sees it.
 * @throws {WatchkeeperError} `invalid_request` for a text with U+0000, which PostgreSQL cannot hold.
 */
export function refuseUnkeepable(parameters: readonly unknown[]): void {
  if (parameters.some((value) => typeof value === 'string' && value.includes('\u0000'))) {
    throw new WatchkeeperError('invalid_request', 'A text must not hold the character U+0000.');
  }
}
