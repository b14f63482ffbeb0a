import type { Effect } from '../../../config/model/command.ts';
import { qualificationsAt, type Qualifications } from '../../duty/people/qualifications.ts';
import { WatchRefusedError } from '../../duty/watch/refused.ts';
import { peopleByName } from '../../records/people.ts';
import type { Db } from '../../records/tables.ts';
import type { WatchDeps } from './watch-deps.ts';

/**
 * What is to be said of somebody who takes the watch and is not vetted, or lacks a training (R12): a warning, and from
 * the site's day on a refusal. @throws {WatchRefusedError} `unqualified`
 */
export async function requireQualified(
  deps: Pick<WatchDeps, 'qualifications'>,
  db: Db,
  person: string,
  atMs: number,
): Promise<readonly Effect[]> {
  const verdict = await verdictOn(deps, db, person, atMs);
  if (verdict === 'refused') throw new WatchRefusedError('unqualified');
  return toldOf(verdict, person);
}

/** The same of an empty watch, which is better kept by anybody than by nobody: never refused. */
export async function qualifiedOrNobody(
  deps: Pick<WatchDeps, 'qualifications'>,
  db: Db,
  person: string,
  atMs: number,
): Promise<readonly Effect[]> {
  return toldOf(await verdictOn(deps, db, person, atMs), person);
}

function toldOf(verdict: Qualifications['verdict'], person: string): readonly Effect[] {
  return verdict === 'qualified' ? [] : [{ code: 'watch_unqualified', params: { person } }];
}

async function verdictOn(
  { qualifications }: Pick<WatchDeps, 'qualifications'>,
  db: Db,
  name: string,
  atMs: number,
) {
  const [person] = await peopleByName(db, [name]);
  return qualificationsAt(person ?? { qualifications: [] }, atMs, qualifications()).verdict;
}
