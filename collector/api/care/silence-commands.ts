import { Type, type Static } from 'typebox';
import type { Decided } from '../../../alerting/care/acts.ts';
import { dangerSilenceEndMs } from '../../../alerting/mute/silences.ts';
import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { Silence } from '../../../config/model/silence.ts';
import { formatMatchers, patternFault } from '../../../config/runtime/matchers.ts';
import { Closed, OneOf } from '../../../config/schema/common.ts';
import type { Db } from '../../records/tables.ts';
import type { ApiPlugin } from '../api.ts';
import { commandRoute, type Actor, type Plan } from '../commands.ts';
import { InvalidRequestError } from '../refusals.ts';
import { byOf, keep, type CareDeps } from './care-deps.ts';
import { coverOf, type Cover } from './cover.ts';

const Instant = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Id = Type.String({ pattern: '^[0-9a-f-]{36}$' });
const MatcherInput = Closed(
  {
    name: Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,127}$' }),
    op: OneOf(['=', '!=', '=~', '!~'], 'How it compares.'),
    value: Type.String({ maxLength: 500 }),
  },
  'One condition.',
);
export const Matchers = Type.Array(MatcherInput, { minItems: 1, maxItems: 20 });

type SilencePlan = Plan<Decided<Silence>>;

/** @throws {InvalidRequestError} for a pattern that is none. */
function requirePatterns(matchers: Static<typeof Matchers>): void {
  const faults = matchers.flatMap((matcher, index) => {
    const message = patternFault(matcher);
    return message === undefined ? [] : [{ path: `input.matchers.${index}.value`, message }];
  });
  if (faults.length > 0) throw new InvalidRequestError(faults);
}

function told({ kind, matchers, startsAtMs, endsAtMs, owner, reason, approvedBy }: Silence) {
  return { kind, matchers: formatMatchers(matchers), startsAtMs, endsAtMs, owner, reason, approvedBy };
}

function planOf(decided: Decided<Silence>, effects: readonly Effect[], basis: unknown): SilencePlan {
  const { before, after } = decided;
  return {
    effects,
    target: before?.id ?? formatMatchers(after.matchers),
    basis,
    details: decided,
    ...(before === undefined ? {} : { before: told(before) }),
    after: told(after),
  };
}

function acting(deps: CareDeps) {
  return {
    async act(step: Db, { details: { change, before, after } }: SilencePlan) {
      await keep(step, deps, change);
      return { result: { id: after.id }, undo: { before, after } };
    },
    async undo(step: Db, undo: unknown, by: Actor): Promise<readonly Effect[]> {
      const done = undo as Pick<Decided<Silence>, 'before' | 'after'>;
      const { change, after } = deps.alerting.care.decide.takeBackSilence(done, byOf(by));
      await keep(step, deps, change);
      return [
        after.endsAtMs <= by.atMs
          ? { code: 'silence_over' }
          : { code: 'silence_until', params: { untilMs: after.endsAtMs } },
      ];
    },
  };
}

/** What stands in every preview of a silence. */
function coverEffects(cover: Cover): readonly Effect[] {
  const { rules, devices, firing, fired, sinceMs, receivers, danger } = cover;
  const effects: Effect[] = [
    { code: 'silence_reaches', params: { rules, devices } },
    { code: 'silence_firing', params: { n: firing }, isMoving: true },
    { code: 'silence_fired', params: { n: fired, sinceMs }, isMoving: true },
  ];
  if (receivers.length > 0) effects.push({ code: 'not_called', params: { receivers: receivers.join(', ') } });
  if (danger > 0) effects.push({ code: 'danger_is_told', params: { n: danger } });
  return effects;
}

/** Keeps alerts from being told for a time, with a reason. */
export function makeSilence(deps: CareDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'make-silence',
    input: Closed(
      {
        kind: OneOf(['silence', 'maintenance'], 'By judgement, or for planned work.'),
        matchers: Matchers,
        startsAtMs: Type.Optional(Instant),
        endsAtMs: Instant,
        reason: Type.String({ maxLength: 2_000 }),
      },
      'A silence or maintenance.',
    ),
    async plan(db, input, by) {
      requirePatterns(input.matchers);
      const decided = deps.alerting.care.decide.silence({ startsAtMs: by.atMs, ...input }, byOf(by));
      const cover = await coverOf(deps, db, input.matchers, by.atMs);
      const effects = [
        { code: 'silence_until' as const, params: { untilMs: input.endsAtMs } },
        ...coverEffects(cover),
      ];
      // The reason is written while its effects are looked at, and changes none of them.
      const { reason: _reason, ...basis } = input;
      return planOf(decided, effects, basis);
    },
    ...acting(deps),
  });
}

/** The second person's word: only then does it count for what is a danger to life. */
export function approveSilence(deps: CareDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'approve-silence',
    input: Closed({ id: Id }, 'A silence of another.'),
    async plan(db, { id }, by) {
      const startsAtMs = deps.alerting.care.silences().find((one) => one.id === id)?.startsAtMs ?? 0;
      const shift = await deps.roster.shiftAt(Math.max(startsAtMs, by.atMs));
      const decided = deps.alerting.care.decide.approve(id, byOf(by), shift?.endsAtMs);
      const { after } = decided;
      const { danger } = await coverOf(deps, db, after.matchers, by.atMs);
      return planOf(
        decided,
        [
          {
            code: 'danger_not_told',
            params: { n: danger, owner: after.owner, untilMs: dangerSilenceEndMs(after) },
          },
        ],
        told(after),
      );
    },
    ...acting(deps),
  });
}

/** Ends it earlier or later. */
export function changeSilence(deps: CareDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'change-silence',
    input: Closed({ id: Id, endsAtMs: Instant }, 'A silence, and its new end.'),
    async plan(_db, { id, endsAtMs }, by) {
      const decided = deps.alerting.care.decide.moveEnd(id, endsAtMs, byOf(by));
      const { before, after } = decided;
      const effects: Effect[] = [{ code: 'silence_until', params: { untilMs: endsAtMs } }];
      if (before?.approvedBy !== undefined && after.approvedBy === undefined)
        effects.push({ code: 'approval_needed' });
      return planOf(decided, effects, { id, endsAtMs, was: before?.endsAtMs });
    },
    ...acting(deps),
  });
}

/** Ends it now. */
export function endSilence(deps: CareDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'end-silence',
    input: Closed({ id: Id }, 'A silence.'),
    async plan(_db, { id }, by) {
      const { care } = deps.alerting;
      const decided = care.decide.endSilence(id, byOf(by));
      const { before } = decided;
      if (before === undefined) throw new WatchkeeperError('not_found', 'There is no such silence.');
      const n = care.tally(before).now;
      const effects: readonly Effect[] = [
        { code: 'silence_over' },
        { code: 'told_again', params: { n }, isMoving: true },
      ];
      return planOf(decided, effects, { id, endsAtMs: before.endsAtMs });
    },
    ...acting(deps),
  });
}
