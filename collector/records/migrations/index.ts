import type { Migration } from '../migrate.ts';
import { firstTables } from './first-tables.ts';

/** In the order in which they are taken; a step that was released is never changed. */
export const MIGRATIONS: readonly Migration[] = [firstTables];
