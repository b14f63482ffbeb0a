import type { FastifyReply } from 'fastify';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { WATCH_POSTS } from '../../../config/model/watch.ts';
import { icalOf } from '../../duty/roster/ical.ts';
import { feedAccount, noteFeedUsed } from '../../records/roster-feeds.ts';
import { tokenHashOf } from '../auth/token.ts';
import type { RosterRouteDeps } from '../roster.ts';

const DAY_MS = 86_400_000;
const BEHIND_MS = 30 * DAY_MS;
const AHEAD_MS = 180 * DAY_MS;
/** Names of events need no address that can be reached. */
const HOST = 'watchkeeper';

/** Answers the calendar of a phone: the shifts of whose link it is. @throws {WatchkeeperError} `not_found`. */
export async function sendFeed(deps: RosterRouteDeps, token: string, reply: FastifyReply): Promise<string> {
  const { db, clock, roster, siteName } = deps;
  const nowMs = clock.nowMs();
  const tokenHash = tokenHashOf(token);
  const account = await feedAccount(db, tokenHash);
  if (account === undefined) throw new WatchkeeperError('not_found', 'This link is not good (any more).');
  await noteFeedUsed(db, tokenHash, nowMs);
  const shifts = await roster.shiftsBetween(nowMs - BEHIND_MS, nowMs + AHEAD_MS);
  const own = shifts.flatMap((shift) => {
    const posts = WATCH_POSTS.filter((post) => shift.posts[post].includes(account.name));
    return posts.length === 0 ? [] : [{ shift, own: posts }];
  });
  const { language } = account;
  void reply
    .type('text/calendar; charset=utf-8')
    .header('content-disposition', 'inline; filename="shifts.ics"');
  return icalOf({ shifts: own, site: siteName()[language], language, nowMs, host: HOST });
}
