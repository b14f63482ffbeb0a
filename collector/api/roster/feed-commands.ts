import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { Closed } from '../../../config/schema/common.ts';
import { addFeed, feedOf, setFeedRevoked, type Feed } from '../../records/roster-feeds.ts';
import type { ApiPlugin } from '../api.ts';
import { newToken, tokenHashOf } from '../auth/token.ts';
import { commandRoute } from '../commands.ts';
import type { RosterApiDeps } from './roster-deps.ts';

const Nothing = Closed({}, 'Nothing.');

interface Undo {
  readonly made?: string;
  readonly revoked?: string;
}

/** Makes a secret link to one's own shifts for the calendar of a phone; the one before is worth nothing any more. */
export function makeFeed(deps: RosterApiDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'make-feed',
    input: Nothing,
    async plan(db, _input, { account }) {
      const before = await feedOf(db, account.id);
      const effects: Effect[] = [{ code: 'feed_made' }];
      if (before !== undefined) effects.push({ code: 'feed_revoked' });
      return { effects, target: account.name, basis: before?.createdAtMs ?? null, details: before };
    },
    async act(step, { details }, { account, atMs }) {
      const token = newToken();
      const made = tokenHashOf(token);
      if (details !== undefined) await setFeedRevoked(step, details.tokenHash, atMs);
      await addFeed(step, { tokenHash: made, accountId: account.id, atMs });
      const undo: Undo = { made, ...(details === undefined ? {} : { revoked: details.tokenHash }) };
      return { result: { path: `/api/roster/feed/${token}.ics` }, undo };
    },
    undo: (step, undo, { atMs }) => takeBack(step, undo as Undo, atMs),
  });
}

/** Ends the link at once. */
export function revokeFeed(deps: RosterApiDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'revoke-feed',
    input: Nothing,
    async plan(db, _input, { account }) {
      const before = await feedOf(db, account.id);
      if (before === undefined) throw new WatchkeeperError('conflict', 'There is no such link.');
      const details: Feed = before;
      return {
        effects: [{ code: 'feed_revoked' }],
        target: account.name,
        basis: before.createdAtMs,
        details,
      };
    },
    async act(step, { details: { tokenHash } }, { atMs }) {
      await setFeedRevoked(step, tokenHash, atMs);
      const undo: Undo = { revoked: tokenHash };
      return { undo };
    },
    undo: (step, undo, { atMs }) => takeBack(step, undo as Undo, atMs),
  });
}

async function takeBack(
  step: Parameters<typeof setFeedRevoked>[0],
  { made, revoked }: Undo,
  atMs: number,
): Promise<readonly Effect[]> {
  if (made !== undefined) await setFeedRevoked(step, made, atMs);
  if (revoked !== undefined) await setFeedRevoked(step, revoked, null);
  return [{ code: revoked === undefined ? 'feed_revoked' : 'feed_restored' }];
}
