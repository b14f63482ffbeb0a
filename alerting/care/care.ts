import { isActive, type AlertInstance } from '../../config/model/alert.ts';
import type { Claim } from '../../config/model/claim.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Silence } from '../../config/model/silence.ts';
import { claimOf, endedClaims, latestClaims, nextClaimEndMs } from '../claim/claims.ts';
import { dangerSilenceEndMs } from '../mute/silences.ts';
import type { CareChange, CareStore } from '../ports.ts';
import { entryOf, notFound, type By, type Decided } from './acts.ts';
import { claimDecisions, type ClaimDecisions, type NewClaim } from './claim-decisions.ts';
import { silenceDecisions, type NewSilence, type SilenceDecisions } from './silence-decisions.ts';
import { createSwallowCount, type SwallowView, type Tally } from './swallowed.ts';

/**
 * What people do about alerts: who sees to which, and what is silent. An act is durable before it is answered; each
 * throws `not_found`, `conflict` or `invalid_request` and has changed nothing then.
 */
export interface Care {
  claims(): readonly Claim[];
  silences(): readonly Silence[];
  /** Who sees to an alert now. */
  claimOf(fingerprint: string): Claim | undefined;
  /** What a silence kept from being told. */
  tally(silence: Silence): Tally;
  /** What an act would change, for those who save it together with more: `took` follows once that is durable. */
  readonly decide: ClaimDecisions & SilenceDecisions;
  took(change: CareChange): void;
  claim(claim: NewClaim, by: By): Promise<Claim>;
  release(fingerprint: string, by: By): Promise<Claim>;
  offer(fingerprint: string, to: string, by: By): Promise<Claim>;
  takeOver(fingerprint: string, by: By): Promise<Claim>;
  note(fingerprint: string, text: string, by: By): Promise<string>;
  silence(silence: NewSilence, by: By): Promise<Silence>;
  approve(id: string, by: By, shiftEndsAtMs?: number): Promise<Silence>;
  endSilence(id: string, by: By): Promise<Silence>;
  /**
   * Ends the claims that the alerts have outlived, and counts what silences swallow; answers when to look again.
   */
  tend(view: Omit<SwallowView, 'nowMs'>): Promise<number | undefined>;
}

export interface CareDeps {
  readonly store: CareStore;
  readonly nowMs: () => number;
  readonly instances: () => readonly AlertInstance[];
  /** Something is claimed, released or silent that was not. */
  readonly onChange: () => void;
  /** Something fell silent or speaks again; absent: nobody minds. */
  readonly onSilences?: () => void;
}

export async function openCare(deps: CareDeps): Promise<Care> {
  const { store, nowMs } = deps;
  const { claims, silences, latest, count, took } = await openRegistry(deps);
  let tendedAtMs = nowMs();
  const save = async (change: CareChange): Promise<void> => {
    await store.save(change);
    took(change);
  };
  const inForce = (fingerprint: string): Claim | undefined => claimOf(latest, fingerprint, nowMs());
  const sight = sightOf(deps, { latest, inForce, silences });
  const decide = { ...claimDecisions(sight), ...silenceDecisions(sight) };
  const doing =
    <Args extends readonly unknown[], T>(decision: (...args: Args) => Decided<T>) =>
    async (...args: Args): Promise<T> => {
      const { change, after } = decision(...args);
      await save(change);
      return after;
    };

  return {
    claims: () => [...claims.values()],
    silences: () => [...silences.values()],
    claimOf: inForce,
    tally: (silence) => count.tally(silence, nowMs()),
    decide,
    took,
    claim: doing(decide.claim),
    release: doing(decide.release),
    offer: doing(decide.offer),
    takeOver: doing(decide.takeOver),
    note: doing(decide.note),
    silence: doing(decide.silence),
    approve: doing(decide.approve),
    endSilence: doing(decide.endSilence),
    async tend(view) {
      const atMs = nowMs();
      const ended = endedByTime([...claims.values()], deps.instances(), atMs);
      const swallowed = count.look({ ...view, nowMs: atMs });
      if (ended.claims.length + swallowed.length > 0)
        await save({ ...(ended.claims.length > 0 ? ended : {}), swallowed });
      const has = (edgeMs: number): boolean => edgeMs > tendedAtMs && edgeMs <= atMs;
      if (edgesOf([], [...silences.values()]).some(has)) deps.onSilences?.();
      const edges = edgesOf([...claims.values()], [...silences.values()]);
      // What has begun or ended by itself since is seen by whoever looks now.
      if (edges.some(has)) deps.onChange();
      tendedAtMs = atMs;
      return earliest([nextClaimEndMs([...claims.values()], atMs), ...edges.filter((edge) => edge > atMs)]);
    },
  };
}

