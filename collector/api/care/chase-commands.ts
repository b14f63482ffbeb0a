import { Type } from 'typebox';
import type { Alerting } from '../../../alerting/alerting.ts';
import type { ChaseRecord } from '../../../config/model/chase.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { Closed } from '../../../config/schema/common.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { saveChase } from '../../records/chases.ts';
import type { Db } from '../../records/tables.ts';
import { afterCommit } from '../../records/transaction.ts';
import type { ApiPlugin } from '../api.ts';
import { commandRoute } from '../commands.ts';

export interface ChaseDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly alerting: Pick<Alerting, 'chases' | 'chaseTook'>;
}

/** @throws {WatchkeeperError} `not_found` */
function requireOpen({ alerting }: ChaseDeps, id: string): ChaseRecord {
  const record = alerting.chases().find((one) => one.id === id && one.endedAtMs === undefined);
  if (record === undefined) throw new WatchkeeperError('not_found', 'This is not overdue any more.');
  return record;
}

async function keep(step: Db, { alerting }: ChaseDeps, record: ChaseRecord): Promise<void> {
  await saveChase(step, record);
  afterCommit(step, () => alerting.chaseTook(record));
}

/** Says what became of something that is overdue: who asks is answered, and asks again only after a while. */
export function answerChase(deps: ChaseDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'answer-chase',
    input: Closed(
      {
        id: Type.String({ minLength: 1, maxLength: 300 }),
        text: Type.String({ pattern: '\\S', maxLength: 1_000 }),
      },
      'An answer to a reminder.',
    ),
    async plan(_db, { id, text }, by) {
      const record = requireOpen(deps, id);
      const answer = { person: by.account.name, atMs: by.atMs, text: text.trim() };
      return {
        effects: [{ code: 'chase_answered' }, { code: 'chase_waits' }],
        target: id,
        basis: { id, text, was: record.answer },
        details: { before: record, after: { ...record, answer } },
        before: { answer: record.answer },
        after: { answer: answer.text },
      };
    },
    async act(step, { details: { before, after } }) {
      await keep(step, deps, after);
      return { undo: { id: after.id, before: before.answer ?? null, after: after.answer } };
    },
    async undo(step, undo) {
      const { id, before, after } = undo as {
        readonly id: string;
        readonly before: ChaseRecord['answer'] | null;
        readonly after: ChaseRecord['answer'];
      };
      const record = requireOpen(deps, id);
      if (JSON.stringify(record.answer) !== JSON.stringify(after))
        throw new WatchkeeperError('conflict', 'Something has happened since: this cannot be taken back.');
      const { answer: _answer, ...rest } = record;
      await keep(step, deps, before === null || before === undefined ? rest : { ...rest, answer: before });
      return [{ code: 'chase_unanswered' }];
    },
  });
}
