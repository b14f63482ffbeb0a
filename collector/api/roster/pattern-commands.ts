import { isDeepStrictEqual } from 'node:util';
import { Type, type Static } from 'typebox';
import { ACCOUNT_NAME } from '../../../config/model/account.ts';
import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { ROTA_UNITS, type Pattern } from '../../../config/model/roster.ts';
import { Closed, OneOf } from '../../../config/schema/common.ts';
import { instantOf } from '../../duty/roster/days.ts';
import { patternById, removePattern, savePattern } from '../../records/roster.ts';
import type { Db } from '../../records/tables.ts';
import type { ApiPlugin } from '../api.ts';
import { commandRoute } from '../commands.ts';
import { InvalidRequestError } from '../refusals.ts';
import { madeId } from '../made-id.ts';
import {
  addDays,
  Day,
  effectsOfChange,
  PostName,
  rangeOfDays,
  RecordId,
  required,
  requireDays,
  requireKeepers,
  todayOf,
  type RosterApiDeps,
} from './roster-deps.ts';

const Time = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' });
const Title = Type.String({ pattern: '^[^\\p{C}]*[^\\p{C}\\s][^\\p{C}]*$', maxLength: 60 });
const ShiftInput = Closed(
  {
    id: Type.Optional(Type.String({ pattern: '^[0-9a-z]{1,16}$' })),
    name: Title,
    startsAt: Time,
    endsAt: Time,
    days: Type.Union([
      OneOf(['every', 'workdays', 'restdays'], 'Days by the calendar.'),
      Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7, uniqueItems: true }),
    ]),
    isOnCall: Type.Boolean(),
  },
  'A shift that comes again.',
);
const RotaInput = Closed(
  {
    post: PostName,
    groups: Type.Array(Type.Array(Type.String({ pattern: ACCOUNT_NAME }), { maxItems: 10 }), {
      minItems: 1,
      maxItems: 60,
    }),
    unit: OneOf(ROTA_UNITS, 'By what it goes on.'),
    every: Type.Integer({ minimum: 1, maximum: 60 }),
    offsets: Type.Array(Type.Union([Type.Integer({ minimum: -60, maximum: 60 }), Type.Null()]), {
      minItems: 1,
      maxItems: 12,
    }),
  },
  'People who take turns.',
);
const PatternInput = Closed(
  {
    /** The pattern that this one follows. */
    id: Type.Optional(RecordId),
    name: Title,
    isTemporary: Type.Boolean(),
    fromDay: Day,
    toDay: Type.Optional(Day),
    /** The day from which turns count; that of the pattern before it when absent. */
    countsFrom: Type.Optional(Day),
    shifts: Type.Array(ShiftInput, { minItems: 1, maxItems: 12 }),
    rotas: Type.Array(RotaInput, { maxItems: 20 }),
  },
  'A plan of shifts that repeats.',
);
type PatternInput = Static<typeof PatternInput>;

/** What becomes of the stored patterns. */
interface Change {
  readonly saved: readonly Pattern[];
  readonly removed: readonly Pattern[];
}
interface Undo {
  /** As they were before, and as the command left them. */
  readonly before: readonly Pattern[];
  readonly after: readonly Pattern[];
}

/** How far ahead a preview looks for gaps and faults. */
const LOOK_DAYS = 31;

/** Plans shifts that repeat, or goes on with another pattern from a day: what is over stays as it was planned. */
export function changePattern(deps: RosterApiDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'change-pattern',
    input: PatternInput,
    async plan(db, input, by) {
      const today = todayOf(deps, by.atMs);
      requireSound(input, today);
      const before = input.id === undefined ? undefined : await patternById(db, input.id);
      if (input.id !== undefined) required(before, 'pattern');
      const pattern = await patternOf(deps, db, { input, before, id: madeId([input, by.atMs]) });
      const change = followed(pattern, before);
      return {
        effects: await effectsOf(deps, db, { change, begins: pattern, today }),
        target: pattern.name,
        basis: { input, before: before ?? null },
        details: { change, before },
        ...(before === undefined ? {} : { before }),
        after: pattern,
      };
    },
    async act(step, { details: { change, before } }) {
      await keep(step, change);
      deps.onChange?.();
      const undo: Undo = { before: before === undefined ? [] : [before], after: change.saved };
      return { result: { id: change.saved[0]?.id }, undo };
    },
    undo: (step, undo) => takeBack(deps, step, undo as Undo),
  });
}

/** Lets a pattern end on a day; one that has not begun by then goes. */
export function endPattern(deps: RosterApiDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'end-pattern',
    input: Closed({ id: RecordId, toDay: Day }, 'A pattern, and its last day.'),
    async plan(db, { id, toDay }, by) {
      requireDays({ toDay });
      const today = todayOf(deps, by.atMs);
      if (toDay < addDays(today, -1)) {
        throw new InvalidRequestError([{ path: 'input.toDay', message: 'is over: what was planned stays' }]);
      }
      const before = required(await patternById(db, id), 'pattern');
      const change: Change =
        before.fromDay > toDay
          ? { saved: [], removed: [before] }
          : { saved: [{ ...before, toDay }], removed: [] };
      return {
        effects: await effectsOf(deps, db, { change, ends: { pattern: before, toDay }, today }),
        target: before.name,
        basis: before,
        details: { change, before },
        before,
        after: { toDay },
      };
    },
    async act(step, { details: { change, before } }) {
      await keep(step, change);
      deps.onChange?.();
      const undo: Undo = { before: [before], after: change.saved };
      return { undo };
    },
    undo: (step, undo) => takeBack(deps, step, undo as Undo),
  });
}

