import { Type, type Static, type TSchema } from 'typebox';
import type { CommandName, Effect } from '../../../config/model/command.ts';
import type { HandoverAct, Handover } from '../../../config/model/handover.ts';
import { stepHandover } from '../../../config/model/handover-step.ts';
import type { LedgerLine } from '../../../config/model/ledger.ts';
import type { Roster } from '../../../config/model/shift.ts';
import { WATCH_POSTS, type WatchPost } from '../../../config/model/watch.ts';
import type { LogCode, WatchLogEntry } from '../../../config/model/watch-log.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import type { Log } from '../../../config/runtime/log.ts';
import { OneOf } from '../../../config/schema/common.ts';
import { holdsOneOf } from '../../../config/model/access.ts';
import type { QualificationRules } from '../../duty/people/qualifications.ts';
import type { SheetBlock } from '../../duty/watch/blocks/block.ts';
import type { WatchDesk } from '../../duty/watch/desk.ts';
import { sealHash, signatureHash } from '../../duty/watch/hashes.ts';
import type { TellByMail } from '../../duty/watch/mail.ts';
import { WatchRefusedError } from '../../duty/watch/refused.ts';
import { accountByName } from '../../records/accounts.ts';
import { addLogEntry } from '../../records/duty.ts';
import type { Db } from '../../records/tables.ts';
import { handoverById, LAST_ID, lastWatchMs, ledgerLineAt, type KeptHandover } from '../../records/watch.ts';
import type { ApiPlugin } from '../api.ts';
import type { Proofs } from '../auth/proofs.ts';
import { commandRoute, type Actor, type Outcome, type Plan } from '../commands.ts';
import { MAY_ACT } from '../care/colleagues.ts';

/** What the commands about the watch need. */
export interface WatchDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly desk: WatchDesk;
  readonly roster: Roster;
  readonly blocks: readonly SheetBlock[];
  /** A level-1 alert or incident goes on. */
  readonly isGrave: () => boolean;
  readonly proofs: Proofs;
  /** A watch has ended: running figures begin anew. */
  readonly onSealed: () => void;
  /** Somebody of the call tree was tried: who is still to be tried is another list. */
  readonly onTried: () => void;
  readonly tell: TellByMail;
  /** From which day on who lacks a qualification is refused, by the days of which zone. */
  readonly qualifications: () => QualificationRules;
}

/** Does it, in the transaction of its line of the audit. */
type Write = (step: Db) => Promise<Outcome<unknown>>;
export type WatchPlan = Omit<Plan<unknown>, 'details'> & { readonly write: Write };

interface WatchCommand<Input extends TSchema> {
  readonly name: CommandName;
  readonly input: Input;
  readonly plan: (db: Db, input: Static<Input>, by: Actor) => Promise<WatchPlan>;
  readonly undo?: (step: Db, undo: unknown, by: Actor) => Promise<readonly Effect[]>;
}

/** A command about the watch: refused while the clock is behind the records; the desk follows what it wrote. */
export function watchCommand<Input extends TSchema>(
  deps: WatchDeps,
  { name, input, plan, undo }: WatchCommand<Input>,
): ApiPlugin {
  return commandRoute<Input, Write, unknown>(deps, {
    name,
    input,
    async plan(db, asked, by) {
      if (by.atMs < (await lastWatchMs(db))) throw new WatchRefusedError('clock_behind');
      const { write, ...rest } = await plan(db, asked, by);
      return { ...rest, details: write };
    },
    async act(step, { details }) {
      const outcome = await details(step);
      deps.desk.follow(step);
      return outcome;
    },
    ...(undo === undefined
      ? { noUndo: 'What the watch has on record is only added to; a further entry makes it good.' }
      : {
          async undo(step: Db, done: unknown, by: Actor) {
            const effects = await undo(step, done, by);
            deps.desk.follow(step);
            return effects;
          },
        }),
  });
}

export const Text = Type.String({ maxLength: 4_000 });
export const Post = OneOf([...WATCH_POSTS], 'A post of the watch.');
export const RecordId = Type.Integer({ minimum: 1, maximum: LAST_ID - 1 });
export const Instant = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const Weight = OneOf(['plain', 'heed', 'grave'], 'How much it presses.');
export const Proof = Type.Optional(Type.String({ maxLength: 64 }));
export const Way = Type.Optional(OneOf(['password', 'code'], 'How it was proved.'));

/** @throws {WatchRefusedError} `unknown_person` */
export async function requirePerson(db: Db, name: string): Promise<string> {
  const found = await accountByName(db, name);
  const isFit = found !== undefined && !found.isDisabled && holdsOneOf(found.account.roles, MAY_ACT);
  if (!isFit) throw new WatchRefusedError('unknown_person');
  return found.account.name;
}

/** @throws {WatchRefusedError} `not_leader` */
export function requireLeader({ desk }: WatchDeps, name: string, atMs: number): void {
  if (!desk.leaders(atMs).includes(name)) throw new WatchRefusedError('not_leader');
}

export async function requireHandover(db: Db, id: number): Promise<KeptHandover> {
  const kept = await handoverById(db, id);
  if (kept === undefined) throw new WatchRefusedError('no_such_record');
  return kept;
}

/** Who has a post, as the step sees it. */
export async function holderOf(db: Db, post: WatchPost, atMs: number): Promise<string | undefined> {
  return (await ledgerLineAt(db, post, atMs))?.person;
}

/** The handover after an act. @throws {WatchRefusedError} why not */
export function stepped({ isGrave }: WatchDeps, handover: Handover, act: HandoverAct): Handover {
  const outcome = stepHandover(handover, act, {
    isGrave: isGrave(),
    hashOf: signatureHash,
    sealOf: sealHash,
  });
  if ('refused' in outcome) throw new WatchRefusedError(outcome.refused);
  return outcome.next;
}

/** What the product writes into the watch log of what people did. */
export async function logged(
  step: Db,
  {
    atMs,
    code,
    author,
    params = {},
  }: {
    readonly atMs: number;
    readonly code: LogCode;
    readonly author: string;
    readonly params?: WatchLogEntry['params'];
  },
): Promise<void> {
  await addLogEntry(step, { atMs, author, code, text: '', params, tags: [], attachments: [] });
}

export type NewLine = Omit<LedgerLine, 'id'>;
