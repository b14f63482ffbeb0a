import type { OverdueSource } from '../../alerting/ports.ts';
import type { Overdue } from '../../config/model/chase.ts';
import type { Db } from '../records/tables.ts';
import { plannedRounds } from './rounds/plan.ts';
import { currentTemplates } from './rounds/templates.ts';
import type { WatchDesk } from './watch/desk.ts';

export interface OverdueDeps {
  readonly db: Db;
  readonly timeZone: () => string;
  readonly desk: Pick<WatchDesk, 'now' | 'onWatch'>;
}

/** The longest that a round can be overdue before the next of its kind begins: one each quarter. */
const LONGEST_MS = 100 * 86_400_000;

/** What of people's work is chased beside alerts: rounds that were not done in time, and what a leader has not confirmed. */
export function dutyOverdue(deps: OverdueDeps): readonly OverdueSource[] {
  return [(atMs) => roundsOverdue(deps, atMs), async (atMs) => itemsOverdue(deps, atMs)];
}

/** Whoever it was handed to has it, else who keeps the watch. What was missed for good is chased no more. */
async function roundsOverdue(
  { db, timeZone, desk }: OverdueDeps,
  nowMs: number,
): Promise<readonly Overdue[]> {
  const kept = await currentTemplates(db);
  const range = { fromMs: nowMs - LONGEST_MS, toMs: nowMs };
  const due = await plannedRounds(db, kept, range, { nowMs, timeZone: timeZone() });
  return due.flatMap(({ id, template, state, fromMs, byMs, assignee }): readonly Overdue[] => {
    const found = kept.find((one) => one.template.id === template);
    // One that had begun before its template was there is nobody's fault.
    if (state !== 'overdue' || found === undefined || fromMs < found.sinceMs) return [];
    const whose = assignee === undefined ? desk.onWatch('operator', nowMs) : [assignee];
    const { name: title } = found.template;
    return [{ id: `round:${id}`, kind: 'task', title, dueAtMs: byMs, whose, path: '/rounds' }];
  });
}

/** Open items that have an end; what is carried over has none, and is told at each handover. */
function itemsOverdue({ desk }: OverdueDeps, nowMs: number): readonly Overdue[] {
  return desk.now().records.flatMap((record): readonly Overdue[] => {
    if (record.kind !== 'open_item' || record.dueAtMs === undefined || record.dueAtMs > nowMs) return [];
    const { id, subject, owner, dueAtMs } = record;
    const title = {
      'zh-CN': `待确认电话意见：${subject}`,
      en: `To confirm what was said by telephone: ${subject}`,
    };
    return [{ id: `open_item:${id}`, kind: 'task', title, dueAtMs, whose: [owner], path: '/watch' }];
  });
}
