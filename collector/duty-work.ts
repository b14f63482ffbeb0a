import type { Config } from '../config/load.ts';
import type { Clock } from '../config/runtime/clock.ts';
import type { Log } from '../config/runtime/log.ts';
import type { ApiPlugin } from './api/api.ts';
import { rosterRoutes } from './api/roster.ts';
import { startDutyFacts, type DutyFacts } from './duty/facts.ts';
import { roundFacts } from './duty/rounds/facts.ts';
import { openRounds } from './duty/rounds/open.ts';
import { assessRules } from './duty/roster/assess.ts';
import { createRoster, type PlannedRoster } from './duty/roster/roster.ts';
import { createRosterFacts, type RosterFacts } from './duty/roster/watch-facts.ts';
import type { Db } from './records/tables.ts';

/** People's work beside the watch itself: what is planned, and what is told of it. */
export interface DutyWork {
  readonly facts: DutyFacts;
  readonly roster: PlannedRoster;
  readonly rosterFacts: RosterFacts;
}

/** People's work: what is shipped of it, and its state as facts for the rules. */
export async function keepDuty(
  { db, clock, log }: { readonly db: Db; readonly clock: Clock; readonly log: Log },
  config: () => Config,
  started: { stop(): Promise<void> }[],
): Promise<DutyWork> {
  await openRounds({ db, clock }, config());
  const timeZone = (): string => config().site.timeZone;
  const roster = createRoster({ db, timeZone, years: () => config().calendar });
  const rosterFacts = createRosterFacts({
    db,
    roster,
    rules: () => assessRules({ ...config().roster, ...config().collector.people, timeZone: timeZone() }),
  });
  const facts = startDutyFacts({ clock, log }, [roundFacts({ db, timeZone }), rosterFacts.source]);
  started.push(facts);
  return { facts, roster, rosterFacts };
}

/** The routes of the roster. */
export function rosterPlugin({
  db,
  clock,
  config,
  roster,
  rosterFacts,
}: Pick<DutyWork, 'roster' | 'rosterFacts'> & {
  readonly db: Db;
  readonly clock: Clock;
  readonly config: () => Config;
}): ApiPlugin {
  return rosterRoutes({
    db,
    clock,
    roster,
    settings: () => config().roster,
    people: () => config().collector.people,
    timeZone: () => config().site.timeZone,
    siteName: () => config().site.name,
    onChange: () => rosterFacts.forget(),
  });
}
