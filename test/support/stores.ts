import { onTestFinished } from 'vitest';
import type { RecordsSettings } from '../../config/records.ts';
import { hasPostgres, makePostgresSchema } from './postgres.ts';

/** A place in a store for records of one's own. */
export interface Place {
  readonly settings: RecordsSettings;
  readonly remove: () => Promise<void>;
}

/** A store that records may lie in. */
export interface Store {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** Whoever asks removes it. */
  readonly make: () => Place;
  /** As `make`; it goes with the test. */
  readonly place: () => RecordsSettings;
}

function storeOf(name: Store['name'], make: () => Place): Store {
  return {
    name,
    make,
    place() {
      const { settings, remove } = make();
      onTestFinished(remove);
      return settings;
    },
  };
}

const sqlite = storeOf('SQLite', () => ({ settings: {}, remove: async () => undefined }));

const postgresql = storeOf('PostgreSQL', () => {
  const { settings, drop } = makePostgresSchema();
  return { settings: { postgres: settings }, remove: drop };
});

/** Every store that this machine has. */
export async function stores(): Promise<readonly Store[]> {
  return (await hasPostgres()) ? [sqlite, postgresql] : [sqlite];
}
