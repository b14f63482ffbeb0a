import { WatchkeeperError } from '../../../config/model/errors.ts';
import { WATCH_REFUSAL_WORDS, type WatchRefusal } from '../../../config/model/watch-refusals.ts';

/** The watch does not stand so that this could be done; the code says why. */
export class WatchRefusedError extends WatchkeeperError {
  readonly refusal: WatchRefusal;

  constructor(refusal: WatchRefusal) {
    super('conflict', WATCH_REFUSAL_WORDS[refusal].en);
    this.name = 'WatchRefusedError';
    this.refusal = refusal;
  }
}
