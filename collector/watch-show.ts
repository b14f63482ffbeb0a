import type { Alerting } from '../alerting/alerting.ts';
import type { Clock } from '../config/runtime/clock.ts';
import { every, type Loop } from '../config/runtime/every.ts';
import type { Log } from '../config/runtime/log.ts';
import { boardOf, watchViewOf } from './api/watch/view.ts';
import { callsDue } from './duty/watch/call-tree.ts';
import type { WatchDesk } from './duty/watch/desk.ts';
import { isDutyAlert, type FactsMoment } from './duty/watch/facts.ts';
import type { LiveHub } from './live/hub.ts';
import type { Db } from './records/tables.ts';

/** The watch as the browsers see it. */
export interface WatchShow {
  /** What the facts of this instant are made of. */
  readonly moment: () => FactsMoment;
  /** A level-1 alert goes on that is not about people's work itself. */
  readonly isGrave: () => boolean;
  /** Tells every browser what is different. */
  readonly show: () => void;
  /** Looks anew who of the call tree is to be tried. */
  readonly onTried: () => void;
  readonly loops: readonly Loop[];
}

/** What the clock alone moves is told so often: who should be here by now, what is overdue. */
const SHOW_EACH_MS = 5_000;
const CALLS_EACH_MS = 60_000;

export function showWatch({
  db,
  clock,
  log,
  hub,
  desk,
  active,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly hub: Pick<LiveHub, 'publish'>;
  readonly desk: WatchDesk;
  readonly active: () => ReturnType<Alerting['active']>;
}): WatchShow {
  let due: FactsMoment['callsDue'] = [];
  const moment = (): FactsMoment => ({
    atMs: clock.nowMs(),
    clockBehindMs: desk.clockBehindMs(),
    active: active(),
    callsDue: due,
  });
  const isGraveAmong = (alerts: FactsMoment['active']): boolean =>
    alerts.some((alert) => alert.severity === 'critical' && !isDutyAlert(alert));
  const show = (): void => {
    const now = moment();
    const board = boardOf({ desk, moment: now, isGrave: isGraveAmong(now.active) });
    const watch = watchViewOf(desk, now.atMs);
    hub.publish([['watch', watch] as const, ['board', board] as const], { isUrgent: true });
  };
  const lookForCalls = async (): Promise<void> => {
    const { lines, probePlan } = desk.now();
    due = await callsDue(db, { lines }, probePlan, clock.nowMs());
    show();
  };
  const onError = (err: unknown): void => log.warn({ err }, 'the watch could not be shown');
  show();
  return {
    moment,
    isGrave: () => isGraveAmong(active()),
    show,
    onTried: () => void lookForCalls().catch(onError),
    loops: [
      every(clock, { intervalMs: SHOW_EACH_MS, onError }, show),
      every(clock, { intervalMs: CALLS_EACH_MS, onError }, lookForCalls),
    ],
  };
}
