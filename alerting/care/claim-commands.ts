import { randomUUID } from 'node:crypto';
import type { AlertTransition } from '../../config/model/api.ts';
import { CLAIM_MS, LONGEST_CLAIM_MS, type Claim } from '../../config/model/claim.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { CareAct } from '../ports.ts';
import { actOf, entryOf, notFound, textOf, type Acts, type By } from './acts.ts';

export interface NewClaim {
  readonly fingerprint: string;
  readonly note: string;
  /** By the severity of the alert where it is not said. */
  readonly endsAtMs?: number;
  readonly isUntilWorse: boolean;
}

/** Seeing to alerts: each command is durable before it is answered. */
export interface ClaimCommands {
  /**
   * Says that a person sees to an alert (acknowledges it), or extends it.
   * @throws {WatchkeeperError} `not_found`, `conflict` when another sees to it, `invalid_request` for the end.
   */
  claim(claim: NewClaim, by: By): Promise<Claim>;
  /** @throws {WatchkeeperError} `not_found`, or `conflict` when another has it. */
  release(fingerprint: string, by: By): Promise<Claim>;
  /** Asks another person to take over; the first answers for it until then. */
  offer(fingerprint: string, to: string, by: By): Promise<Claim>;
  /** @throws {WatchkeeperError} `not_found`, or `conflict` when he was not asked. */
  takeOver(fingerprint: string, by: By): Promise<Claim>;
  note(fingerprint: string, text: string, by: By): Promise<void>;
}

interface Passing {
  readonly before?: Claim | undefined;
  readonly after: Claim;
  readonly transition: AlertTransition;
  readonly action: CareAct['action'];
  readonly by: By;
  readonly text?: string;
}

/** Ends what was and begins what is, in one write. */
async function pass({ save, alertOf, nowMs }: Acts, passing: Passing): Promise<Claim> {
  const { before, after, transition, action, by, text = '' } = passing;
  const atMs = nowMs();
  const alert = alertOf(after.fingerprint);
  await save({
    claims: before === undefined || before.id === after.id ? [after] : [before, after],
    entries: [entryOf(transition, alert, { atMs, who: by.person, text })],
    act: actOf(action, after.fingerprint, { atMs, by, before, after }),
  });
  return after;
}

export function claimCommands(acts: Acts): ClaimCommands {
  const { save, alertOf, inForce, ownClaim, nowMs } = acts;
  return {
    async claim(wanted, by) {
      const atMs = nowMs();
      const known = inForce(wanted.fingerprint);
      const after = newClaim(wanted, { by, atMs, severity: alertOf(wanted.fingerprint).severity });
      if (known !== undefined && known.person !== by.person)
        throw new WatchkeeperError(
          'conflict',
          `${known.person} sees to this alert already; ask to take it over.`,
        );
      const before = known && { ...known, ended: { atMs, cause: 'handed_on' as const } };
      return pass(acts, {
        before,
        after,
        transition: 'claimed',
        action: 'alert_claimed',
        by,
        text: after.note,
      });
    },
    async release(fingerprint, by) {
      const before = ownClaim(fingerprint, by);
      const after = { ...before, ended: { atMs: nowMs(), cause: 'released' as const } };
      return pass(acts, { before, after, transition: 'released', action: 'claim_released', by });
    },
    async offer(fingerprint, to, by) {
      const before = ownClaim(fingerprint, by);
      if (to === by.person) throw new WatchkeeperError('invalid_request', 'That is yourself.');
      const after = { ...before, offeredTo: to };
      return pass(acts, { before, after, transition: 'offered', action: 'claim_offered', by, text: to });
    },
    async takeOver(fingerprint, by) {
      const known = inForce(fingerprint);
      if (known === undefined) throw notFound('claim');
      if (known.offeredTo !== by.person)
        throw new WatchkeeperError('conflict', `${known.person} has not asked you to take it over.`);
      const atMs = nowMs();
      const { offeredTo: _offered, ...rest } = known;
      const after: Claim = { ...rest, id: randomUUID(), person: by.person, sinceMs: atMs };
      const before = { ...known, ended: { atMs, cause: 'handed_on' as const } };
      const act = { transition: 'taken_over', action: 'claim_taken_over', text: known.person } as const;
      return pass(acts, { before, after, by, ...act });
    },
    async note(fingerprint, text, by) {
      const alert = alertOf(fingerprint);
      const atMs = nowMs();
      const clean = textOf(text);
      if (clean === '') throw new WatchkeeperError('invalid_request', 'The note is empty.');
      await save({
        entries: [entryOf('noted', alert, { atMs, who: by.person, text: clean })],
        act: actOf('alert_noted', fingerprint, { atMs, by, after: { note: clean } }),
      });
    },
  };
}

function newClaim(
  { fingerprint, note, endsAtMs, isUntilWorse }: NewClaim,
  {
    by,
    atMs,
    severity,
  }: { readonly by: By; readonly atMs: number; readonly severity: keyof typeof CLAIM_MS },
): Claim {
  const endMs = endsAtMs ?? atMs + CLAIM_MS[severity];
  if (endMs <= atMs || endMs - atMs > LONGEST_CLAIM_MS)
    throw new WatchkeeperError('invalid_request', 'The end must lie ahead, within 24 hours.');
  const claim = {
    id: randomUUID(),
    fingerprint,
    person: by.person,
    note: textOf(note),
    sinceMs: atMs,
    endsAtMs: endMs,
  };
  return isUntilWorse ? { ...claim, untilWorseThan: severity } : claim;
}
