import type { Labels } from '../../config/model/labels.ts';
import { grown, roomFor } from './columns.ts';
import type { Series } from './series.ts';

const FIRST_ROOM = 1_024;
const NONE = -1;

/**
 * All series of a head, found by their labels. Beside the series themselves only numbers are kept, no text that tells
 * one from the others: there are so many.
 */
export class SeriesTable {
  #all: Series[] = [];
  /** Of each of them. */
  #hashes = new Int32Array(FIRST_ROOM);
  /** Where in the list a series stands, each number at the first free index from its hash on. */
  #numbers = new Int32Array(FIRST_ROOM).fill(NONE);

  get size(): number {
    return this.#all.length;
  }

  /** A list that grows in its place, and is another one when series were removed. */
  all(): readonly Series[] {
    return this.#all;
  }

  /** The series that has these labels and no others; the hash is equal for equal labels. */
  find(hash: number, names: readonly string[], labels: Labels): Series | undefined {
    const mask = this.#numbers.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const number = this.#numbers[at] ?? NONE;
      if (number === NONE) return undefined;
      if (this.#hashes[number] !== hash) continue;
      const series = this.#all[number];
      if (series !== undefined && hasLabels(series.labels, names, labels)) return series;
    }
  }

  add(series: Series, hash: number): void {
    const number = this.#all.push(series) - 1;
    if (number === this.#hashes.length) this.#hashes = grown(this.#hashes, roomFor(number + 1));
    this.#hashes[number] = hash;
    if (4 * this.size > 3 * this.#numbers.length) this.#findPlaces(2 * this.#numbers.length);
    else this.#findPlace(number);
  }

  /** Cheap for many at once. */
  remove(gone: ReadonlySet<Series>): void {
    if (gone.size === 0) return;
    const before = this.#all;
    this.#all = [];
    for (const [number, series] of before.entries()) {
      if (gone.has(series)) continue;
      this.#hashes[this.#all.length] = this.#hashes[number] ?? 0;
      this.#all.push(series);
    }
    this.#findPlaces(this.#numbers.length);
  }

  #findPlace(number: number): void {
    const mask = this.#numbers.length - 1;
    let at = (this.#hashes[number] ?? 0) & mask;
    while (this.#numbers[at] !== NONE) at = (at + 1) & mask;
    this.#numbers[at] = number;
  }

  #findPlaces(room: number): void {
    this.#numbers = new Int32Array(room).fill(NONE);
    for (let number = 0; number < this.size; number += 1) this.#findPlace(number);
  }
}

function hasLabels(own: Labels, names: readonly string[], labels: Labels): boolean {
  for (const name of names) if (own[name] !== labels[name]) return false;
  return Object.keys(own).length === names.length;
}
