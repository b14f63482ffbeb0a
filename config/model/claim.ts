import { levelOf, type Severity } from './severity.ts';

/**
 * A person's word that he sees to an alert (确认/认领). It is no silence: what is new about the alert is still told; only
 * repeats and the escalation wait, until it ends.
 */
export interface Claim {
  readonly id: string;
  readonly fingerprint: string;
  /** Name of the account of who has it now. */
  readonly person: string;
  readonly note: string;
  readonly sinceMs: number;
  /** It gives itself back then. */
  readonly endsAtMs: number;
  /** It ends when the alert becomes graver than it was. */
  readonly untilWorseThan?: Severity;
  /** Who is asked to take it over; the first answers for it until then. */
  readonly offeredTo?: string;
  /** Ended before its time. */
  readonly ended?: { readonly atMs: number; readonly cause: 'released' | 'handed_on' | 'worse' | 'over' };
}

/** How long a claim is for where nobody says otherwise. */
export const CLAIM_MS: Readonly<Record<Severity, number>> = {
  critical: 30 * 60_000,
  major: 2 * 3_600_000,
  minor: 8 * 3_600_000,
  info: 24 * 3_600_000,
};

/** Nobody sees to anything for longer than that without saying so again. */
export const LONGEST_CLAIM_MS = 24 * 3_600_000;

/** An alert that comes back sooner is the same trouble, and who had it has it still. */
export const FLAP_MS = 10 * 60_000;

/** When a claim ends or ended, as far as is known now. */
export function claimEndMs({ ended, endsAtMs }: Claim): number {
  return Math.min(ended?.atMs ?? endsAtMs, endsAtMs);
}

/** Whether a claim holds at an instant. */
export function isClaimInForce(claim: Claim, atMs: number): boolean {
  return claim.sinceMs <= atMs && atMs < claimEndMs(claim);
}

/** Whether an alert of this severity is more than the claim was given for. */
export function isWorse({ untilWorseThan }: Pick<Claim, 'untilWorseThan'>, severity: Severity): boolean {
  return untilWorseThan !== undefined && levelOf(severity) < levelOf(untilWorseThan);
}
