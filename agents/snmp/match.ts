import type { Oid } from '../../config/model/oid.ts';
import type { Profile, ProfileMatch } from '../../config/model/profile.ts';

/** What tells a device's family. */
export interface Identity {
  /** Empty when the device does not tell it. */
  readonly objectId: Oid;
  readonly descr: string;
  /** Those `has` objects of the profiles below which the device has something. */
  readonly has: ReadonlySet<Oid>;
}

/**
 * The profiles that serve a device, the most particular first: those that know its sysObjectID (the longer, the more particular), then
 * those that know it by a table or a description. Where two tell the same, the first counts.
 */
export function matchProfiles(profiles: readonly Profile[], identity: Identity): readonly Profile[] {
  return profiles
    .map((profile) => ({ profile, rank: rankOf(profile, identity) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ profile }) => profile);
}

/** -1: it does not serve the device. */
function rankOf(profile: Profile, identity: Identity): number {
  const fitting = profile.match.filter((rule) => fits(rule, identity));
  return Math.max(-1, ...fitting.map(({ objectId }) => objectId?.split('.').length ?? 0));
}

function fits({ objectId, descr, has }: ProfileMatch, identity: Identity): boolean {
  if (objectId !== undefined && !`${identity.objectId}.`.startsWith(`${objectId}.`)) return false;
  if (descr !== undefined && !descr.test(identity.descr)) return false;
  return has === undefined || identity.has.has(has);
}
