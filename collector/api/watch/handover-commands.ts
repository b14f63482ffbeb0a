import { Type } from 'typebox';
import type { Leave } from '../../../config/model/attendance.ts';
import type { Effect } from '../../../config/model/command.ts';
import type { HandoverAct, HandoverKind } from '../../../config/model/handover.ts';
import type { WatchPost } from '../../../config/model/watch.ts';
import type { LogCode } from '../../../config/model/watch-log.ts';
import { Closed } from '../../../config/schema/common.ts';
import { WatchRefusedError } from '../../duty/watch/refused.ts';
import { openDutyRecords } from '../../records/duty.ts';
import type { Db } from '../../records/tables.ts';
import { addHandover, openHandovers, saveHandover } from '../../records/watch.ts';
import type { ApiPlugin } from '../api.ts';
import type { Actor } from '../commands.ts';
import { AccountName } from '../session.ts';
import { freeze } from './freeze.ts';
import { requireQualified } from './qualified.ts';
import {
  holderOf,
  logged,
  Post,
  RecordId,
  requireHandover,
  requirePerson,
  stepped,
  Text,
  watchCommand,
  Weight,
  type WatchDeps,
  type WatchPlan,
} from './watch-deps.ts';

interface StartInput {
  readonly post?: WatchPost;
  readonly to?: string;
  readonly isRelief?: boolean;
}

interface Parties {
  readonly post: WatchPost;
  readonly outgoing: string;
  readonly incoming: string;
  readonly kind: HandoverKind;
}

/** Who gives, who takes, and of what kind that is. */
async function partiesOf(deps: WatchDeps, db: Db, input: StartInput, by: Actor): Promise<Parties> {
  const { post = 'operator', isRelief = false } = input;
  const { name } = by.account;
  const outgoing = await holderOf(db, post, by.atMs);
  if (outgoing === undefined) throw new WatchRefusedError('post_empty');
  const incoming = input.to === undefined ? name : await requirePerson(db, input.to);
  if (incoming === outgoing) throw new WatchRefusedError('same_person');
  const mayStart = [outgoing, incoming, ...deps.desk.leaders(by.atMs)];
  if (!mayStart.includes(name)) throw new WatchRefusedError('not_yours');
  await requireNoHandover(db, post);
  if (isRelief) return { post, outgoing, incoming, kind: 'relief' };
  const isStandIn = (await leavesOf(db, post)).some((leave) => isPassage(leave, outgoing, incoming));
  return { post, outgoing, incoming, kind: isStandIn ? 'stand_in' : 'shift' };
}

/** @throws {WatchRefusedError} `handover_open` */
export async function requireNoHandover(db: Db, post: WatchPost): Promise<void> {
  const isOpen = (await openHandovers(db)).some((open) => open.post === post);
  if (isOpen) throw new WatchRefusedError('handover_open');
}

export async function leavesOf(db: Db, post: WatchPost) {
  const open = await openDutyRecords(db);
  return open.filter(
    (record): record is Leave & { id: number } => record.kind === 'leave' && record.post === post,
  );
}

/** To the stand-in who is there, or back from the stand-in. */
export function isPassage({ state, person, standIn }: Leave, outgoing: string, incoming: string): boolean {
  const isGoing = state.kind === 'stand_in_there' && person === outgoing && standIn === incoming;
  return isGoing || (state.kind === 'off' && standIn === outgoing && person === incoming);
}

/** Begins a handover: the sheet fills itself and is frozen. */
export function startHandover(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'start-handover',
    input: Closed(
      {
        post: Type.Optional(Post),
        to: Type.Optional(AccountName),
        isRelief: Type.Optional(Type.Boolean()),
      },
      'Who takes over; oneself when absent.',
    ),
    async plan(db, input, by): Promise<WatchPlan> {
      const parties = await partiesOf(deps, db, input, by);
      const { post, outgoing, incoming, kind } = parties;
      const order = { ...parties, by: by.account.name, atMs: by.atMs };
      const { handover, sheet } = await freeze(deps, db, order);
      const effects: Effect[] = [
        { code: 'watch_sheet_frozen', params: { n: handover.blocks.length } },
        {
          code: kind === 'relief' ? 'watch_relief_signs' : 'watch_both_sign',
          params: { outgoing, incoming },
        },
        { code: 'watch_stays', params: { person: outgoing } },
        ...(await requireQualified(deps, db, incoming, by.atMs)),
      ];
      if (deps.isGrave() && kind !== 'relief') effects.push({ code: 'watch_leader_signs' });
      return {
        effects,
        target: post,
        basis: parties,
        after: { post, kind, outgoing, incoming, sheetHash: handover.sheetHash },
        async write(step) {
          const id = await addHandover(step, handover, sheet);
          const params = { handover: id, outgoing, incoming };
          await logged(step, { atMs: by.atMs, code: 'handover_started', author: by.account.name, params });
          return { result: { id } };
        },
      };
    },
  });
}

