import { responsibleAt, type LedgerLine } from '../../../config/model/ledger.ts';
import type { WatchPost } from '../../../config/model/watch.ts';
import type { Db } from '../../records/tables.ts';
import { ledgerLineAt, ledgerSince } from '../../records/watch.ts';

/** Who shares the load of alerts: the operator, and who steps in. Who leads or stands by is called when needed. */
const SHARING: readonly WatchPost[] = ['operator', 'deputy'];
/** A year of four changes a day for each post, and as much again. */
const MOST_LINES = 20_000;

/** How many different people share the load of alerts; 0 while nobody keeps the watch. */
export function peopleSharing(holdersOf: (post: WatchPost) => readonly string[]): number {
  return new Set(SHARING.flatMap(holdersOf)).size;
}

/** How many were on watch at each instant of a time, by what they signed; one where nobody was: somebody has to. */
export async function peopleBetween(db: Db, fromMs: number): Promise<(atMs: number) => number> {
  const before = await Promise.all(SHARING.map((post) => ledgerLineAt(db, post, fromMs)));
  const since = await ledgerSince(db, fromMs, MOST_LINES);
  const known = new Map<number, LedgerLine>();
  for (const line of [...before, ...since]) if (line !== undefined) known.set(line.id, line);
  const lines = [...known.values()];
  return (atMs) => {
    const holders = (post: WatchPost): readonly string[] => {
      const found = responsibleAt(lines, post, atMs);
      return found.kind === 'person' ? [found.person] : [];
    };
    return Math.max(1, peopleSharing(holders));
  };
}
