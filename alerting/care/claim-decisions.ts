import { randomUUID } from 'node:crypto';
import type { AlertTransition } from '../../config/model/api.ts';
import { CLAIM_MS, isClaimInForce, LONGEST_CLAIM_MS, type Claim } from '../../config/model/claim.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { CareAct } from '../ports.ts';
import { actOf, entryOf, goneOn, notFound, textOf, type By, type Decided, type Sight } from './acts.ts';

export interface NewClaim {
  readonly fingerprint: string;
  readonly note: string;
  /** By the severity of the alert where it is not said. */
  readonly endsAtMs?: number;
  readonly isUntilWorse: boolean;
}

/** Seeing to alerts: what each act changes. Each throws where it is not allowed. */
export interface ClaimDecisions {
  /**
   * Says that a person sees to an alert (acknowledges it), or extends it.
   * @throws {WatchkeeperError} `not_found`, `conflict` when another sees to it, `invalid_request` for the end.
   */
  readonly claim: (claim: NewClaim, by: By) => Decided<Claim>;
  /** @throws {WatchkeeperError} `not_found`, or `conflict` when another has it. */
  readonly release: (fingerprint: string, by: By) => Decided<Claim>;
  /** Asks another person to take over; the first answers for it until then. */
  readonly offer: (fingerprint: string, to: string, by: By) => Decided<Claim>;
  /** @throws {WatchkeeperError} `not_found`, or `conflict` when he was not asked. */
  readonly takeOver: (fingerprint: string, by: By) => Decided<Claim>;
  readonly note: (fingerprint: string, text: string, by: By) => Decided<string>;
  /**
   * Puts back what was before one of these acts.
   * @throws {WatchkeeperError} `conflict` when something has happened since.
   */
  readonly takeBackClaim: (done: Pick<Decided<Claim>, 'before' | 'after'>, by: By) => Decided<Claim>;
  readonly takeBackNote: (fingerprint: string, text: string, by: By) => Decided<string>;
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
function pass({ alertOf, nowMs }: Sight, passing: Passing): Decided<Claim> {
  const { before, after, transition, action, by, text = '' } = passing;
  const atMs = nowMs();
  const alert = alertOf(after.fingerprint);
  const change = {
    claims: before === undefined || before.id === after.id ? [after] : [before, after],
    entries: [entryOf(transition, alert, { atMs, who: by.person, text })],
    act: actOf(action, after.fingerprint, { atMs, by, before, after }),
  };
  return before === undefined ? { change, after } : { change, before, after };
}

export function claimDecisions(sight: Sight): ClaimDecisions {
  return { ...holding(sight), ...noting(sight), ...takingBack(sight) };
}

function holding(sight: Sight): Pick<ClaimDecisions, 'claim' | 'release' | 'offer' | 'takeOver'> {
  const { alertOf, inForce, ownClaim, nowMs } = sight;
  return {
    claim(wanted, by) {
      const atMs = nowMs();
      const known = inForce(wanted.fingerprint);
      const after = newClaim(wanted, { by, atMs, severity: alertOf(wanted.fingerprint).severity });
      if (known !== undefined && known.person !== by.person)
        throw new WatchkeeperError(
          'conflict',
          `${known.person} sees to this alert already; ask to take it over.`,
        );
      const before = known && { ...known, ended: { atMs, cause: 'handed_on' as const } };
      const act = { transition: 'claimed', action: 'claim_alert', text: after.note } as const;
      return pass(sight, { before, after, by, ...act });
    },
    release(fingerprint, by) {
      const before = ownClaim(fingerprint, by);
      const after = { ...before, ended: { atMs: nowMs(), cause: 'released' as const } };
      return pass(sight, { before, after, transition: 'released', action: 'release_alert', by });
    },
    offer(fingerprint, to, by) {
      const before = ownClaim(fingerprint, by);
      if (to === by.person) throw new WatchkeeperError('invalid_request', 'That is yourself.');
      const after = { ...before, offeredTo: to };
      return pass(sight, { before, after, transition: 'offered', action: 'offer_alert', by, text: to });
    },
    takeOver(fingerprint, by) {
      const known = inForce(fingerprint);
      if (known === undefined) throw notFound('claim');
      if (known.offeredTo !== by.person)
        throw new WatchkeeperError('conflict', `${known.person} has not asked you to take it over.`);
      const atMs = nowMs();
      const { offeredTo: _offered, ...rest } = known;
      const after: Claim = { ...rest, id: randomUUID(), person: by.person, sinceMs: atMs };
      const before = { ...known, ended: { atMs, cause: 'handed_on' as const } };
      const act = { transition: 'taken_over', action: 'take_over_alert', text: known.person } as const;
      return pass(sight, { before, after, by, ...act });
    },
  };
}

function noting({ alertOf, nowMs }: Sight): Pick<ClaimDecisions, 'note' | 'takeBackNote'> {
  const noteOf = (
    transition: 'noted' | 'note_taken_back',
    { fingerprint, text, by }: { readonly fingerprint: string; readonly text: string; readonly by: By },
  ): Decided<string> => {
    const atMs = nowMs();
    const change = {
      entries: [entryOf(transition, alertOf(fingerprint), { atMs, who: by.person, text })],
      act: actOf('note_alert', fingerprint, { atMs, by, after: { note: text } }),
    };
    return { change, after: text };
  };
  return {
    note(fingerprint, text, by) {
      const clean = textOf(text);
      if (clean === '') throw new WatchkeeperError('invalid_request', 'The note is empty.');
      return noteOf('noted', { fingerprint, text: clean, by });
    },
    takeBackNote: (fingerprint, text, by) => noteOf('note_taken_back', { fingerprint, text, by }),
  };
}

function takingBack(sight: Sight): Pick<ClaimDecisions, 'takeBackClaim'> {
  return {
    takeBackClaim({ before, after }, by) {
      if (JSON.stringify(sight.latest(after.fingerprint)) !== JSON.stringify(after)) throw goneOn();
      return takenBack(sight, { before, after, by });
    },
  };
}

/** What was before goes on where its time is not over; else nobody has it. */
function takenBack(
  sight: Sight,
  { before, after, by }: { readonly before: Claim | undefined; readonly after: Claim; readonly by: By },
): Decided<Claim> {
  const atMs = sight.nowMs();
  const { ended: _ended, ...open } = before ?? after;
  const goesOn = before !== undefined && isClaimInForce({ ...open, sinceMs: atMs }, atMs);
  const over: Claim = { ...after, ended: after.ended ?? { atMs, cause: goesOn ? 'handed_on' : 'released' } };
  const next = before?.id === after.id ? open : { ...open, id: randomUUID(), sinceMs: atMs };
  const claims = !goesOn ? [over] : next.id === over.id ? [next] : [over, next];
  const entry = entryOf('taken_back', sight.alertOf(after.fingerprint), { atMs, who: by.person });
  const left = goesOn ? next : over;
  const act = actOf('claim_alert', after.fingerprint, { atMs, by, before: after, after: left });
  return { change: { claims, entries: [entry], act }, before: after, after: left };
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
