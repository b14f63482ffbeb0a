import type { Alerting } from '../../../alerting/alerting.ts';
import type { By } from '../../../alerting/care/acts.ts';
import type { CareChange } from '../../../alerting/ports.ts';
import type { AlertView } from '../../../config/model/api.ts';
import type { Roster } from '../../../config/model/shift.ts';
import type { Site } from '../../../config/model/site.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { saveCare } from '../../records/care.ts';
import type { Db } from '../../records/tables.ts';
import { afterCommit } from '../../records/transaction.ts';
import type { Actor } from '../commands.ts';

/** What the commands about alerts need. */
export interface CareDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly alerting: Pick<Alerting, 'active' | 'seen' | 'care' | 'escalation' | 'groups' | 'receiversOf'>;
  readonly site: () => Site;
  /** When the shift ends, with which a silence of what is a danger to life ends too. */
  readonly roster: Pick<Roster, 'shiftAt'>;
}

/** The frame writes the line of the audit, with the address of the request in it. */
export function byOf({ account }: Actor): By {
  return { person: account.name, origin: '' };
}

/** Writes what was decided within the command's own transaction; the memory follows once that is durable. */
export async function keep(step: Db, { alerting }: CareDeps, change: CareChange): Promise<void> {
  await saveCare(step, change);
  afterCommit(step, () => alerting.care.took(change));
}

/** @throws {WatchkeeperError} `not_found`. */
export function requireAlert({ alerting }: CareDeps, fingerprint: string): AlertView {
  const alert = alerting.active().find((one) => one.fingerprint === fingerprint);
  if (alert === undefined) throw new WatchkeeperError('not_found', 'There is no such alert any more.');
  return alert;
}

/** What an alert is called in an effect. */
export function nameOf({ name, device }: Pick<AlertView, 'name' | 'device'>): string {
  return device === undefined ? name : `${name} · ${device}`;
}
