import type { Oid } from '../../config/model/oid.ts';
import type { TrapRule } from '../../config/model/profile.ts';
import type { ProfileTraps } from '../settings/settings.ts';
import type { Told } from '../snmp/told.ts';
import { textOf } from '../snmp/value.ts';
import type { Notification } from './notification.ts';

/** What a trap means by the profiles of a device. */
export interface Meaning {
  /** As its MIB calls it. */
  readonly name: string | undefined;
  readonly told: readonly Told[];
}

/** Looks a trap up: its name in all profiles, what it tells only in those that serve the device. */
export function meaningOf(
  notification: Notification,
  profiles: readonly ProfileTraps[],
  serving: readonly string[],
): Meaning {
  const known = profiles.flatMap(({ name, traps }) =>
    traps.filter(({ oid }) => notification.oids.includes(oid)).map((rule) => ({ rule, profile: name })),
  );
  const told = known
    .filter(({ rule, profile }) => serving.includes(profile) && holds(rule, notification))
    .flatMap(({ rule }) => toldBy(rule, notification));
  return { name: known[0]?.rule.name, told };
}

function holds({ conditions }: TrapRule, notification: Notification): boolean {
  return conditions.every(({ oid, is, matches }) => {
    const text = textOf(varBindOf(notification, oid)?.value);
    return (is === undefined || is.includes(text)) && (matches === undefined || matches.test(text));
  });
}

function toldBy({ tells }: TrapRule, notification: Notification): readonly Told[] {
  return tells.flatMap(({ indexOf, ...what }) => {
    if (indexOf === undefined) return [what];
    const index = varBindOf(notification, indexOf)?.oid.slice(indexOf.length + 1);
    return index === undefined ? [] : [{ ...what, index }];
  });
}

/** The binding of an object, or of a row of a column. */
function varBindOf({ varBinds }: Notification, oid: Oid): Notification['varBinds'][number] | undefined {
  return varBinds.find((one) => one.oid === oid || one.oid.startsWith(`${oid}.`));
}
