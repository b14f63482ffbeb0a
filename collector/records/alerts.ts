import type { AlertChanges, AlertStore } from '../../alerting/ports.ts';
import type { AlertInstance } from '../../config/model/alert.ts';
import type { Selectable } from 'kysely';
import type {
  AlertFileBody,
  AlertHistoryEntry,
  AlertTransition,
  AlertView,
  NoteView,
} from '../../config/model/api.ts';
import type { Labels } from '../../config/model/labels.ts';
import type { MarkView } from '../../config/model/marks.ts';
import { defined } from '../../config/model/defined.ts';
import { fromJson, toJson } from './json.ts';
import { inBatches, isBefore, type Page } from './page.ts';
import { inTransaction } from './transaction.ts';
import type { Db, Tables } from './tables.ts';

type HistoryRow = Selectable<Tables['alert_history']>;

/** Alert instances over restarts, and the history of what became of them. */
export function createAlertStore(db: Db): AlertStore {
  return {
    async instances() {
      const rows = await db.selectFrom('alert_instance').select('instance').orderBy('fingerprint').execute();
      return rows.map(({ instance }) => fromJson<AlertInstance>(instance));
    },
    async firedSince(sinceMs) {
      const rows = await db
        .selectFrom('alert_history')
        .selectAll()
        .where('at_ms', '>=', sinceMs)
        .where('transition', '=', 'fired')
        .orderBy('at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(FIRED_LINES)
        .execute();
      return rows.reverse().map(entryOf);
    },
    save: (changes) => inTransaction(db, (step) => saveAlertChanges(step, changes)),
  };
}

/** Writes what became of alerts, in the transaction of what made it so. */
export async function saveAlertChanges(step: Db, { saved, removed, entries }: AlertChanges): Promise<void> {
  for (const batch of inBatches(saved)) {
    await step
      .insertInto('alert_instance')
      .values(batch.map((instance) => ({ fingerprint: instance.fingerprint, instance: toJson(instance) })))
      .onConflict((row) =>
        row.column('fingerprint').doUpdateSet((set) => ({ instance: set.ref('excluded.instance') })),
      )
      .execute();
  }
  for (const batch of inBatches(removed)) {
    await step.deleteFrom('alert_instance').where('fingerprint', 'in', batch).execute();
  }
  await addHistory(step, entries);
}

/** Appends to the history of alerts, oldest first. */
export async function addHistory(step: Db, entries: AlertChanges['entries']): Promise<void> {
  for (const batch of inBatches(entries)) {
    await step
      .insertInto('alert_history')
      .values(
        batch.map(({ atMs, transition, alert, person, reason }) => ({
          at_ms: atMs,
          transition,
          fingerprint: alert.fingerprint,
          alert: toJson(alert),
          person: person ?? null,
          reason: reason ?? null,
        })),
      )
      .execute();
  }
}

/** What became of alerts, newest first. */
export async function alertHistory(db: Db, page: Page): Promise<readonly AlertHistoryEntry[]> {
  const rows = await db
    .selectFrom('alert_history')
    .selectAll()
    .where(isBefore('at_ms', page))
    .orderBy('at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
  return rows.map(entryOf);
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A busy room of a year has fewer. */
const MARKS = 2_000;
/** Of more devices all alerts are read, and those of others passed over. */
const MOST_NAMED = 100;

/** When alerts of some devices (`undefined`: all alerts) began and ended in a span, oldest first; of very many the latest. */
export async function alertMarks(
  db: Db,
  devices: ReadonlySet<string> | undefined,
  { fromMs, toMs }: Span,
): Promise<readonly MarkView[]> {
  let asked = db
    .selectFrom('alert_history')
    .selectAll()
    .where('at_ms', '>=', fromMs)
    .where('at_ms', '<=', toMs)
    .where('transition', 'in', ['fired', 'resolved']);
  if (devices !== undefined && devices.size <= MOST_NAMED) {
    // As `toJson` writes it; what only looks like it is passed over below.
    asked = asked.where((row) =>
      row.or([...devices].map((device) => row('alert', 'like', `%"device":"${device}"%`))),
    );
  }
  const rows = await asked.orderBy('at_ms', 'desc').limit(MARKS).execute();
  return rows
    .map(entryOf)
    .filter(({ alert }) => devices === undefined || devices.has(alert.device ?? ''))
    .map(({ atMs, transition, alert }) => ({
      kind: 'alert' as const,
      atMs,
      transition: transition === 'fired' ? ('fired' as const) : ('resolved' as const),
      alert,
    }))
    .reverse();
}

/** How many lines are looked at to see what would have been silent. */
const FIRED_LINES = 20_000;

/** The labels of the alerts that have fired since, the latest first. */
export async function firedLabels(db: Db, sinceMs: number): Promise<readonly Labels[]> {
  const rows = await db
    .selectFrom('alert_history')
    .select('alert')
    .where('at_ms', '>=', sinceMs)
    .where('transition', '=', 'fired')
    .orderBy('at_ms', 'desc')
    .limit(FIRED_LINES)
    .execute();
  return rows.map(({ alert }) => fromJson<AlertView>(alert).labels);
}

/** How many lines of one alert a page shows, and how many notes come up again. */
const FILE_LINES = 100;
const FILE_NOTES = 50;

/** What became of one alert lately, and the notes that people left with it, whenever that was. */
export async function alertFile(db: Db, fingerprint: string): Promise<AlertFileBody> {
  const own = db
    .selectFrom('alert_history')
    .selectAll()
    .where('fingerprint', '=', fingerprint)
    .orderBy('at_ms', 'desc')
    .orderBy('id', 'desc');
  const entries = (await own.limit(FILE_LINES).execute()).map(entryOf);
  const written = await own
    .where('transition', 'in', ['noted', 'note_taken_back'])
    .limit(FILE_NOTES)
    .execute();
  return { entries, notes: standingNotes(written.map(entryOf)) };
}

/** Newest first, without those that their writers took back. */
function standingNotes(written: readonly AlertHistoryEntry[]): readonly NoteView[] {
  const takenBack: string[] = [];
  return written.flatMap(({ atMs, transition, person = '', reason: text = '' }) => {
    const key = `${person}\n${text}`;
    if (transition === 'note_taken_back') {
      takenBack.push(key);
      return [];
    }
    const at = takenBack.indexOf(key);
    if (at === -1) return [{ atMs, person, text }];
    takenBack.splice(at, 1);
    return [];
  });
}

/** A line of the history as it is kept. */
export function entryOf({ id, at_ms, transition, alert, person, reason }: HistoryRow): AlertHistoryEntry {
  return defined({
    id,
    atMs: at_ms,
    transition: transition as AlertTransition,
    alert: fromJson<AlertView>(alert),
    person: person ?? undefined,
    reason: reason ?? undefined,
  });
}

/** Transitions of some kinds with numbers above `after` up to `through`, oldest first. */
export async function historyBetween(
  db: Db,
  after: number,
  through: number,
  kinds: readonly AlertTransition[],
): Promise<readonly AlertHistoryEntry[]> {
  const rows = await db
    .selectFrom('alert_history')
    .selectAll()
    .where('id', '>', after)
    .where('id', '<=', through)
    .where('transition', 'in', [...kinds])
    .orderBy('id')
    .limit(MOST_BETWEEN)
    .execute();
  return rows.map(entryOf);
}

/** A storm may have more; the newest of them stand in the history itself. */
const MOST_BETWEEN = 1_000;
