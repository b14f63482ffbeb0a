import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Oid } from '../../config/model/oid.ts';
import { TAG } from './ber.ts';
import { ERROR_STATUS, newVarBindView, nextVarBind } from './codec.ts';
import { compareOids, decodeIndex, encodeOid, startsWithOid } from './oid.ts';
import { requestOf, tellSilence, type Session } from './session.ts';
import type { Outcome } from './transport.ts';
import { tryDecodeValue, type SnmpValue } from './value.ts';

/** The rows of a column, by the text of their index; `undefined` where the value is none that SNMP knows. */
export type Column = ReadonlyMap<string, SnmpValue | undefined>;

export interface Walked {
  readonly columns: ReadonlyMap<Oid, Column>;
  /** What could not be read to its end, and why. */
  readonly notes: readonly string[];
}

/** Limits against a device without end. */
const MAX_ROWS = 4_096;
const MAX_VALUES = 100_000;
const COLUMNS_AT_ONCE = 16;
/** What an object takes in an answer, roughly; a wrong guess costs a tooBig or a round. */
const BYTES_PER_OBJECT = 24;
/** Silences in a row after which the device is taken to be gone. */
const MAX_SILENCES = 3;

interface Walker {
  readonly oid: Oid;
  readonly base: Uint8Array;
  last: Uint8Array;
  readonly rows: Map<string, SnmpValue | undefined>;
  isDone: boolean;
}

/** A walk under way. */
interface Walk {
  readonly walkers: readonly Walker[];
  readonly notes: string[];
  /** How many columns are asked at once. */
  width: number;
  /** Requests without answer, in a row. */
  silences: number;
  values: number;
}

/**
 * Walks columns side by side with GETBULK (GETNEXT in version 1). A column that goes backwards, has no end or makes the device fall
 * silent is ended and noted; the others go on.
 * @throws {WatchkeeperError} `snmp_timeout` when the device is gone, or `isTimeUp` says that it takes too long.
 */
export async function walkColumns(
  session: Session,
  columns: readonly Oid[],
  isTimeUp: () => boolean,
): Promise<Walked> {
  const walkers = columns.map((oid): Walker => {
    const base = encodeOid(oid);
    return { oid, base, last: base, rows: new Map(), isDone: false };
  });
  const walk: Walk = { walkers, notes: [], width: COLUMNS_AT_ONCE, silences: 0, values: 0 };
  for (let batches = nextBatches(walk, session); batches.length > 0; batches = nextBatches(walk, session)) {
    if (isTimeUp()) throw new WatchkeeperError('snmp_timeout', 'exploring it takes too long');
    const outcomes = await session.exchangeAll(
      batches.map((batch) => walkRequest(session, batch)),
      activeOf(walk).length,
    );
    const isSilent = outcomes.every(({ kind }) => kind !== 'answer');
    outcomes.forEach((outcome, place) => {
      const batch = batches[place] ?? [];
      // What is lost beside others is asked again, with fewer at once.
      if (outcome.kind === 'answer') afterAnswer(session, walk, batch, outcome);
      else if (isSilent) afterSilence(walk, batch, outcome);
    });
  }
  return { columns: new Map(walkers.map(({ oid, rows }) => [oid, rows])), notes: walk.notes };
}

function activeOf({ walkers }: Walk): readonly Walker[] {
  return walkers.filter(({ isDone }) => !isDone);
}

/** The columns that are asked next: so many requests at once as the device bears, the columns shared out among them. */
function nextBatches(walk: Walk, { window }: Session): readonly (readonly Walker[])[] {
  const active = activeOf(walk);
  const width = Math.min(walk.width, Math.ceil(active.length / window.size));
  return Array.from({ length: window.size }, (_none, index) =>
    active.slice(index * width, (index + 1) * width),
  ).filter((batch) => batch.length > 0);
}

