import type { WatchDesk, WatchNow } from '../../collector/duty/watch/desk.ts';
import { DEFAULT_PROBE_PLAN } from '../../collector/duty/watch/probe-plan.ts';

/** Before anything was planned or signed. */
export const QUIET: WatchNow = {
  lines: [],
  handovers: [],
  records: [],
  checkIns: [],
  shifts: [],
  lastMs: 0,
  names: {},
  lastCount: [],
  probePlan: DEFAULT_PROBE_PLAN,
};

/** A desk at which nobody is, for those who only need the routes. */
export function quietDesk(): WatchDesk {
  return {
    now: () => QUIET,
    responsible: () => ({ kind: 'nobody' }),
    onWatch: () => [],
    leaders: () => [],
    clockBehindMs: () => 0,
    follow: () => undefined,
    refresh: async () => undefined,
    stop: async () => undefined,
  };
}
