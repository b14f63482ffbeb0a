import type { WatchDesk } from '../../collector/duty/watch/desk.ts';

/** A desk at which nobody is, for those who only need the routes. */
export function quietDesk(): WatchDesk {
  return {
    now: () => ({ lines: [], handovers: [], records: [], checkIns: [], shifts: [], lastMs: 0 }),
    responsible: () => ({ kind: 'nobody' }),
    onWatch: () => [],
    leaders: () => [],
    clockBehindMs: () => 0,
    follow: () => undefined,
    refresh: async () => undefined,
    stop: async () => undefined,
  };
}
