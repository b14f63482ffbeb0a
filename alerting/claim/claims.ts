import { isActive, type AlertInstance } from '../../config/model/alert.ts';
import { claimEndMs, FLAP_MS, isClaimInForce, isWorse, type Claim } from '../../config/model/claim.ts';

/** The latest claim of each alert. */
export type ClaimsByAlert = ReadonlyMap<string, Claim>;

export function latestClaims(claims: readonly Claim[]): ClaimsByAlert {
  const latest = new Map<string, Claim>();
  for (const claim of claims) {
    const known = latest.get(claim.fingerprint);
    if (known === undefined || claim.sinceMs >= known.sinceMs) latest.set(claim.fingerprint, claim);
  }
  return latest;
}

/** Who sees to an alert at an instant; `undefined` when nobody does. */
export function claimOf(claims: ClaimsByAlert, fingerprint: string, atMs: number): Claim | undefined {
  const claim = claims.get(fingerprint);
  return claim !== undefined && isClaimInForce(claim, atMs) ? claim : undefined;
}

/**
 * The claims that end because of what became of their alerts: it is graver than it was, or it has been over for longer
 * than a flap lasts. Answered as they are from then on.
 */
export function endedClaims(
  claims: readonly Claim[],
  alerts: ReadonlyMap<string, AlertInstance>,
  atMs: number,
): readonly Claim[] {
  return claims.flatMap((claim) => {
    const cause = isClaimInForce(claim, atMs) ? endOf(claim, alerts.get(claim.fingerprint), atMs) : undefined;
    return cause === undefined ? [] : [{ ...claim, ended: { atMs, cause } }];
  });
}

function endOf(claim: Claim, alert: AlertInstance | undefined, atMs: number): 'worse' | 'over' | undefined {
  if (alert !== undefined && isActive(alert)) return isWorse(claim, alert.severity) ? 'worse' : undefined;
  const goneSinceMs = alert?.phase.kind === 'resolved' ? alert.phase.resolvedAtMs : claim.sinceMs;
  return atMs - goneSinceMs > FLAP_MS ? 'over' : undefined;
}

/** When a claim that holds now ends by itself. */
export function nextClaimEndMs(claims: readonly Claim[], atMs: number): number | undefined {
  const ends = claims.filter((claim) => isClaimInForce(claim, atMs)).map(claimEndMs);
  return ends.length === 0 ? undefined : Math.min(...ends);
}
