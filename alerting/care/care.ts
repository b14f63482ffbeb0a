import { isActive, type AlertInstance } from '../../config/model/alert.ts';
import type { Claim } from '../../config/model/claim.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Silence } from '../../config/model/silence.ts';
import { claimOf, endedClaims, latestClaims, nextClaimEndMs } from '../claim/claims.ts';
import type { CareChange, CareStore } from '../ports.ts';
import { entryOf, notFound, type By } from './acts.ts';
import { claimCommands, type ClaimCommands } from './claim-commands.ts';
import { silenceCommands, type SilenceCommands } from './silence-commands.ts';

/**
 * What people do about alerts: who sees to which, and what is silent. A command is durable before it is answered; each
 * throws `not_found`, `conflict` or `invalid_request` and has changed nothing then.
 */
export interface Care extends ClaimCommands, SilenceCommands {
  claims(): readonly Claim[];
  silences(): readonly Silence[];
  /** Who sees to an alert now. */
  claimOf(fingerprint: string): Claim | undefined;
  /** Ends the claims that the alerts have outlived; answers when to look again. */
  tend(): Promise<number | undefined>;
}

export interface CareDeps {
  readonly store: CareStore;
  readonly nowMs: () => number;
  readonly instances: () => readonly AlertInstance[];
  /** Something is claimed, released or silent that was not. */
  readonly onChange: () => void;
}

export async function openCare(deps: CareDeps): Promise<Care> {
  const { store, nowMs } = deps;
  const claims = new Map((await store.claims()).map((claim) => [claim.id, claim]));
  const silences = new Map((await store.silences()).map((silence) => [silence.id, silence]));

  const save = async (change: CareChange): Promise<void> => {
    await store.save(change);
    for (const claim of change.claims ?? []) claims.set(claim.id, claim);
    for (const silence of change.silences ?? []) silences.set(silence.id, silence);
    deps.onChange();
  };
  const alertOf = (fingerprint: string): AlertInstance => {
    const alert = deps.instances().find((one) => one.fingerprint === fingerprint);
    if (alert === undefined || !isActive(alert)) throw notFound('alert');
    return alert;
  };
  const inForce = (fingerprint: string): Claim | undefined =>
    claimOf(latestClaims([...claims.values()]), fingerprint, nowMs());
  const ownClaim = (fingerprint: string, { person }: By): Claim => {
    const claim = inForce(fingerprint);
    if (claim === undefined) throw notFound('claim');
    if (claim.person !== person)
      throw new WatchkeeperError('conflict', `${claim.person} sees to this alert.`);
    return claim;
  };
  const silenceNamed = (id: string): Silence => {
    const silence = silences.get(id);
    if (silence === undefined) throw notFound('silence');
    return silence;
  };
  const acts = { save, alertOf, inForce, ownClaim, silenceNamed, nowMs };

  return {
    claims: () => [...claims.values()],
    silences: () => [...silences.values()],
    claimOf: inForce,
    ...claimCommands(acts),
    ...silenceCommands(acts),
    async tend() {
      const atMs = nowMs();
      const alerts = new Map(deps.instances().map((alert) => [alert.fingerprint, alert]));
      const ended = endedClaims([...claims.values()], alerts, atMs);
      if (ended.length > 0) {
        const entries = ended.flatMap((claim) => {
          const alert = alerts.get(claim.fingerprint);
          return alert === undefined ? [] : [entryOf('claim_ended', alert, { atMs, who: claim.person })];
        });
        await save({ claims: ended, entries });
      }
      return nextClaimEndMs([...claims.values()], atMs);
    },
  };
}
