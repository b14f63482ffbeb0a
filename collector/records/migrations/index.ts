import type { Migration } from '../migrate.ts';
import { agentTables } from './agents.ts';
import { annotationTables } from './annotations.ts';
import { answerLinkTables } from './answer-links.ts';
import { auditTables } from './audit.ts';
import { careTables } from './care.ts';
import { chaseTables } from './chases.ts';
import { firstTables } from './first-tables.ts';
import { rosterTables } from './roster.ts';
import { roundListTables } from './round-lists.ts';
import { roundTables } from './rounds.ts';
import { searchTables } from './search.ts';
import { signInTables } from './sign-in-tables.ts';
import { watchTables } from './watch.ts';

/** In the order in which they are taken; a step that was released is never changed. */
export const MIGRATIONS: readonly Migration[] = [
  firstTables,
  auditTables,
  searchTables,
  careTables,
  agentTables,
  signInTables,
  rosterTables,
  roundTables,
  answerLinkTables,
  watchTables,
  chaseTables,
  roundListTables,
  annotationTables,
];
