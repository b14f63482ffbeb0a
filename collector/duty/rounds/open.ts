import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SHIPPED_FOLDER, type Config } from '../../../config/load.ts';
import { shippedRounds } from '../../../config/rounds.ts';
import { ConfigError } from '../../../config/yaml-file.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import type { Db } from '../../records/tables.ts';
import { ensurePlaces } from './places.ts';
import { seedTemplates, wholeTemplates } from './templates.ts';

/**
 * Puts in the rounds that are shipped for rooms that have none of that name yet, and gives each place its code.
 * @throws {ConfigError} for a file of rounds that has faults.
 */
export async function openRounds(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  { site }: Pick<Config, 'site'>,
): Promise<void> {
  const folder = join(SHIPPED_FOLDER, 'rounds');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name));
  const { rounds, faults } = shippedRounds(files, site);
  if (faults.length > 0) throw new ConfigError(faults);
  const nowMs = clock.nowMs();
  await seedTemplates(db, rounds, nowMs);
  await ensurePlaces(db, await wholeTemplates(db), nowMs);
}
