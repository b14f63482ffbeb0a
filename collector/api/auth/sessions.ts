import type { Clock } from '../../../config/runtime/clock.ts';
import type { Account } from '../../records/accounts.ts';
import {
  addSession,
  findSession,
  removeEndedSessions,
  removeSession,
  touchSession,
  type Session,
} from '../../records/sessions.ts';
import type { Db } from '../../records/tables.ts';
import { newToken, tokenHashOf } from './token.ts';

/** A shift without touching the page ends a session; an open live page counts as use. */
const IDLE_MS = 8 * 3_600_000;
export const LONGEST_SESSION_MS = 7 * 24 * 3_600_000;

/** How much later a use may be than the one that was noted: not each request is a write. */
const USE_NOTED_EACH_MS = 60_000;

/** Who a request comes from. */
export interface SignedIn {
  readonly account: Account;
  /** Names the session to `renew` and `end`; it is no secret. */
  readonly session: string;
}

export interface Sessions {
  /** Begins a session, in the transaction that lets somebody in; the answer is the token for the cookie, never stored. */
  begin(step: Db, accountId: number): Promise<string>;
  /** Who holds the token, if its session has not ended. Counts as use. */
  holder(token: string): Promise<SignedIn | undefined>;
  /** The same for a session that is known; for what lasts longer than a request. `undefined` when it has ended. */
  renew(session: string): Promise<SignedIn | undefined>;
  end(step: Db, session: string): Promise<void>;
}

/** When a session ends unless it is used again. */
export function sessionEndsAtMs({
  createdAtMs,
  usedAtMs,
}: Pick<Session, 'createdAtMs' | 'usedAtMs'>): number {
  return Math.min(createdAtMs + LONGEST_SESSION_MS, usedAtMs + IDLE_MS);
}

export function createSessions({ db, clock }: { db: Db; clock: Clock }): Sessions {
  const renew = async (tokenHash: string): Promise<SignedIn | undefined> => {
    const session = await findSession(db, tokenHash);
    const nowMs = clock.nowMs();
    if (session === undefined || nowMs >= sessionEndsAtMs(session)) return undefined;
    if (nowMs - session.usedAtMs >= USE_NOTED_EACH_MS) await touchSession(db, tokenHash, nowMs);
    return { account: session.account, session: tokenHash };
  };
  return {
    async begin(step, accountId) {
      const atMs = clock.nowMs();
      await removeEndedSessions(step, {
        createdBeforeMs: atMs - LONGEST_SESSION_MS,
        usedBeforeMs: atMs - IDLE_MS,
      });
      const token = newToken();
      await addSession(step, { tokenHash: tokenHashOf(token), accountId, atMs });
      return token;
    },
    holder: (token) => renew(tokenHashOf(token)),
    renew,
    end: removeSession,
  };
}