function requireSound({ fromDay, toDay, countsFrom, shifts, rotas }: PatternInput, today: string): void {
  requireDays({ fromDay, toDay, countsFrom });
  const faults: { path: string; message: string }[] = [];
  const fail = (path: string, message: string): void => void faults.push({ path: `input.${path}`, message });
  if (fromDay < today) fail('fromDay', 'is over: what was planned stays as it was');
  if (toDay !== undefined && toDay < fromDay) fail('toDay', 'is before the first day');
  const ids = shifts.flatMap(({ id }) => id ?? []);
  if (new Set(ids).size < ids.length) fail('shifts', 'name a shift twice');
  for (const [index, { offsets }] of rotas.entries()) {
    if (offsets.length !== shifts.length) fail(`rotas.${index}.offsets`, 'must be one for each shift');
  }
  if (faults.length > 0) throw new InvalidRequestError(faults);
}

async function patternOf(
  deps: RosterApiDeps,
  db: Db,
  {
    input: { countsFrom, toDay, ...input },
    before,
    id,
  }: { readonly input: PatternInput; readonly before: Pattern | undefined; readonly id: string },
): Promise<Pattern> {
  const atMs = instantOf(input.fromDay, '12:00', deps.timeZone());
  const wanted = input.rotas.flatMap(({ groups }, rota) =>
    groups.flatMap((group, index) =>
      group.map((name) => ({ path: `input.rotas.${rota}.groups.${index}`, name, atMs })),
    ),
  );
  const names = await requireKeepers(deps, db, wanted);
  return {
    ...input,
    id,
    ...(toDay === undefined ? {} : { toDay }),
    countsFrom: countsFrom ?? before?.countsFrom ?? input.fromDay,
    shifts: input.shifts.map((shift, index) => ({
      ...shift,
      id: shift.id ?? madeId([id, index]).slice(0, 8),
    })),
    rotas: input.rotas.map((rota) => ({
      ...rota,
      groups: rota.groups.map((group) => [...new Set(group.map((name) => names.get(name) ?? name))]),
    })),
  };
}

/** A pattern follows another: that one ends on the day before, or goes where it had not begun. */
function followed(pattern: Pattern, before: Pattern | undefined): Change {
  if (before === undefined) return { saved: [pattern], removed: [] };
  if (before.fromDay >= pattern.fromDay) return { saved: [pattern], removed: [before] };
  const lastDay = addDays(pattern.fromDay, -1);
  const isOver = before.toDay !== undefined && before.toDay <= lastDay;
  return { saved: isOver ? [pattern] : [pattern, { ...before, toDay: lastDay }], removed: [] };
}

interface Considered {
  readonly change: Change;
  readonly begins?: Pattern;
  readonly ends?: { readonly pattern: Pattern; readonly toDay: string };
  readonly today: string;
}

async function effectsOf(
  deps: RosterApiDeps,
  db: Db,
  { change, begins, ends, today }: Considered,
): Promise<readonly Effect[]> {
  const first = begins?.fromDay ?? (ends === undefined ? today : addDays(ends.toDay, 1));
  const from = first < today ? today : first;
  const last = begins?.toDay ?? addDays(from, LOOK_DAYS - 1);
  const range = rangeOfDays(deps, from, last);
  const plan = await deps.roster.plan(range, db);
  const gone = new Set([...change.saved, ...change.removed].map(({ id }) => id));
  const patterns = [...plan.patterns.filter(({ id }) => !gone.has(id)), ...change.saved];
  const years = new Set([from.slice(0, 4), last.slice(0, 4)].map(Number));
  const unknown = [...years].filter((year) => !deps.roster.calendar().isKnown(year));
  return [
    ...(begins === undefined
      ? []
      : [
          {
            code: 'roster_pattern_begins' as const,
            params: { name: begins.name, fromDay: begins.fromDay, toDay: begins.toDay ?? '…' },
          },
        ]),
    ...(ends === undefined ? [] : [endEffect(ends)]),
    { code: 'roster_looked_at', params: { fromDay: from, toDay: addDays(from, LOOK_DAYS - 1) } },
    ...unknown.map((year): Effect => ({ code: 'roster_calendar_unknown', params: { year } })),
    ...(await effectsOfChange(deps, db, { plan, range }, { patterns })),
  ];
}

function endEffect({ pattern, toDay }: NonNullable<Considered['ends']>): Effect {
  return pattern.fromDay > toDay
    ? { code: 'roster_pattern_gone', params: { name: pattern.name } }
    : { code: 'roster_pattern_ends', params: { name: pattern.name, toDay } };
}

async function keep(step: Db, { saved, removed }: Change): Promise<void> {
  for (const { id } of removed) await removePattern(step, id);
  for (const pattern of saved) await savePattern(step, pattern);
}

async function takeBack(deps: RosterApiDeps, step: Db, { before, after }: Undo): Promise<readonly Effect[]> {
  for (const pattern of after) {
    if (isDeepStrictEqual(await patternById(step, pattern.id), pattern)) continue;
    throw new WatchkeeperError('conflict', `${pattern.name} was changed since; it cannot be taken back.`);
  }
  await keep(step, {
    saved: before,
    removed: after.filter(({ id }) => before.every((each) => each.id !== id)),
  });
  deps.onChange?.();
  const [first] = before;
  return first === undefined
    ? [{ code: 'roster_pattern_gone', params: { name: after[0]?.name ?? '' } }]
    : [{ code: 'roster_pattern_restored', params: { name: first.name } }];
}
