import type { Chance } from './mutations.ts';

/** A part of the product that takes packets from anybody. */
export interface Target {
  readonly name: string;
  /** Real packets, to be mutated. */
  readonly corpus: readonly Uint8Array[];
  /**
   * Hands a packet over and holds what comes of it against what may.
   * @throws {Error} when it crashed, or believed what it must not.
   */
  take(packet: Uint8Array, random: Chance): void;
  /** What it made of them, for the report. @throws {Error} when something has grown beyond its bound. */
  counts(): Readonly<Record<string, number>>;
}

/** Says what must hold. */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