interface ActOn {
  readonly handover: number;
}

/** Everything that happens in a handover but its beginning and its signatures. */
async function planAct(
  deps: WatchDeps,
  db: Db,
  {
    input,
    act,
    effects,
    code,
    basis,
  }: {
    readonly input: ActOn;
    readonly act: HandoverAct;
    readonly effects: readonly Effect[];
    readonly code?: LogCode;
    readonly basis?: unknown;
  },
): Promise<WatchPlan> {
  const { handover } = await requireHandover(db, input.handover);
  const next = stepped(deps, handover, act);
  const { by, atMs, ...told } = act;
  return {
    effects,
    target: String(handover.id),
    basis: [handover.id, handover.sheetHash, basis ?? told],
    after: told,
    async write(step) {
      await saveHandover(step, next);
      if (code !== undefined) {
        const reason = 'reason' in act ? act.reason : '';
        await logged(step, { atMs, code, author: by, params: { handover: handover.id, reason } });
      }
      return {};
    },
  };
}

const said = ({ account, atMs }: Actor) => ({ by: account.name, atMs });
const Block = Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' });

export function openBlock(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'open-block',
    input: Closed({ handover: RecordId, block: Block }, 'A block that the incoming has opened.'),
    plan: (db, input, by) =>
      planAct(deps, db, {
        input,
        act: { kind: 'open', block: input.block, ...said(by) },
        effects: [{ code: 'watch_block_opened' }],
      }),
  });
}

export function askHandover(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'ask-handover',
    input: Closed({ handover: RecordId, block: Block, text: Text }, 'A question of the incoming.'),
    plan: (db, input, by) =>
      planAct(deps, db, {
        input,
        act: { kind: 'ask', block: input.block, text: input.text, ...said(by) },
        effects: [{ code: 'watch_asked' }],
      }),
  });
}

export function answerHandover(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'answer-handover',
    input: Closed(
      { handover: RecordId, question: Type.Integer({ minimum: 0, maximum: 1_000 }), text: Text },
      'An answer to it.',
    ),
    plan: (db, input, by) =>
      planAct(deps, db, {
        input,
        act: { kind: 'answer', question: input.question, text: input.text, ...said(by) },
        effects: [{ code: 'watch_answered' }],
      }),
  });
}

export function carryOver(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'carry-over',
    input: Closed(
      {
        handover: RecordId,
        line: Type.Optional(Type.String({ maxLength: 400 })),
        subject: Text,
        reason: Text,
        description: Text,
        weight: Weight,
      },
      'What was not done, why, and what exactly remains.',
    ),
    async plan(db, { handover: id, ...item }, by) {
      const { handover } = await requireHandover(db, id);
      const { incoming: person } = handover;
      return planAct(deps, db, {
        input: { handover: id },
        act: { kind: 'carry', item, ...said(by) },
        effects: [{ code: 'watch_carried', params: { subject: item.subject, person } }],
      });
    },
  });
}

function ending(deps: WatchDeps, kind: 'return' | 'withdraw'): ApiPlugin {
  const isReturn = kind === 'return';
  return watchCommand(deps, {
    name: isReturn ? 'return-handover' : 'withdraw-handover',
    input: Closed({ handover: RecordId, reason: Text }, 'Why.'),
    async plan(db, input, by) {
      const { handover } = await requireHandover(db, input.handover);
      const { outgoing: person = '' } = handover;
      const isLeader = deps.desk.leaders(by.atMs).includes(by.account.name);
      const act: HandoverAct = isReturn
        ? { kind, reason: input.reason, ...said(by) }
        : { kind: 'withdraw', reason: input.reason, isLeader, ...said(by) };
      return planAct(deps, db, {
        input,
        act,
        effects: [
          { code: isReturn ? 'watch_returned' : 'watch_withdrawn' },
          { code: 'watch_stays', params: { person } },
        ],
        code: isReturn ? 'handover_returned' : 'handover_withdrawn',
      });
    },
  });
}

/** The right of the incoming to have the work done first (R5). */
export const returnHandover = (deps: WatchDeps): ApiPlugin => ending(deps, 'return');
export const withdrawHandover = (deps: WatchDeps): ApiPlugin => ending(deps, 'withdraw');
