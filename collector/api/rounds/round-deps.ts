import type { Clock } from '../../../config/runtime/clock.ts';
import type { Roster } from '../../../config/model/shift.ts';
import type { Site } from '../../../config/model/site.ts';
import type { TellHasty } from '../../duty/rounds/hand-in.ts';
import type { AskSensors } from '../../duty/rounds/sensors.ts';
import type { Db } from '../../records/tables.ts';
import type { Proofs } from '../auth/proofs.ts';

/** What the routes and commands about rounds need. */
export interface RoundDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly site: () => Pick<Site, 'timeZone' | 'rooms'>;
  readonly askSensors: AskSensors;
  readonly roster: Pick<Roster, 'shiftsBetween'>;
  readonly proofs: Proofs;
  readonly tellHasty?: TellHasty;
}
