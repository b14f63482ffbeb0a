import type { RosterFault } from '../../../config/model/roster.ts';
import type { DutyFact } from '../facts.ts';
import { instantOf } from './days.ts';

/** So far ahead is looked (R1). */
export const HORIZON_MS = 30 * 86_400_000;

/** What the roster of the next 30 days says of itself; nothing is further away than that. */
export function rosterFacts(
  faults: readonly RosterFault[],
  { nowMs, timeZone, uneven }: { readonly nowMs: number; readonly timeZone: string; readonly uneven: number },
): readonly DutyFact[] {
  const horizonSeconds = HORIZON_MS / 1000;
  const ahead = (instants: readonly number[]): number =>
    Math.min(horizonSeconds, ...instants.map((atMs) => Math.max(0, (atMs - nowMs) / 1000)));
  const count = (kind: RosterFault['kind']): number => faults.filter((fault) => fault.kind === kind).length;
  const gaps = faults.filter((fault) => fault.kind === 'gap');
  const lacking = faults.flatMap((fault) => (fault.kind === 'unqualified' ? [fault.name] : []));
  const ends = faults.flatMap((fault) =>
    // It counts through its last day.
    fault.kind === 'expiring' ? [instantOf(fault.endsAfter, '23:59', timeZone)] : [],
  );
  return [
    {
      labels: {},
      metric: 'watchkeeper_roster_gap_ahead_seconds',
      value: ahead(gaps.map(({ fromMs }) => fromMs)),
    },
    {
      labels: {},
      metric: 'watchkeeper_roster_uncovered_seconds',
      value: gaps.reduce((sum, { fromMs, toMs }) => sum + (toMs - Math.max(fromMs, nowMs)) / 1000, 0),
    },
    { labels: {}, metric: 'watchkeeper_roster_standby_missing_shifts', value: count('standby') },
    { labels: {}, metric: 'watchkeeper_roster_rest_short_shifts', value: count('rest') + count('twice') },
    { labels: {}, metric: 'watchkeeper_roster_uneven_people', value: uneven },
    { labels: {}, metric: 'watchkeeper_roster_unqualified_people', value: new Set(lacking).size },
    { labels: {}, metric: 'watchkeeper_roster_qualification_ends_seconds', value: ahead(ends) },
  ];
}