/** What is in force, in memory; it follows the store. */
async function openRegistry({ store, nowMs, onChange, onSilences }: CareDeps) {
  const claims = new Map((await store.claims()).map((claim) => [claim.id, claim]));
  const silences = new Map((await store.silences()).map((silence) => [silence.id, silence]));
  const latest = new Map(latestClaims([...claims.values()]));
  const count = createSwallowCount(await store.swallowed(), nowMs());
  return {
    claims,
    silences,
    latest,
    count,
    took: (change: CareChange): void => {
      for (const claim of change.claims ?? []) {
        claims.set(claim.id, claim);
        if (claim.sinceMs >= (latest.get(claim.fingerprint)?.sinceMs ?? 0))
          latest.set(claim.fingerprint, claim);
      }
      for (const silence of change.silences ?? []) silences.set(silence.id, silence);
      count.took(change.swallowed ?? []);
      tellOf(change, { onChange, onSilences });
    },
  };
}

function tellOf(
  { claims = [], silences = [] }: CareChange,
  { onChange, onSilences }: Pick<CareDeps, 'onChange'> & { readonly onSilences: CareDeps['onSilences'] },
): void {
  if (silences.length > 0) onSilences?.();
  if (claims.length + silences.length > 0) onChange();
}

function sightOf(
  { nowMs, instances }: CareDeps,
  {
    latest,
    inForce,
    silences,
  }: {
    readonly latest: ReadonlyMap<string, Claim>;
    readonly inForce: (fingerprint: string) => Claim | undefined;
    readonly silences: ReadonlyMap<string, Silence>;
  },
) {
  return {
    nowMs,
    latest: (fingerprint: string) => latest.get(fingerprint),
    inForce,
    alertOf(fingerprint: string): AlertInstance {
      const alert = instances().find((one) => one.fingerprint === fingerprint);
      if (alert === undefined || !isActive(alert)) throw notFound('alert');
      return alert;
    },
    ownClaim(fingerprint: string, { person }: By): Claim {
      const claim = inForce(fingerprint);
      if (claim === undefined) throw notFound('claim');
      if (claim.person !== person)
        throw new WatchkeeperError('conflict', `${claim.person} sees to this alert.`);
      return claim;
    },
    silenceNamed(id: string): Silence {
      const silence = silences.get(id);
      if (silence === undefined) throw notFound('silence');
      return silence;
    },
  };
}

function endedByTime(
  claims: readonly Claim[],
  instances: readonly AlertInstance[],
  atMs: number,
): Required<Pick<CareChange, 'claims' | 'entries'>> {
  if (claims.length === 0) return { claims: [], entries: [] };
  const alerts = new Map(instances.map((alert) => [alert.fingerprint, alert]));
  const ended = endedClaims(claims, alerts, atMs);
  const entries = ended.flatMap((claim) => {
    const alert = alerts.get(claim.fingerprint);
    return alert === undefined ? [] : [entryOf('claim_ended', alert, { atMs, who: claim.person })];
  });
  return { claims: ended, entries };
}

/** The instants at which something begins or ends by itself. */
function edgesOf(claims: readonly Claim[], silences: readonly Silence[]): readonly number[] {
  return [
    ...claims.map(({ endsAtMs }) => endsAtMs),
    ...silences.flatMap((silence) => [silence.startsAtMs, silence.endsAtMs, dangerSilenceEndMs(silence)]),
  ];
}

function earliest(instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
