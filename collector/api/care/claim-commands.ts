import { Type } from 'typebox';
import type { Decided } from '../../../alerting/care/acts.ts';
import { holdsOneOf } from '../../../config/model/access.ts';
import type { AlertView } from '../../../config/model/api.ts';
import { CLAIM_MS, type Claim } from '../../../config/model/claim.ts';
import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { Closed } from '../../../config/schema/common.ts';
import { accountByName } from '../../records/accounts.ts';
import type { Db } from '../../records/tables.ts';
import type { ApiPlugin } from '../api.ts';
import { commandRoute, type Actor, type Plan } from '../commands.ts';
import { AccountName } from '../session.ts';
import { byOf, keep, nameOf, requireAlert, type CareDeps } from './care-deps.ts';
import { MAY_ACT } from './colleagues.ts';
import { Fingerprint } from './fingerprint.ts';

const Text = Type.String({ maxLength: 2_000 });
const Instant = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

type ClaimPlan = Plan<Decided<Claim>>;

/** What is shown and audited of a claim: neither its id nor what its undo needs. */
function told({ person, note, endsAtMs, offeredTo }: Claim) {
  return { person, note, endsAtMs, offeredTo };
}

function planOf(decided: Decided<Claim>, alert: AlertView, effects: readonly Effect[]): ClaimPlan {
  const { before, after } = decided;
  return {
    effects,
    target: alert.fingerprint,
    basis: { fingerprint: alert.fingerprint, had: alert.claim },
    details: decided,
    ...(before === undefined ? {} : { before: told(before) }),
    after: told(after),
  };
}

/** Writes it, and keeps what takes it back. */
function acting(deps: CareDeps) {
  return {
    async act(step: Db, { details: { change, before, after } }: ClaimPlan) {
      await keep(step, deps, change);
      return { result: told(after), undo: { before, after } };
    },
    async undo(step: Db, undo: unknown, by: Actor): Promise<readonly Effect[]> {
      const done = undo as Pick<Decided<Claim>, 'before' | 'after'>;
      const { change, after } = deps.alerting.care.decide.takeBackClaim(done, byOf(by));
      await keep(step, deps, change);
      const alert = nameOf(requireAlert(deps, after.fingerprint));
      return [
        after.ended === undefined
          ? { code: 'alert_is_persons', params: { alert, person: after.person } }
          : { code: 'alert_is_nobodys', params: { alert } },
      ];
    },
  };
}

/** What becomes of the calls while somebody sees to it. */
function pauses({ alerting }: CareDeps, { fingerprint }: AlertView): readonly Effect[] {
  const next = alerting.escalation(fingerprint)?.next;
  return [
    { code: 'repeats_wait' },
    ...(next === undefined
      ? []
      : [
          { code: 'escalation_waits' as const, params: { receiver: next.receiver }, isMoving: true as const },
        ]),
  ];
}

/** Says that one sees to an alert, or for how much longer. */
export function claimAlert(deps: CareDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'claim-alert',
    input: Closed(
      {
        fingerprint: Fingerprint,
        note: Type.Optional(Text),
        endsAtMs: Type.Optional(Instant),
        isUntilWorse: Type.Optional(Type.Boolean()),
      },
      'An alert that one sees to.',
    ),
    async plan(_db, { note = '', isUntilWorse = false, ...input }, by) {
      const alert = requireAlert(deps, input.fingerprint);
      const decided = deps.alerting.care.decide.claim({ ...input, note, isUntilWorse }, byOf(by));
      const params = { alert: nameOf(alert) };
      return planOf(decided, alert, [
        input.endsAtMs === undefined
          ? { code: 'claim_for', params: { ...params, minutes: CLAIM_MS[alert.severity] / 60_000 } }
          : { code: 'claim_until', params: { ...params, untilMs: input.endsAtMs } },
        ...(isUntilWorse ? [{ code: 'claim_until_worse' as const }] : []),
        ...pauses(deps, alert),
      ]);
    },
    ...acting(deps),
  });
}

/** Gives an alert back before its time. */
export function releaseAlert(deps: CareDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'release-alert',
    input: Closed({ fingerprint: Fingerprint }, 'An alert that one no longer sees to.'),
    async plan(_db, { fingerprint }, by) {
      const alert = requireAlert(deps, fingerprint);
      const decided = deps.alerting.care.decide.release(fingerprint, byOf(by));
      const params = { alert: nameOf(alert) };
      return planOf(decided, alert, [{ code: 'alert_is_nobodys', params }, { code: 'calls_begin_anew' }]);
    },
    ...acting(deps),
  });
}

/** Asks another to take an alert over. */
export function offerAlert(deps: CareDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'offer-alert',
    input: Closed({ fingerprint: Fingerprint, to: AccountName }, 'An alert, and who shall take it over.'),
    async plan(db, { fingerprint, to }, by) {
      const alert = requireAlert(deps, fingerprint);
      const colleague = await accountByName(db, to);
      if (colleague?.isDisabled !== false || !holdsOneOf(colleague.account.roles, MAY_ACT))
        throw new WatchkeeperError('not_found', `There is nobody called ${to} who may take it over.`);
      const decided = deps.alerting.care.decide.offer(fingerprint, colleague.account.name, byOf(by));
      const params = { alert: nameOf(alert), person: colleague.account.name };
      return planOf(decided, alert, [{ code: 'alert_offered', params }, { code: 'answers_until_accepted' }]);
    },
    ...acting(deps),
  });
}

/** Accepts an alert that was offered. */
export function takeOverAlert(deps: CareDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'take-over-alert',
    input: Closed({ fingerprint: Fingerprint }, 'An alert that one was asked to take over.'),
    async plan(_db, { fingerprint }, by) {
      const alert = requireAlert(deps, fingerprint);
      const decided = deps.alerting.care.decide.takeOver(fingerprint, byOf(by));
      const { person, endsAtMs } = decided.after;
      const params = { alert: nameOf(alert), person };
      return planOf(decided, alert, [
        { code: 'alert_is_persons', params },
        { code: 'claim_until', params: { alert: params.alert, untilMs: endsAtMs } },
      ]);
    },
    ...acting(deps),
  });
}

/** Leaves a note that comes up again when the alert returns. */
export function noteAlert(deps: CareDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'note-alert',
    input: Closed({ fingerprint: Fingerprint, text: Text }, 'A note about an alert.'),
    async plan(_db, { fingerprint, text }, by) {
      const alert = requireAlert(deps, fingerprint);
      const decided = deps.alerting.care.decide.note(fingerprint, text, byOf(by));
      return {
        effects: [{ code: 'note_left', params: { alert: nameOf(alert) } }],
        target: fingerprint,
        basis: { fingerprint, text },
        details: { ...decided, fingerprint },
        after: { note: decided.after },
      };
    },
    async act(step, { details: { change, after: text, fingerprint } }) {
      await keep(step, deps, change);
      return { undo: { fingerprint, text } };
    },
    async undo(step, undo, by) {
      const { fingerprint, text } = undo as { readonly fingerprint: string; readonly text: string };
      const { change } = deps.alerting.care.decide.takeBackNote(fingerprint, text, byOf(by));
      await keep(step, deps, change);
      return [{ code: 'note_gone', params: { alert: nameOf(requireAlert(deps, fingerprint)) } }];
    },
  });
}
