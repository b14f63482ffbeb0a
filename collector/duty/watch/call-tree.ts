import { DUTY_PHONE, type CallTry } from '../../../config/model/attendance.ts';
import { ROUTES } from '../../../config/model/access.ts';
import type { ColleagueView } from '../../../config/model/api.ts';
import type { CallDue } from '../../../config/model/watch-api.ts';
import { accountsOfRoles } from '../../records/accounts.ts';
import { dutyRecordsSince } from '../../records/duty.ts';
import type { Db } from '../../records/tables.ts';
import type { WatchNow } from './desk.ts';
import { isKept } from './facts.ts';
import type { ProbePlan } from './probe-plan.ts';

/**
 * Who of the call tree was not reached for too long, the phone of the watch first; nobody before the first watch, whose
 * beginning counts as a try.
 */
export async function callsDue(
  db: Db,
  now: Pick<WatchNow, 'lines'>,
  { callEachMs }: Pick<ProbePlan, 'callEachMs'>,
  atMs: number,
): Promise<readonly CallDue[]> {
  if (!isKept(now)) return [];
  const firstMs = Math.min(...now.lines.map((line) => line.atMs));
  if (atMs - firstMs < callEachMs) return [];
  const people = await accountsOfRoles(db, ROUTES['POST /api/commands/take-watch'].roles);
  const tries = await dutyRecordsSince(db, 'call', atMs - callEachMs, MOST_TRIES);
  const dutyPhone = { name: DUTY_PHONE, displayName: DUTY_PHONE };
  return untried([dutyPhone, ...people.map(({ name, displayName }) => ({ name, displayName }))], tries);
}

const MOST_TRIES = 10_000;

/** Those among the people whom no try has reached; of tries the newest come first. */
export function untried(people: readonly ColleagueView[], tries: readonly CallTry[]): readonly CallDue[] {
  const reached = new Set(tries.filter(({ result }) => result === 'answered').map(({ person }) => person));
  const lastTries = new Map(
    tries.toReversed().map(({ person, atMs, result }) => [person, { atMs, result }] as const),
  );
  return people
    .filter(({ name }) => !reached.has(name))
    .map((person) => {
      const tried = lastTries.get(person.name);
      return { ...person, ...(tried === undefined ? {} : { tried }) };
    });
}
