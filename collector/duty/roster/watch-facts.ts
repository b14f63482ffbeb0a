import { peopleByName } from '../../records/people.ts';
import type { Db } from '../../records/tables.ts';
import type { DutyFact, DutyFactSource } from '../facts.ts';
import { faultsIn, type AssessRules } from './assess.ts';
import { HORIZON_MS, rosterFacts } from './facts.ts';
import { everybodyIn, loads } from './loads.ts';
import type { PlannedRoster } from './roster.ts';

/** What is planned, as facts for the duty rules. */
export interface RosterFacts {
  /** Tells nothing while nobody has planned anything. */
  readonly source: DutyFactSource;
  /** The plan was changed: what is known of it is looked up anew. */
  forget(): void;
}

export interface RosterFactsDeps {
  readonly db: Db;
  readonly roster: PlannedRoster;
  readonly rules: () => AssessRules;
}

/** What is thirty days long needs no look each ten seconds. */
const LOOK_EACH_MS = 60_000;
const REST_BEFORE_MS = 2 * 86_400_000;

export function createRosterFacts(deps: RosterFactsDeps): RosterFacts {
  let known: { readonly atMs: number; readonly facts: readonly DutyFact[] } | undefined;
  return {
    async source(atMs) {
      if (known !== undefined && known.atMs <= atMs && atMs < known.atMs + LOOK_EACH_MS) return known.facts;
      known = undefined;
      const facts = await read(deps, atMs);
      known = { atMs, facts };
      return facts;
    },
    forget() {
      known = undefined;
    },
  };
}

async function read({ db, roster, rules }: RosterFactsDeps, nowMs: number): Promise<readonly DutyFact[]> {
  if (!(await roster.isPlanned())) return [];
  const range = { fromMs: nowMs, toMs: nowMs + HORIZON_MS };
  const shifts = await roster.shiftsBetween(range.fromMs - REST_BEFORE_MS, range.toMs);
  const found = await peopleByName(db, everybodyIn(shifts));
  const people = new Map(found.map((person) => [person.name, person]));
  const { timeZone } = rules();
  const faults = faultsIn(shifts, range, { people, rules: rules() });
  const uneven = loads(shifts, { calendar: roster.calendar(), timeZone }).filter(
    (load) => load.uneven.length > 0,
  );
  return rosterFacts(faults, { nowMs, timeZone, uneven: uneven.length });
}
