import { createHash } from 'node:crypto';
import { Type, type Static, type TSchema } from 'typebox';
import type { CommandDone, CommandName, CommandPreview, Effect } from '../../config/model/command.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { Closed } from '../../config/schema/common.ts';
import { audited, type AuditEntry } from '../records/audit.ts';
import { createLane, type Lane } from '../records/lane.ts';
import type { Db } from '../records/tables.ts';
import { addUndoable, takeUndoable } from '../records/undoables.ts';
import type { ApiPlugin } from './api.ts';
import type { SignedIn } from './auth/sessions.ts';
import { newToken, tokenHashOf } from './auth/token.ts';
import { PlanChangedError } from './refusals.ts';
import { personOf } from './session.ts';

/** Who gives a command, and when. */
export interface Actor extends SignedIn {
  readonly atMs: number;
}

/** What a command is going to do. */
export interface Plan<Details> {
  readonly effects: readonly Effect[];
  /** Whom or what it concerns, for the audit. */
  readonly target: string;
  /** All that the plan rests on: if it is different when the command is given, nobody has agreed to that. */
  readonly basis: unknown;
  readonly details: Details;
  /** For the audit; never a secret. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What came of it. */
export interface Outcome<Result> {
  readonly result?: Result;
  /** What the command needs to take itself back. */
  readonly undo?: unknown;
}

interface CommandCore<Input extends TSchema, Details, Result> {
  readonly name: CommandName;
  readonly input: Input;
  /** Only looks. @throws {WatchkeeperError} when the command cannot be given. */
  plan(db: Db, input: Static<Input>, by: Actor): Promise<Plan<Details>>;
  /** Does it, in the transaction that holds its line of the audit, too. */
  act(step: Db, plan: Plan<Details>, by: Actor): Promise<Outcome<Result>>;
  /** How long it can be taken back; ten minutes when absent. */
  readonly undoMs?: number;
  readonly maxBodyBytes?: number;
}

/** Takes it back, or makes it good. @throws {WatchkeeperError} `conflict` when something has happened since. */
type Undo = (step: Db, undo: unknown, by: Actor) => Promise<readonly Effect[]>;

/**
 * A command as its part of the product defines it; the frame around it is the same for all. One that cannot be taken back
 * says why, and what makes it good instead.
 */
export type Command<Input extends TSchema, Details, Result> = CommandCore<Input, Details, Result> &
  ({ readonly undo: Undo } | { readonly undo?: never; readonly noUndo: string });

export interface CommandDeps {
  readonly db: Db;
  readonly clock: Clock;
}

const UNDO_MS = 10 * 60_000;

/** The route of one command: preview, do and undo. */
export function commandRoute<Input extends TSchema, Details, Result>(
  deps: CommandDeps,
  command: Command<Input, Details, Result>,
): ApiPlugin {
  const { name, input, maxBodyBytes } = command;
  const body = Type.Union([
    Closed({ mode: Type.Literal('preview'), input }, 'What would it do?'),
    Closed({ mode: Type.Literal('do'), input, version: Type.String({ maxLength: 64 }) }, 'Do it.'),
    Closed({ mode: Type.Literal('undo'), token: Type.String({ maxLength: 64 }) }, 'Take it back.'),
  ]);
  return (api) => {
    api.post(
      `/api/commands/${name}`,
      {
        schema: { body },
        config: { undo: undoWord(command) },
        ...(maxBodyBytes === undefined ? {} : { bodyLimit: maxBodyBytes }),
      },
      async (request): Promise<CommandPreview | CommandDone<Result>> => {
        const by: Actor = { ...personOf(request), atMs: deps.clock.nowMs() };
        // The union has just been checked by its schema.
        const asked = request.body as
          | { mode: 'preview'; input: Static<Input> }
          | { mode: 'do'; input: Static<Input>; version: string }
          | { mode: 'undo'; token: string };
        if (asked.mode === 'undo')
          return undoCommand(deps, command, { token: asked.token, by, origin: request.ip });
        const plan = await command.plan(deps.db, asked.input, by);
        const version = versionOf(plan);
        if (asked.mode === 'preview') return { effects: plan.effects, version };
        if (asked.version !== version) throw new PlanChangedError({ effects: plan.effects, version });
        return doCommand(deps, command, { ...asked, by, origin: request.ip });
      },
    );
  };
}

/** `possible`, or why a command cannot be taken back. */
function undoWord(command: { readonly undo?: unknown; readonly noUndo?: string }): string | undefined {
  return command.undo === undefined ? command.noUndo : 'possible';
}

interface Order<Input> {
  readonly input: Input;
  readonly version: string;
  readonly by: Actor;
  readonly origin: string;
}

async function doCommand<Input extends TSchema, Details, Result>(
  { db }: CommandDeps,
  command: Command<Input, Details, Result>,
  { input, version, by, origin }: Order<Static<Input>>,
): Promise<CommandDone<Result>> {
  // Planned anew: the audit's line must tell what was changed in the very transaction that changed it.
  const first = await command.plan(db, input, by);
  const { target, before, after } = first;
  const action = actionOf(command.name);
  const entry = { atMs: by.atMs, who: by.account.name, action, target, before, after, origin };
  const token = newToken();
  const endsAtMs = by.atMs + (command.undoMs ?? UNDO_MS);
  return inTurn(db, entry, async (step) => {
    const plan = await command.plan(step, input, by);
    const present = versionOf(plan);
    if (present !== version) throw new PlanChangedError({ effects: plan.effects, version: present });
    const { result, undo } = await command.act(step, plan, by);
    if (undo !== undefined) {
      const tokenHash = tokenHashOf(token);
      const accountId = by.account.id;
      await addUndoable(step, { tokenHash, accountId, command: command.name, target, undo, endsAtMs });
    }
    return {
      effects: plan.effects,
      ...(result === undefined ? {} : { result }),
      ...(undo === undefined ? {} : { undo: { token, endsAtMs } }),
    };
  });
}

async function undoCommand<Input extends TSchema, Details, Result>(
  { db }: CommandDeps,
  command: Command<Input, Details, Result>,
  { token, by, origin }: { readonly token: string; readonly by: Actor; readonly origin: string },
): Promise<CommandDone<Result>> {
  const tokenHash = tokenHashOf(token);
  const known = await knownUndoable(db, tokenHash);
  const entry = {
    atMs: by.atMs,
    who: by.account.name,
    action: `${actionOf(command.name)}_undone`,
    target: known ?? '',
    origin,
  };
  return inTurn(db, entry, async (step) => {
    const undoable = await takeUndoable(step, tokenHash, by.atMs);
    const isOwn = undoable?.accountId === by.account.id && undoable.command === command.name;
    if (!isOwn || command.undo === undefined) {
      throw new WatchkeeperError('not_found', 'This cannot be taken back (any more).');
    }
    return { effects: await command.undo(step, undoable.undo, by) };
  });
}

const LANES = new WeakMap<Db, Lane>();

/** One command after the other: what one decides by is what the one before it has left. */
export async function inTurn<T>(db: Db, entry: AuditEntry, act: (step: Db) => Promise<T>): Promise<T> {
  const lane = LANES.get(db) ?? createLane();
  LANES.set(db, lane);
  const leave = await lane.enter();
  try {
    return await audited(db, entry, act);
  } finally {
    leave();
  }
}

async function knownUndoable(db: Db, tokenHash: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('undoable')
    .select('target')
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  return row?.target;
}

const actionOf = (name: CommandName): string => name.replaceAll('-', '_');

function versionOf({ effects, basis }: Pick<Plan<unknown>, 'effects' | 'basis'>): string {
  return createHash('sha256')
    .update(JSON.stringify([effects.filter(({ isMoving }) => isMoving !== true), basis]))
    .digest('base64url');
}
