import { MAX_ARCS, type Oid } from '../../config/model/oid.ts';
import type { ProfileMatch, ProfileSummary } from '../../config/model/profile.ts';

/** What tells a device's family. */
export interface Identity {
  /** Empty when the device does not tell it. */
  readonly objectId: Oid;
  readonly descr: string;
  /** Those `has` objects of the profiles below which the device has something. */
  readonly has: ReadonlySet<Oid>;
}

/**
 * The profiles that serve a device, the most particular first: those that know its sysObjectID, then those that know it by its
 * description, then by a table; among equals, the longer object identifier. Where two tell the same, the first counts.
 */
export function matchProfiles<P extends ProfileSummary>(
  profiles: readonly P[],
  identity: Identity,
): readonly P[] {
  return profiles
    .map((profile) => ({ profile, rank: rankOf(profile, identity) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ profile }) => profile);
}

/** -1: it does not serve the device. */
function rankOf({ match }: ProfileSummary, identity: Identity): number {
  return Math.max(-1, ...match.filter((rule) => fits(rule, identity)).map(particularity));
}

/** The most particular of the descriptions in a profile that fit the device. */
export function fittingMatch({ match }: ProfileSummary, identity: Identity): ProfileMatch | undefined {
  return match.filter((rule) => fits(rule, identity)).sort((a, b) => particularity(b) - particularity(a))[0];
}

function particularity({ objectId, descr, has }: ProfileMatch): number {
  if (objectId !== undefined) return 2 * MAX_ARCS + arcsOf(objectId);
  return descr === undefined ? arcsOf(has ?? '') : MAX_ARCS;
}

/** Below it each vendor has a number. */
export const ENTERPRISES = '1.3.6.1.4.1';

/** The vendor below whose number an object is; `undefined` for one of a standard. */
export function vendorOf(oid: Oid): Oid | undefined {
  return /^1\.3\.6\.1\.4\.1\.\d+/.exec(oid)?.[0];
}

/** The `has` objects that decide whether a profile serves a device: of vendors that it has, where nothing else speaks against it. */
export function openQuestions(
  match: readonly ProfileMatch[],
  { vendors, ...told }: Omit<Identity, 'has'> & { readonly vendors: ReadonlySet<Oid> },
): readonly Oid[] {
  return match.flatMap(({ has, ...rest }) => {
    if (has === undefined || !fits(rest, { ...told, has: new Set() })) return [];
    const vendor = vendorOf(has);
    return vendor === undefined || vendors.has(vendor) ? [has] : [];
  });
}

function arcsOf(oid: Oid): number {
  return oid.split('.').length;
}

function fits({ objectId, descr, has }: ProfileMatch, identity: Identity): boolean {
  if (objectId !== undefined && !`${identity.objectId}.`.startsWith(`${objectId}.`)) return false;
  if (descr !== undefined && !descr.test(identity.descr)) return false;
  return has === undefined || identity.has.has(has);
}
