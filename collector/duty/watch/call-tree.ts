import type { CallTry } from '../../../config/model/attendance.ts';
import { ROUTES } from '../../../config/model/access.ts';
import { accountsOfRoles } from '../../records/accounts.ts';
import { dutyRecordsSince } from '../../records/duty.ts';
import type { Db } from '../../records/tables.ts';
import type { WatchNow } from './desk.ts';
import { isKept } from './facts.ts';
import type { ProbePlan } from './probe-plan.ts';

/** Who of the call tree was not reached for too long; nobody before the first watch, whose beginning counts as a try. */
export async function callsDue(
  db: Db,
  now: Pick<WatchNow, 'lines'>,
  { callEachMs }: Pick<ProbePlan, 'callEachMs'>,
  atMs: number,
): Promise<readonly string[]> {
  if (!isKept(now)) return [];
  const firstMs = Math.min(...now.lines.map((line) => line.atMs));
  if (atMs - firstMs < callEachMs) return [];
  const people = (await accountsOfRoles(db, ROUTES['POST /api/commands/take-watch'].roles)).map(
    ({ name }) => name,
  );
  const tries = await dutyRecordsSince(db, 'call', atMs - callEachMs, MOST_TRIES);
  return untried(people, tries);
}

const MOST_TRIES = 2_000;

/** Those among the people whom no try has reached. */
export function untried(people: readonly string[], tries: readonly CallTry[]): readonly string[] {
  const reached = new Set(tries.filter(({ result }) => result === 'answered').map(({ person }) => person));
  return people.filter((person) => !reached.has(person));
}
