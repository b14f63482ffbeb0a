import type { DueView, RoundTask } from '../../../../config/model/round-api.ts';
import { itemsOf, type RoundTemplate } from '../../../../config/model/round.ts';
import type { SheetLine } from '../../../../config/model/sheet.ts';
import { openTasks } from '../../rounds/lists.ts';
import { plannedRounds } from '../../rounds/plan.ts';
import { currentTemplates, currentTemplatesOf, type KeptTemplate } from '../../rounds/templates.ts';
import type { SheetBlock } from './block.ts';

export interface RoundsBlockDeps {
  readonly timeZone: () => string;
}

/** Before the first watch there is no sheet to begin at: what is older is in the archive of rounds. */
const LONGEST_MS = 7 * 86_400_000;
const MOST_TASKS = 100;

/**
 * Inspection rounds of the watch, done and undone, then what they found and nobody has put right. Of one that was not
 * done in its time the operator must say why (R6).
 */
export function roundsBlock({ timeZone }: RoundsBlockDeps): SheetBlock {
  return {
    id: 'rounds',
    async lines({ db, post, atMs, fromMs }) {
      const kept = await currentTemplates(db);
      const range = { fromMs: Math.max(fromMs, atMs - LONGEST_MS), toMs: atMs };
      const due = await plannedRounds(db, kept, range, { nowMs: atMs, timeZone: timeZone() });
      const tasks = await openTasks(db, MOST_TASKS);
      const whole = await currentTemplatesOf(
        db,
        tasks.map(({ template }) => template),
      );
      return [
        ...due.flatMap((round) => roundLine(round, kept, post === 'operator')),
        ...tasks.map((task) => taskLine(task, whole)),
      ];
    },
  };
}

function roundLine(
  round: DueView,
  kept: readonly KeptTemplate[],
  mustExplain: boolean,
): readonly SheetLine[] {
  const { id, template, state, fromMs, byMs, assignee = '' } = round;
  const found = kept.find((one) => one.template.id === template);
  if (state === 'upcoming' || found === undefined) return [];
  const common = { key: id, name: found.template.name, params: { byMs, person: assignee } };
  if (state !== 'overdue' && state !== 'missed') return [{ ...common, ...howDone(round) }];
  // Nobody could do in time what had begun before it was planned.
  if (fromMs < found.sinceMs) return [];
  const line = { ...common, code: `round_${state}`, weight: 'heed' } as const;
  return [mustExplain ? { ...line, isUnfinished: true } : line];
}

function howDone({ state, result }: DueView): Pick<SheetLine, 'code' | 'weight'> {
  if (state === 'open') return { code: 'round_open', weight: 'heed' };
  const code = `round_${result}${state === 'late' ? '_late' : ''}`;
  return { code, weight: result === 'normal' ? 'plain' : 'heed' };
}

function taskLine(task: RoundTask, templates: ReadonlyMap<string, RoundTemplate>): SheetLine {
  const { id, template, item, note, owner, openedAtMs: sinceMs } = task;
  const of = templates.get(template);
  const name = of && itemsOf(of).find((one) => one.item.id === item)?.item.name;
  return {
    key: `task ${id}`,
    code: owner === undefined ? 'round_task' : 'round_task_owned',
    name: name ?? { 'zh-CN': item, en: item },
    params: { note, sinceMs, person: owner ?? '' },
    weight: 'heed',
  };
}
