import type { Oid } from '../../config/model/oid.ts';
import type { Profile } from '../../config/model/profile.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { compareOids, encodeOid } from '../snmp/oid.ts';
import { walkedFor } from '../snmp/row.ts';
import { objectsOf } from '../snmp/rows.ts';
import type { Session } from '../snmp/session.ts';
import { anonymise, LEFT_OUT } from './anonymise.ts';
import { recordLine } from './recording.ts';
import { walkAll, type WalkedObject } from './walk-all.ts';

/** The internet's tree: all but what IEEE numbers, which is of neighbours. */
const ROOT: Oid = '1.3.6.1';
const MAX_OBJECTS = 200_000;
const DEADLINE_MS = 15 * 60_000;

export interface Recorded {
  /** The file, its head included. */
  readonly text: string;
  readonly objects: number;
  /** Why it is not whole. */
  readonly cut?: string;
}

/**
 * Walks a whole device and writes what it holds without what tells whose it is.
 * @throws {WatchkeeperError} when the device does not answer.
 */
export async function record(
  session: Session,
  { profiles, secrets, clock }: { profiles: readonly Profile[]; secrets: readonly string[]; clock: Clock },
): Promise<Recorded> {
  const endAtMs = clock.nowMs() + DEADLINE_MS;
  const isTimeUp = (): boolean => clock.nowMs() >= endAtMs;
  const { objects: all, cut } = await walkAll(session, ROOT, { maxObjects: MAX_OBJECTS, isTimeUp });
  const { leaves, columns } = objectsOf(profiles);
  const open = anonymise(all, { secrets, kept: ['1.3.6.1.2.1.1.1', ...leaves, ...columns.map(walkedFor)] });
  const lines = inOrder(open).flatMap((object) => recordLine(object) ?? []);
  const head = [
    '# Recorded by watchkeeper record: names, addresses, serial numbers and what people wrote are replaced.',
    `# Left out: ${LEFT_OUT.join(' ')}`,
    ...(cut === undefined ? [] : [`# Not whole: ${cut}`]),
  ];
  return {
    text: `${[...head, ...lines].join('\n')}\n`,
    objects: lines.length,
    ...(cut === undefined ? {} : { cut }),
  };
}

/** Replaced addresses in an index change the order. */
function inOrder(objects: readonly WalkedObject[]): readonly WalkedObject[] {
  return objects
    .map((object) => ({ object, key: encodeOid(object.oid) }))
    .sort((a, b) => compareOids(a.key, b.key))
    .map(({ object }) => object);
}
