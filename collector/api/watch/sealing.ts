import type { OpenItem } from '../../../config/model/attendance.ts';
import { stepLeave } from '../../../config/model/attendance.ts';
import type { Handover } from '../../../config/model/handover.ts';
import type { LedgerCause } from '../../../config/model/ledger.ts';
import { addDutyRecord, openDutyRecords, saveDutyRecord, type Numbered } from '../../records/duty.ts';
import type { Db } from '../../records/tables.ts';
import { afterCommit } from '../../records/transaction.ts';
import { addLedgerLine, saveHandover } from '../../records/watch.ts';
import { isPassage } from './handover-commands.ts';
import { logged, type NewLine, type WatchDeps } from './watch-deps.ts';

const CAUSES: Readonly<Record<Handover['kind'], LedgerCause>> = {
  shift: 'handed_over',
  stand_in: 'handed_over',
  relief: 'relieved',
  empty: 'taken',
  transcribed: 'transcribed',
};

/** Keeps a handover after a signature. With the last one the watch moves: all of it in this step, or nothing. */
export async function keepSigned(
  deps: WatchDeps,
  step: Db,
  handover: Handover,
  { atMs, recordedAtMs = atMs }: { readonly atMs: number; readonly recordedAtMs?: number },
): Promise<void> {
  await saveHandover(step, handover);
  if (handover.state.kind !== 'sealed') return;
  const { id, post, kind, incoming } = handover;
  const line: NewLine = { post, atMs, person: incoming, cause: CAUSES[kind], handover: id };
  await addLedgerLine(step, { ...line, recordedAtMs });
  await passItems(step, handover, recordedAtMs);
  await passLeaves(step, handover, recordedAtMs);
  const params = { handover: id, outgoing: handover.outgoing ?? '', incoming };
  const code = kind === 'empty' ? 'watch_taken' : 'handover_sealed';
  await logged(step, { atMs: recordedAtMs, code, author: incoming, params });
  deps.desk.follow(step, line);
  if (post === 'operator') afterCommit(step, deps.onSealed);
}

/** What was not done is the incoming's now, with its age (R6). */
async function passItems(step: Db, handover: Handover, atMs: number): Promise<void> {
  const { outgoing, incoming, carryOvers, id } = handover;
  const open = await openDutyRecords(step);
  const items = open.filter((record): record is Numbered<OpenItem> => record.kind === 'open_item');
  for (const item of items) {
    // A leader's word stays the leader's to confirm.
    if (item.sort === 'confirm' || item.owner !== outgoing) continue;
    await saveDutyRecord(step, { ...item, owner: incoming, carried: item.carried + 1 });
  }
  for (const { subject, reason, description, weight, by } of carryOvers) {
    const item: OpenItem = {
      kind: 'open_item',
      sort: 'carried',
      subject,
      reason,
      description,
      weight,
      owner: incoming,
      sinceMs: atMs,
      from: by,
      carried: 1,
    };
    await addDutyRecord(step, item, atMs);
    await logged(step, {
      atMs,
      code: 'item_opened',
      author: by,
      params: { subject, person: incoming, handover: id },
    });
  }
}

/** The small handover lets somebody go, or ends the leave of who is back (R7). */
async function passLeaves(step: Db, handover: Handover, atMs: number): Promise<void> {
  const { kind, outgoing = '', incoming, id } = handover;
  for (const record of await openDutyRecords(step)) {
    if (record.kind !== 'leave' || record.post !== handover.post) continue;
    const isHere = kind === 'stand_in' && isPassage(record, outgoing, incoming);
    // A whole handover ends a leave, too: who was off has no watch to come back to.
    const isGoing = isHere && record.state.kind === 'stand_in_there';
    const act = isGoing
      ? ({ kind: 'go', handover: id, by: outgoing, atMs } as const)
      : ({ kind: 'end', by: incoming, atMs } as const);
    const next = stepLeave(record, act);
    if (next === undefined) continue;
    await saveDutyRecord(step, { ...next, id: record.id });
    const code = isGoing ? 'left' : 'back';
    await logged(step, { atMs, code, author: record.person, params: { person: record.person } });
  }
}
