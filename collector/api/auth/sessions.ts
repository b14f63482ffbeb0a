import type { PeopleSettings } from '../../../config/people.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { holdsOneOf } from '../../../config/model/access.ts';
import type { Account } from '../../records/accounts.ts';
import { audited } from '../../records/audit.ts';
import {
  addSession,
  findSession,
  moveSession,
  removeEndedSessions,
  removeSession,
  touchSession,
  type Session,
} from '../../records/sessions.ts';
import { hasDisplayLink } from '../../records/sign-in-secrets.ts';
import type { Db } from '../../records/tables.ts';
import { inTransaction } from '../../records/transaction.ts';
import { newToken, tokenHashOf } from './token.ts';

export const LONGEST_SESSION_MS = 7 * 24 * 3_600_000;

/** How much later a touch may be than the one that was noted: not each is a write. */
const TOUCH_NOTED_EACH_MS = 20_000;

const MOST_LAST_USES = 10_000;

/** What a person must do before anything else is open. */
export type Setup = 'password' | 'second_factor';

/** Who a request comes from. */
export interface SignedIn {
  readonly account: Account;
  /** Names the session to `renew` and `end`; it is no secret. */
  readonly session: string;
  readonly setup?: Setup;
}

/** Where somebody signs in. */
export interface Place {
  /** The address that the request came from. */
  readonly origin: string;
  /** What the browser says that it is. */
  readonly browser: string;
}

export interface Sessions {
  /** Begins a session, in the transaction that lets somebody in; the answer is the token for the cookie, never stored. */
  begin(step: Db, accountId: number, place: Place): Promise<string>;
  /**
   * Who holds the token, if its session has not ended. One that comes from another address than before may have been
   * carried there, or stolen: it goes on, since phones do move, and the audit and the list of one's sessions tell it.
   */
  holder(token: string, address?: string): Promise<SignedIn | undefined>;
  /** The same for a session that is known; for what lasts longer than a request. `undefined` when it has ended. */
  renew(session: string): Promise<SignedIn | undefined>;
  /** Somebody has touched the page. What a page asks by itself is no touch. */
  touch(session: string): Promise<void>;
  end(step: Db, session: string): Promise<void>;
}

export interface SessionDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly people: () => Pick<PeopleSettings, 'idleLogOffMs' | 'secondFactorFor'>;
}

/** When a session ends unless it is touched again; that of a screen on the wall does not. */
export function sessionEndsAtMs(
  {
    createdAtMs,
    usedAtMs,
    account,
  }: Pick<Session, 'createdAtMs' | 'usedAtMs'> & { account: Pick<Account, 'isDisplay'> },
  idleLogOffMs: number,
): number {
  if (account.isDisplay) return Infinity;
  return Math.min(createdAtMs + LONGEST_SESSION_MS, usedAtMs + idleLogOffMs);
}

export function createSessions({ db, clock, people }: SessionDeps): Sessions {
  const used = createLastUses();
  const renew = async (tokenHash: string): Promise<SignedIn | undefined> => {
    const session = await findSession(db, tokenHash);
    if (session !== undefined) used.note(tokenHash, session);
    if (session === undefined || clock.nowMs() >= sessionEndsAtMs(session, people().idleLogOffMs)) {
      return undefined;
    }
    const { account } = session;
    if (account.isDisplay && !(await hasDisplayLink(db, account.id, clock.nowMs()))) return undefined;
    const setup = setupOf(session, people().secondFactorFor);
    return { account, session: tokenHash, ...(setup === undefined ? {} : { setup }) };
  };
  return {
    async begin(step, accountId, { origin, browser }) {
      const atMs = clock.nowMs();
      await removeEndedSessions(step, {
        createdBeforeMs: atMs - LONGEST_SESSION_MS,
        usedBeforeMs: atMs - people().idleLogOffMs,
      });
      const token = newToken();
      await addSession(step, {
        tokenHash: tokenHashOf(token),
        accountId,
        atMs,
        origin,
        browser: browser.slice(0, 200),
      });
      return token;
    },
    async holder(token, address) {
      const tokenHash = tokenHashOf(token);
      const holder = await renew(tokenHash);
      const before = used.placeOf(tokenHash);
      if (holder === undefined || address === undefined || before === undefined) return holder;
      if (used.isNewPlace(tokenHash, address)) {
        await noteMove(db, {
          tokenHash,
          who: holder.account.name,
          before,
          after: address,
          atMs: clock.nowMs(),
        });
      }
      return holder;
    },
    renew,
    async touch(tokenHash) {
      const nowMs = clock.nowMs();
      // A clock that was set back must not make the next touches count for nothing.
      if (Math.abs(nowMs - used.at(tokenHash)) < TOUCH_NOTED_EACH_MS) return;
      used.touch(tokenHash, nowMs);
      await inTransaction(db, (step) => touchSession(step, tokenHash, nowMs));
    },
    end: removeSession,
  };
}

interface Move {
  readonly tokenHash: string;
  readonly who: string;
  readonly before: string;
  readonly after: string;
  readonly atMs: number;
}

async function noteMove(db: Db, { tokenHash, who, before, after, atMs }: Move): Promise<void> {
  const entry = { atMs, who, action: 'session_moved', target: who, origin: after };
  await audited(db, { ...entry, before: { origin: before }, after: { origin: after } }, (step) =>
    moveSession(step, tokenHash, after),
  );
}

interface LastUse {
  readonly usedAtMs: number;
  readonly origin: string;
  /** Addresses that it has come from since it was first seen: each is told once. */
  readonly places: Set<string>;
}

/** When and where from sessions were last used, as far as that has just been read: who acts was looked up a moment ago. */
function createLastUses() {
  const uses = new Map<string, LastUse>();
  return {
    at: (session: string): number => uses.get(session)?.usedAtMs ?? -Infinity,
    placeOf: (session: string): string | undefined => uses.get(session)?.origin,
    isNewPlace(session: string, address: string): boolean {
      const places = uses.get(session)?.places;
      const isNew = places?.has(address) === false;
      places?.add(address);
      return isNew;
    },
    touch(session: string, usedAtMs: number): void {
      const use = uses.get(session);
      if (use !== undefined) uses.set(session, { ...use, usedAtMs });
    },
    note(session: string, { usedAtMs, origin }: Pick<Session, 'usedAtMs' | 'origin'>): void {
      if (uses.size >= MOST_LAST_USES) uses.clear();
      const places = uses.get(session)?.places ?? new Set([origin]);
      uses.set(session, { usedAtMs, origin, places });
    },
  };
}

function setupOf(
  { account, mustChangePassword, hasSecondFactor }: Session,
  secondFactorFor: PeopleSettings['secondFactorFor'],
): Setup | undefined {
  if (mustChangePassword) return 'password';
  const mustHave = !account.isDisplay && holdsOneOf(account.roles, secondFactorFor);
  return mustHave && !hasSecondFactor ? 'second_factor' : undefined;
}
