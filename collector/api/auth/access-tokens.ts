import type { Clock } from '../../../config/runtime/clock.ts';
import { accessTokens, noteTokenUse, type AccessToken } from '../../records/sign-in-secrets.ts';
import type { Db } from '../../records/tables.ts';
import { tokenHashOf } from './token.ts';

const USE_NOTED_EACH_MS = 60_000;
/** Looking a token up again is not worth a query each second. */
const REMEMBERED_MS = 5_000;
const MAX_REMEMBERED = 1_000;

/** Tells whose a bearer token is. */
export interface AccessTokens {
  /** The token, if it is neither ended nor revoked. */
  holder(token: string): Promise<AccessToken | undefined>;
  /** Something about tokens has changed. */
  forget(): void;
}

export function createAccessTokens({ db, clock }: { readonly db: Db; readonly clock: Clock }): AccessTokens {
  const remembered = new Map<string, { readonly found: AccessToken; readonly atMs: number }>();
  const lookUp = async (tokenHash: string, nowMs: number): Promise<AccessToken | undefined> => {
    const known = remembered.get(tokenHash);
    if (known !== undefined && Math.abs(nowMs - known.atMs) < REMEMBERED_MS) return known.found;
    const [found] = await accessTokens(db, tokenHash);
    remembered.delete(tokenHash);
    if (found === undefined) return undefined;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(tokenHash, { found, atMs: nowMs });
    return found;
  };
  return {
    async holder(token) {
      const tokenHash = tokenHashOf(token);
      const nowMs = clock.nowMs();
      const found = await lookUp(tokenHash, nowMs);
      if (found === undefined || found.revokedAtMs !== undefined || nowMs >= found.endsAtMs) return undefined;
      if (Math.abs(nowMs - (found.usedAtMs ?? 0)) >= USE_NOTED_EACH_MS) {
        await noteTokenUse(db, tokenHash, nowMs);
        remembered.set(tokenHash, { found: { ...found, usedAtMs: nowMs }, atMs: nowMs });
      }
      return found;
    },
    forget: () => remembered.clear(),
  };
}
