import { Type } from 'typebox';
import { DUTY_PHONE, type CallTry, type Count, type OpenItem } from '../../../config/model/attendance.ts';
import { ATTACHMENT_MAX_BYTES, MAX_ATTACHMENTS, TAG_PATTERN } from '../../../config/model/watch-log.ts';
import { Closed, OneOf } from '../../../config/schema/common.ts';
import { WatchRefusedError } from '../../duty/watch/refused.ts';
import {
  addDutyRecord,
  addLogEntry,
  attachmentById,
  dutyRecordById,
  findLog,
  saveDutyRecord,
} from '../../records/duty.ts';
import type { Db } from '../../records/tables.ts';
import { afterCommit } from '../../records/transaction.ts';
import type { ApiPlugin } from '../api.ts';
import { AccountName } from '../session.ts';
import { logged, RecordId, requirePerson, Text, watchCommand, Weight, type WatchDeps } from './watch-deps.ts';

async function attachmentsOf(db: Db, ids: readonly number[], author: string) {
  return Promise.all(
    ids.map(async (id) => {
      const found = await attachmentById(db, id);
      if (found?.person !== author) throw new WatchRefusedError('no_such_record');
      const { name, mediaType, bytes } = found;
      return { id, name, mediaType, bytes: Math.min(bytes, ATTACHMENT_MAX_BYTES) };
    }),
  );
}

/** Writes into the watch log; what is wrong in it is corrected by another entry. */
export function writeLog(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'write-log',
    input: Closed(
      {
        text: Text,
        tags: Type.Optional(Type.Array(Type.String({ pattern: TAG_PATTERN }), { maxItems: 12 })),
        attachments: Type.Optional(Type.Array(RecordId, { maxItems: MAX_ATTACHMENTS })),
        corrects: Type.Optional(RecordId),
      },
      'What happened.',
    ),
    async plan(db, { text, tags = [], attachments: ids = [], corrects }, by) {
      const { account, atMs } = by;
      if (text.trim() === '' && ids.length === 0) throw new WatchRefusedError('nothing_said');
      if (corrects !== undefined) {
        const [known] = await findLog(db, { beforeId: corrects + 1, limit: 1 });
        if (known?.id !== corrects || known.code !== 'note') throw new WatchRefusedError('no_such_record');
      }
      const attachments = await attachmentsOf(db, ids, account.name);
      return {
        effects: [{ code: corrects === undefined ? 'watch_noted' : 'watch_corrected' }],
        target: account.name,
        basis: [text, tags, ids, corrects],
        after: { text, tags, attachments: ids, corrects },
        async write(step) {
          const id = await addLogEntry(step, {
            atMs,
            author: account.name,
            code: 'note',
            text,
            params: {},
            tags: [...new Set(tags)],
            attachments,
            ...(corrects === undefined ? {} : { corrects }),
          });
          return { result: { id } };
        },
      };
    },
  });
}

/** Something that superiors tell, or that remains to be done. */
export function openItem(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'open-item',
    input: Closed(
      {
        sort: OneOf(['carried', 'notice'], 'Work, or a notice.'),
        subject: Text,
        description: Text,
        weight: Weight,
        owner: Type.Optional(AccountName),
      },
      'An open item; of whoever is on watch where nobody is named.',
    ),
    async plan(db, { sort, subject, description, weight, owner: named }, by) {
      const { account, atMs } = by;
      if (subject.trim() === '') throw new WatchRefusedError('nothing_said');
      const [onWatch] = deps.desk.onWatch('operator', atMs);
      const owner = await requirePerson(db, named ?? onWatch ?? account.name);
      const item: OpenItem = {
        kind: 'open_item',
        sort,
        subject,
        reason: '',
        description,
        weight,
        owner,
        sinceMs: atMs,
        from: account.name,
        carried: 0,
      };
      return {
        effects: [{ code: 'watch_item_of', params: { subject, person: owner } }],
        target: owner,
        basis: [sort, subject, description, weight, owner],
        after: { sort, subject, description, weight, owner },
        async write(step) {
          const id = await addDutyRecord(step, item, atMs);
          const params = { subject, person: owner };
          await logged(step, { atMs, code: 'item_opened', author: account.name, params });
          return { result: { id } };
        },
      };
    },
  });
}

