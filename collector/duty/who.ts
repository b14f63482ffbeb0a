import type { Person, WhoPort } from '../../alerting/ports.ts';
import { holdsOneOf, ROUTES } from '../../config/model/access.ts';
import type { Role } from '../../config/model/account.ts';
import type { WatchPost } from '../../config/model/watch.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { every } from '../../config/runtime/every.ts';
import type { Log } from '../../config/runtime/log.ts';
import { isLanguage } from '../../config/model/localized.ts';
import { nameKeyOf } from '../records/accounts.ts';
import { fromJson } from '../records/json.ts';
import type { Db } from '../records/tables.ts';
import { peopleSharing } from './watch/people-between.ts';

/** Who can be told, as the accounts say it. */
export interface Who extends WhoPort {
  stop(): Promise<void>;
}

export interface WhoDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  /** Names of the accounts that hold a post at an instant; absent: nobody keeps a watch, the fallback stands for it. */
  readonly onWatch?: (post: WatchPost, atMs: number) => readonly string[];
}

/** A changed address is known after so long. */
const READ_EACH_MS = 10_000;
/** Fewer digits than these are a service, no person's phone. */
const MIN_DIGITS = 7;

/** Knows the accounts with a mail address or a phone; those that are disabled are told nothing. */
export async function openWho({ db, clock, log, onWatch = () => [] }: WhoDeps): Promise<Who> {
  let people: ReadonlyMap<string, Person> = new Map();
  const read = async (): Promise<void> => {
    people = new Map((await reachable(db)).map((person) => [nameKeyOf(person.account), person]));
  };
  await read();
  const loop = every(
    clock,
    {
      intervalMs: READ_EACH_MS,
      onError: (err) => log.warn({ err }, 'accounts could not be read: those known are told'),
    },
    read,
  );
  return {
    onWatch: (atMs) => peopleSharing((post) => onWatch(post, atMs)),
    people({ people: named, watch, fallback }, atMs) {
      const holders = watch === undefined ? [] : onWatch(watch, atMs);
      const stand = watch !== undefined && holders.length === 0 ? fallback : holders;
      const keys = new Set([...named, ...stand].map(nameKeyOf));
      return [...keys].flatMap((key) => people.get(key) ?? []);
    },
    byPhone(number) {
      const found = [...people.values()].filter(
        ({ phone }) => phone !== undefined && isSamePhone(phone, number),
      );
      return found.length === 1 ? found[0] : undefined;
    },
    stop: () => loop.stop(),
  };
}

async function reachable(db: Db): Promise<readonly Person[]> {
  const rows = await db
    .selectFrom('account')
    .select(['name', 'language', 'mail', 'phone', 'roles'])
    .where('is_disabled', '=', 0)
    .where((row) => row.or([row('mail', '!=', ''), row('phone', '!=', '')]))
    .execute();
  return rows.map(({ name, language, mail, phone, roles }) => ({
    account: name,
    mayAct: holdsOneOf(fromJson<readonly Role[]>(roles), ROUTES['POST /api/commands/claim-alert'].roles),
    language: isLanguage(language) ? language : 'zh-CN',
    ...(mail === '' ? {} : { mail }),
    ...(phone === '' ? {} : { phone }),
  }));
}

/** A network puts the country before a number that is kept without it. */
function isSamePhone(a: string, b: string): boolean {
  const [one, other] = [a, b].map((phone) => phone.replaceAll(/\D/g, '').replace(/^0+/, ''));
  if (one === undefined || other === undefined || Math.min(one.length, other.length) < MIN_DIGITS)
    return false;
  return one.endsWith(other) || other.endsWith(one);
}
