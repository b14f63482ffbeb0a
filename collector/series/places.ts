import { grown, roomFor } from './columns.ts';

/** Small numbers for the series of a head: what is known of each stands in columns, since there are so many. */
export class Places {
  readonly #free: number[] = [];
  #count = 0;
  #ids = new Uint32Array(0);

  /** A place for the series of this id; one that was given back, if there is any. */
  take(id: number): number {
    const place = this.#free.pop() ?? this.#count;
    if (place === this.#count) this.#count += 1;
    if (place >= this.#ids.length) this.#ids = grown(this.#ids, roomFor(place + 1));
    this.#ids[place] = id;
    return place;
  }

  /** The place must not be used any more. */
  give(place: number): void {
    this.#free.push(place);
  }

  idAt(place: number): number {
    return this.#ids[place] ?? 0;
  }
}