/** An item is done, or a leader confirms what was said by telephone. */
export function closeItem(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'close-item',
    input: Closed({ item: RecordId, note: Text }, 'What was done.'),
    async plan(db, { item: id, note }, by) {
      const item = await dutyRecordById(db, id);
      if (item?.kind !== 'open_item' || item.done !== undefined)
        throw new WatchRefusedError('no_such_record');
      const { account, atMs } = by;
      // Nobody confirms for the leader.
      if (item.sort === 'confirm' && item.owner !== account.name) throw new WatchRefusedError('not_yours');
      const { subject } = item;
      return {
        effects: [
          { code: item.sort === 'confirm' ? 'watch_confirmed' : 'watch_item_done', params: { subject } },
        ],
        target: String(id),
        basis: [id, note],
        after: { subject, note },
        async write(step) {
          await saveDutyRecord(step, { ...item, done: { by: account.name, atMs, note } });
          await logged(step, { atMs, code: 'item_done', author: account.name, params: { subject, note } });
          return item.sort === 'confirm' ? {} : { undo: { id } };
        },
      };
    },
    async undo(step, done, by) {
      const { id } = done as { readonly id: number };
      const item = await dutyRecordById(step, id);
      if (item?.kind !== 'open_item' || item.done === undefined)
        throw new WatchRefusedError('no_such_record');
      const { done: _over, ...open } = item;
      await saveDutyRecord(step, open);
      const { subject, owner: person } = item;
      await logged(step, {
        atMs: by.atMs,
        code: 'item_opened',
        author: by.account.name,
        params: { subject, person },
      });
      return [{ code: 'watch_item_of', params: { subject, person } }];
    },
  });
}

const Item = Closed(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    expected: Type.Integer({ minimum: 0, maximum: 10_000 }),
    found: Type.Integer({ minimum: 0, maximum: 10_000 }),
  },
  'A key, radio or tool.',
);

/** Keys, radios and tools are counted. */
export function countEquipment(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'count-equipment',
    input: Closed(
      { items: Type.Array(Item, { minItems: 1, maxItems: 100 }) },
      'What should be there, and is.',
    ),
    async plan(_db, { items }, by) {
      const { account, atMs } = by;
      const record: Count = { kind: 'count', by: account.name, atMs, items };
      const missing = items.filter(({ expected, found }) => found < expected);
      const names = missing.map(({ name }) => name).join(', ');
      return {
        effects: [
          missing.length === 0
            ? { code: 'watch_all_there', params: { n: items.length } }
            : { code: 'watch_missing', params: { n: missing.length, names } },
        ],
        target: account.name,
        basis: items,
        after: { items },
        async write(step) {
          await addDutyRecord(step, record, atMs);
          const params = { n: items.length, missing: names };
          await logged(step, { atMs, code: 'counted', author: account.name, params });
          return {};
        },
      };
    },
  });
}

/** The duty phone, or somebody of the call tree, was tried; by hand where nothing can ring them. */
export function recordCall(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'record-call',
    input: Closed(
      {
        person: Type.String({ minLength: 1, maxLength: 100 }),
        result: OneOf(['answered', 'no_answer', 'wrong_number'], 'What came of it.'),
        note: Text,
      },
      'A try.',
    ),
    async plan(_db, { person, result, note }, by) {
      const { account, atMs } = by;
      const record: CallTry = { kind: 'call', person, atMs, by: account.name, result, note };
      return {
        effects: [
          person === DUTY_PHONE
            ? { code: 'watch_duty_phone_kept' }
            : { code: 'watch_call_kept', params: { person } },
        ],
        target: person,
        basis: [person, result, note],
        after: { result, note },
        async write(step) {
          await addDutyRecord(step, record, atMs);
          await logged(step, {
            atMs,
            code: 'called',
            author: account.name,
            params: { person, result, note },
          });
          afterCommit(step, deps.onTried);
          return {};
        },
      };
    },
  });
}
