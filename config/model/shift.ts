import type { WatchPost } from './watch.ts';

/** A watch as the roster plans it: who is to keep which post from when to when. Who really keeps it is the ledger's. */
export interface Shift {
  readonly id: string;
  /** What the pattern calls it, such as `day`; the site's own name where it gave one. */
  readonly name: string;
  readonly startsAtMs: number;
  /** The first instant after it. */
  readonly endsAtMs: number;
  /** Names of the accounts planned for each post, the first being in charge of it; nobody is a gap. */
  readonly posts: Readonly<Record<WatchPost, readonly string[]>>;
  /** Who is on duty without being in the room: their check-in needs no presence there (R26). */
  readonly isOnCall: boolean;
}

/** What the rest asks of the roster. */
export interface Roster {
  /** The shift of an instant; absent where none is planned. */
  shiftAt(atMs: number): Promise<Shift | undefined>;
  /** The shifts that touch the time from `fromMs` until before `toMs`, in order of their start. */
  shiftsBetween(fromMs: number, toMs: number): Promise<readonly Shift[]>;
}
