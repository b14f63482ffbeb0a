import { describe, expect, it } from 'vitest';
import { boardOf } from '../../../../../collector/api/watch/view.ts';
import type { FactsMoment } from '../../../../../collector/duty/watch/facts.ts';
import { shiftOf, watchSite } from '../../../../support/watch-site.ts';

const MINUTE_MS = 60_000;

describe('the duty board', () => {
  it('stays the same while nothing happens, so that nobody is told anew', async () => {
    const { nowMs: startsAtMs } = { nowMs: 2_000_000_000_000 };
    const site = await watchSite({
      shifts: [shiftOf('day', [startsAtMs, startsAtMs + 480 * MINUTE_MS], ['wang', 'zhao'], ['chen'])],
    });
    await site.own.clock.advance(startsAtMs - 60 * MINUTE_MS - site.own.clock.nowMs());
    await site.take('li');
    await site.give('li', 'open-item', {
      sort: 'notice',
      subject: '停电通知',
      description: '',
      weight: 'heed',
    });
    const at = (atMs: number): string => {
      const moment: FactsMoment = { atMs, clockBehindMs: 0, active: [], callsDue: [] };
      return JSON.stringify(boardOf({ desk: site.desk, moment, isGrave: false }));
    };
    // Late by one minute and by nine: since when is told, not for how long.
    expect(at(startsAtMs - MINUTE_MS)).toBe(at(startsAtMs - 9 * MINUTE_MS));
    expect(at(startsAtMs - MINUTE_MS)).not.toBe(at(startsAtMs - 11 * MINUTE_MS));
  });

  it('calls the people by what they are called', async () => {
    const site = await watchSite();
    await site.own.db.updateTable('account').set({ display_name: '李雷' }).where('name', '=', 'li').execute();
    await site.take('li');
    const board = await site.board();
    expect(board.names).toMatchObject({ li: '李雷' });
    expect(board.posts.operator).toMatchObject({ person: 'li', displayName: '李雷' });
  });

  it('does not list a whole call tree', async () => {
    const site = await watchSite();
    const callsDue = Array.from({ length: 40 }, (_, index) => ({
      name: `p${index}`,
      displayName: `P ${index}`,
    }));
    const moment = { atMs: site.own.clock.nowMs(), clockBehindMs: 0, active: [], callsDue };
    const { calls } = boardOf({ desk: site.desk, moment, isGrave: false });
    expect([calls.first.length, calls.count]).toEqual([5, 40]);
  });
});
