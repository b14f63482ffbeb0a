import { randomInt } from 'node:crypto';
import { MAX_REQUEST_ID, MIN_REQUEST_ID } from './request.ts';

/** What a packet that came is looked up in. */
export interface Numbered<T> {
  get(id: number): T | undefined;
  values(): Iterable<T>;
}

const PLACES_AT_FIRST = 1024;

/**
 * Open requests by their numbers, which it gives out. Places of an array, used again and again: a `Map` that things come to and go from
 * all the time leaves its former tables behind, and with them in the old generation everything that was open when they were left.
 */
export class OpenRequests<T> implements Numbered<T> {
  #places: (Place<T> | undefined)[] = emptyPlaces(PLACES_AT_FIRST);
  #lastId = randomInt(MIN_REQUEST_ID, MAX_REQUEST_ID);
  #open = 0;

  /** A number for a request: none that is open has it, nor had one of late. */
  nextId(): number {
    do this.#lastId = this.#lastId >= MAX_REQUEST_ID ? MIN_REQUEST_ID : this.#lastId + 1;
    while (this.#places[this.#at(this.#lastId)] !== undefined);
    return this.#lastId;
  }

  /** Opens a request under the number that was given out last. */
  set(id: number, request: T): void {
    this.#places[this.#at(id)] = { id, request };
    this.#open += 1;
    if (this.#open * 2 > this.#places.length) this.#grow();
  }

  get(id: number): T | undefined {
    const place = this.#places[this.#at(id)];
    return place?.id === id ? place.request : undefined;
  }

  /** `false`: it was not open. */
  delete(id: number): boolean {
    if (this.get(id) === undefined) return false;
    this.#places[this.#at(id)] = undefined;
    this.#open -= 1;
    return true;
  }

  values(): readonly T[] {
    return this.#places.flatMap((place) => (place === undefined ? [] : [place.request]));
  }

  #at(id: number): number {
    return id % this.#places.length;
  }

  /** Twice as many places: those that had one of their own have one of their own again. */
  #grow(): void {
    const before = this.#places;
    this.#places = emptyPlaces(before.length * 2);
    for (const place of before) if (place !== undefined) this.#places[this.#at(place.id)] = place;
  }
}

interface Place<T> {
  readonly id: number;
  readonly request: T;
}

function emptyPlaces<T>(count: number): (Place<T> | undefined)[] {
  return Array.from({ length: count }, () => undefined);
}
