import type { RecordsSettings } from '../../config/records.ts';
import { hasPostgres, postgresSchema } from './postgres.ts';

/** A store that records may lie in; `place` is one of the test's own, to be opened as often as it likes. */
export interface Store {
  readonly name: 'SQLite' | 'PostgreSQL';
  readonly place: () => RecordsSettings;
}

/** Every store that this machine has. */
export async function stores(): Promise<readonly Store[]> {
  const sqlite: Store = { name: 'SQLite', place: () => ({}) };
  if (!(await hasPostgres())) return [sqlite];
  return [sqlite, { name: 'PostgreSQL', place: () => ({ postgres: postgresSchema() }) }];
}