/** A table that its agent cannot walk is left alone; the others are not to suffer for it. */
function afterSilence(walk: Walk, batch: readonly Walker[], outcome: Exclude<Outcome, Answer>): void {
  walk.silences += 1;
  if (walk.silences >= MAX_SILENCES) throw new WatchkeeperError('snmp_timeout', tellSilence(outcome));
  if (walk.width === 1) endColumn(batch[0], 'makes it fall silent', walk.notes);
  walk.width = 1;
}

function afterAnswer(session: Session, walk: Walk, batch: readonly Walker[], outcome: Answer): void {
  walk.silences = 0;
  if (outcome.head.second !== ERROR_STATUS.noError) {
    walk.width = afterError(session, batch, outcome.head, walk.notes);
    return;
  }
  const taken = takeRows(batch, outcome, walk.notes);
  walk.values += taken;
  if (taken === 0) for (const walker of batch) endColumn(walker, 'is told no more of', walk.notes);
  if (walk.values > MAX_VALUES)
    for (const walker of walk.walkers) endColumn(walker, 'is too big', walk.notes);
}

type Answer = Extract<Outcome, { kind: 'answer' }>;

function walkRequest(session: Session, batch: readonly Walker[]): ReturnType<typeof requestOf> {
  const oids = batch.map(({ last }) => last);
  if (session.access.version === '1') return requestOf(session, 'getNext', oids);
  const objects = Math.min(session.maxObjects, session.maxAnswerBytes / BYTES_PER_OBJECT);
  const repetitions = Math.max(1, Math.min(session.maxRepetitions, Math.floor(objects / batch.length)));
  return requestOf(session, 'getBulk', oids, repetitions);
}

function endColumn(walker: Walker | undefined, why: string, notes: string[]): void {
  if (walker === undefined || walker.isDone) return;
  walker.isDone = true;
  notes.push(`the column ${walker.oid} ${why}`);
}

/** What to do after an error; answers how many columns to ask at once from now on. */
function afterError(
  session: Session,
  batch: readonly Walker[],
  { second: status, third: errorIndex }: { second: number; third: number },
  notes: string[],
): number {
  const blamed = batch[errorIndex - 1];
  // Version 1 says "no such name" where a walk ends.
  if (status === ERROR_STATUS.noSuchName && blamed !== undefined) blamed.isDone = true;
  else if (status === ERROR_STATUS.tooBig && session.maxObjects > 1)
    session.maxObjects = Math.max(1, Math.floor(Math.min(session.maxObjects, 32) / 2));
  else if (blamed !== undefined || batch.length === 1)
    endColumn(blamed ?? batch[0], `gives error ${status}`, notes);
  else return 1;
  return Math.min(COLUMNS_AT_ONCE, session.maxObjects);
}

/** Files the objects of an answer under their columns; answers how many were new. */
function takeRows(batch: readonly Walker[], { head, packet }: Answer, notes: string[]): number {
  const view = newVarBindView();
  let taken = 0;
  try {
    for (let place = 0; nextVarBind(head.varBinds, view); place += 1) {
      const walker = batch[place % batch.length];
      if (walker === undefined || walker.isDone) continue;
      const { oidStart, oidEnd, tag } = view;
      if (tag === TAG.endOfMibView || !startsWithOid(packet, oidStart, oidEnd, walker.base)) {
        walker.isDone = true;
        // That the column ends is news too: the next answer will be about others.
        taken += 1;
        continue;
      }
      const oid = packet.slice(oidStart, oidEnd);
      if (compareOids(oid, walker.last) <= 0) endColumn(walker, 'goes backwards', notes);
      else if (walker.rows.size >= MAX_ROWS) endColumn(walker, 'has too many rows', notes);
      else {
        walker.last = oid;
        walker.rows.set(
          decodeIndex(oid, walker.base.length, oid.length),
          tryDecodeValue(tag, packet, view.valueStart, view.valueEnd),
        );
      }
      taken += 1;
    }
  } catch {
    notes.push('an answer is not valid SNMP from some place on');
  }
  return taken;
}
