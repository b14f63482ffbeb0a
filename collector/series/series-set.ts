import { grown, roomFor } from './columns.ts';
import type { Series } from './series.ts';

const FIRST_ROOM = 1_024;

/** Which series are among some, in four bytes for each. A series that is gone is among none. */
export class SeriesSet {
  /** By place, the id of the series that is among them: whoever gets the place later has another. */
  #ids = new Uint32Array(FIRST_ROOM);
  #isEmpty = true;

  has({ place, id }: Series): boolean {
    return this.#ids[place] === id;
  }

  add({ place, id, isGone }: Series): void {
    if (isGone) return;
    if (place >= this.#ids.length) this.#ids = grown(this.#ids, roomFor(place + 1));
    this.#ids[place] = id;
    this.#isEmpty = false;
  }

  delete(series: Series): void {
    if (!this.#isEmpty && this.has(series)) this.#ids[series.place] = 0;
  }

  clear(): void {
    this.#ids.fill(0);
    this.#isEmpty = true;
  }
}
