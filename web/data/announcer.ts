import type { AlertView } from '../../config/model/api.ts';
import { byUrgency } from './urgency.ts';

/** What a screen reader is told, and what waits to be told. */
export interface Announcer {
  readonly known: ReadonlySet<string>;
  readonly waiting: readonly AlertView[];
  readonly saidAtMs: number;
}

/** In a flood nobody listens to single alerts: one sentence for all that came in this time. */
export const ANNOUNCE_EVERY_MS = 6000;

/** Alerts that are there when the page opens are read from the page, not announced. */
export function startAnnouncer(present: readonly AlertView[]): Announcer {
  return {
    known: new Set(present.map((alert) => alert.fingerprint)),
    waiting: [],
    saidAtMs: Number.NEGATIVE_INFINITY,
  };
}

export interface Announcement {
  readonly worst: AlertView;
  readonly count: number;
}

/** Takes in the present alerts; says something if there is something new and enough time has gone by. */
export function announce(
  announcer: Announcer,
  alerts: readonly AlertView[],
  nowMs: number,
): { readonly announcer: Announcer; readonly announcement?: Announcement } {
  const present = new Set(alerts.map((alert) => alert.fingerprint));
  const fresh = alerts.filter((alert) => !announcer.known.has(alert.fingerprint));
  const waiting = [...announcer.waiting.filter((alert) => present.has(alert.fingerprint)), ...fresh];
  const [worst] = [...waiting].sort(byUrgency);
  if (worst === undefined || nowMs - announcer.saidAtMs < ANNOUNCE_EVERY_MS) {
    return { announcer: { known: present, waiting, saidAtMs: announcer.saidAtMs } };
  }
  return {
    announcer: { known: present, waiting: [], saidAtMs: nowMs },
    announcement: { worst, count: waiting.length },
  };
}
