import { isActive, type AlertInstance } from '../../config/model/alert.ts';
import type { Labels } from '../../config/model/labels.ts';
import { remembered } from '../../config/model/remembered.ts';
import { isDangerToLife } from '../danger.ts';
import type { Seen } from '../mute/inhibit.ts';
import { groupKeyOf, groupLabelsOf, routesOf, type Route } from '../route/route.ts';
import { byUrgency, firedAtMs, isPressing } from './urgency.ts';

/** Alerts that one route tells of together. */
export interface NotifyGroup {
  /** Equal for equal routes and labels, across restarts. */
  readonly key: string;
  readonly route: Route;
  /** Those that its alerts share by the route's `group_by`. */
  readonly labels: Labels;
  /** Firing, held and lately resolved; gravest first, then oldest. */
  readonly alerts: readonly Seen[];
  /** Fingerprints of those that had resolved when the group was looked at before: their end is no news. */
  readonly gone: ReadonlySet<string>;
  /** Fingerprints of those, urgent ones, that have ended and fired anew since the group was looked at before. */
  readonly again: ReadonlySet<string>;
  /** When it is looked at next. */
  readonly dueAtMs: number;
}

/** What was told of a group before a restart. */
export interface ToldBefore {
  /** Fingerprints of those that somebody last heard of as firing. */
  readonly firing: ReadonlySet<string>;
  /** When it was told last: its beat counts from then. */
  readonly atMs: number;
}

/**
 * The groups that there are, each with its own beat (Alertmanager, `dispatch.aggrGroup`): first looked at when
 * `group_wait` is over, at once if an alert has waited so long already, then each `group_interval`. What is urgent makes
 * its group due at once.
 */
export interface Groups {
  /** Takes the alerts as they are now. */
  take(seen: readonly Seen[], root: Route, nowMs: number): void;
  all(): readonly NotifyGroup[];
  due(nowMs: number): readonly NotifyGroup[];
  /** They were looked at, and what was decided is kept; of those whose keys are `told` there was something to tell. */
  lookedAt(groups: readonly NotifyGroup[], told: ReadonlySet<string>, nowMs: number): void;
  /** What is to be told of these waits for others, until an instant or until `gather`: their turn is not over. */
  postpone(groups: readonly NotifyGroup[], untilMs: number): void;
  /** Those that were postponed are due. */
  gather(): void;
  /** What keeps alerts from being told is another now: those that were looked at before are due. */
  recall(nowMs: number): void;
  /**
   * Fingerprints of the alerts that go on, and of those that ended since their group was looked at; `undefined` before
   * any were taken.
   */
  untold(): ReadonlySet<string> | undefined;
  /** When the next is due. */
  nextAtMs(): number | undefined;
  /** Begins all beats anew, as after a start. */
  clear(): void;
}

/** How long a group whose alerts are all over keeps its beat for one that comes back. */
const LINGER_MS = 30_000;

/** Fingerprints of active alerts, and when each fired; `undefined`: nobody knows any more. */
type Fired = ReadonlyMap<string, number | undefined>;

interface Group {
  readonly key: string;
  readonly route: Route;
  readonly labels: Labels;
  alerts: ReadonlyMap<string, Seen>;
  /** Active when it was looked at last, also where its turn was postponed; told as active, before it was looked at. */
  active: Fired;
  /** Resolved at its last turn. */
  gone: ReadonlyMap<string, number>;
  dueAtMs: number;
  /** Told together with others then. */
  postponedUntilMs: number | undefined;
  hasBeenLookedAt: boolean;
  /** When it was told last before a restart, until it is looked at. */
  toldBeforeMs: number | undefined;
  emptySinceMs: number | undefined;
}

interface Book {
  readonly notBeforeMs: number;
  /** By key of the group, until it is there again. */
  readonly before: Map<string, ToldBefore>;
  groups: Map<string, Group>;
  /** Alerts that resolved and whose group is no more, until they are forgotten: `key fingerprint` → resolved at. */
  over: Map<string, number>;
}

/**
 * @param notBeforeMs nothing is due before, so that a start does not tell of a part
 * @param before by key of the group
 */
export function createGroups(notBeforeMs: number, before: ReadonlyMap<string, ToldBefore>): Groups {
  const book: Book = { notBeforeMs, before: new Map(before), groups: new Map(), over: new Map() };
  let hasTaken = false;
  return {
    take(seen, root, nowMs) {
      hasTaken = true;
      dropEmpty(book, nowMs);
      const members = membersOf(book, seen, root, nowMs);
      for (const group of book.groups.values()) {
        const ended = stillToTell(group);
        const own = members.get(group) ?? new Map<string, Seen>();
        group.alerts = ended.length === 0 ? own : new Map([...ended, ...own]);
        hasten(group, nowMs, notBeforeMs);
      }
    },
    all: () => [...book.groups.values()].map(viewOf),
    due: (nowMs) => [...book.groups.values()].filter((group) => turnMs(group) <= nowMs).map(viewOf),
    lookedAt(views, told, nowMs) {
      for (const { key, alerts } of views) {
        const group = book.groups.get(key);
        if (group === undefined) continue;
        if (told.has(key)) group.toldBeforeMs = undefined;
        turn(book, group, alerts, nowMs);
      }
      dropEmpty(book, nowMs);
    },
    postpone(views, untilMs) {
      for (const { key, alerts } of views) {
        const group = book.groups.get(key);
        if (group === undefined) continue;
        group.postponedUntilMs = untilMs;
        group.active = firedOf(alerts);
      }
    },
    gather() {
      for (const group of book.groups.values()) {
        if (group.postponedUntilMs === undefined) continue;
        group.postponedUntilMs = undefined;
        group.dueAtMs = notBeforeMs;
      }
    },
    recall(nowMs) {
      for (const group of book.groups.values())
        if (group.hasBeenLookedAt) group.dueAtMs = Math.min(group.dueAtMs, Math.max(nowMs, notBeforeMs));
    },
    untold: () => (hasTaken ? untoldOf([...book.groups.values()]) : undefined),
    nextAtMs() {
      let next: number | undefined;
      for (const group of book.groups.values()) {
        const atMs = turnMs(group);
        if (next === undefined || atMs < next) next = atMs;
      }
      return next;
    },
    clear() {
      book.groups = new Map();
      hasTaken = false;
    },
  };
}

function untoldOf(groups: readonly Group[]): ReadonlySet<string> {
  const active = groups.flatMap(({ alerts }) => [...alerts].filter(([, { alert }]) => isActive(alert)));
  return new Set([...active, ...groups.flatMap(stillToTell)].map(([fingerprint]) => fingerprint));
}

/** Sorts the alerts into their groups, making those that are not there yet. */
function membersOf(
  book: Book,
  seen: readonly Seen[],
  root: Route,
  nowMs: number,
): ReadonlyMap<Group, ReadonlyMap<string, Seen>> {
  const members = new Map<Group, Map<string, Seen>>();
  const stillOver = new Map<string, number>();
  for (const one of seen) {
    const resolvedAtMs = resolvedAt(one.alert);
    for (const place of placesOf(root)(one)) {
      const { mark } = place;
      if (resolvedAtMs !== undefined && book.over.get(mark) === resolvedAtMs) {
        stillOver.set(mark, resolvedAtMs);
        continue;
      }
      const group = groupOf(book, place, nowMs);
      const own = members.get(group) ?? new Map<string, Seen>();
      members.set(group, own.set(one.alert.fingerprint, one));
    }
  }
  book.over = stillOver;
  return members;
}

/** Those that ended since the group was looked at: its turn may come when others have long forgotten them. */
function stillToTell({ alerts, gone }: Group): readonly (readonly [string, Seen])[] {
  const ended: (readonly [string, Seen])[] = [];
  alerts.forEach((seen, fingerprint) => {
    const endedAtMs = resolvedAt(seen.alert);
    if (endedAtMs !== undefined && gone.get(fingerprint) !== endedAtMs) ended.push([fingerprint, seen]);
  });
  return ended;
}

interface Place extends Pick<NotifyGroup, 'key' | 'route' | 'labels'> {
  /** Names the alert in its group. */
  readonly mark: string;
}

/** Where an alert belongs by the routes below a root: found once for each. */
const placesOf = remembered((root: Route) =>
  remembered(({ alert, labels: own }: Seen): readonly Place[] =>
    routesOf(root, own).map((route) => {
      const labels = groupLabelsOf(route, own);
      const key = groupKeyOf(route, labels);
      return { key, route, labels, mark: `${key}\n${alert.fingerprint}` };
    }),
  ),
);

function groupOf({ groups, before, notBeforeMs }: Book, { key, route, labels }: Place, nowMs: number): Group {
  const known = groups.get(key);
  if (known !== undefined) return known;
  const told = before.get(key);
  before.delete(key);
  const group: Group = {
    key,
    route,
    labels,
    alerts: new Map(),
    active: new Map([...(told?.firing ?? [])].map((fingerprint) => [fingerprint, undefined])),
    gone: new Map(),
    dueAtMs: Math.max(nowMs + route.groupWaitMs, notBeforeMs),
    postponedUntilMs: undefined,
    hasBeenLookedAt: false,
    toldBeforeMs: told?.atMs,
    emptySinceMs: undefined,
  };
  groups.set(key, group);
  return group;
}

function dropEmpty({ groups }: Book, nowMs: number): void {
  for (const [key, { emptySinceMs, alerts }] of groups)
    if (alerts.size === 0 && nowMs - (emptySinceMs ?? nowMs) >= LINGER_MS) groups.delete(key);
}

/** A group's turn is over; one whose alerts have all ended is empty from now on. */
function turn({ over }: Book, group: Group, alerts: readonly Seen[], nowMs: number): void {
  const ends = alerts.flatMap(({ alert }) => {
    const atMs = resolvedAt(alert);
    return atMs === undefined ? [] : [[alert.fingerprint, atMs] as const];
  });
  group.dueAtMs = nextBeatMs(group, nowMs);
  group.hasBeenLookedAt = true;
  group.toldBeforeMs = undefined;
  group.postponedUntilMs = undefined;
  group.active = firedOf(alerts);
  group.gone = new Map(ends);
  if (group.active.size > 0) {
    group.emptySinceMs = undefined;
    return;
  }
  for (const [fingerprint, atMs] of ends) over.set(`${group.key}\n${fingerprint}`, atMs);
  group.alerts = new Map();
  group.emptySinceMs ??= nowMs;
}

function firedOf(alerts: readonly Seen[]): Fired {
  const active = alerts.map(({ alert }) => alert).filter(isActive);
  return new Map(active.map((alert) => [alert.fingerprint, firedAtMs(alert)]));
}

/** Whether it was active, has ended, and fires anew. Nothing but a new start is later. */
function hasComeBack(active: Fired, alert: AlertInstance): boolean {
  return isActive(alert) && firedAtMs(alert) > (active.get(alert.fingerprint) ?? Number.POSITIVE_INFINITY);
}

/** The next beat; of a group that was told before a restart, and not since, the one that it would have had without. */
function nextBeatMs({ route: { groupIntervalMs }, toldBeforeMs }: Group, nowMs: number): number {
  const sinceMs = Math.max(0, nowMs - (toldBeforeMs ?? nowMs));
  return nowMs + groupIntervalMs - (sinceMs % groupIntervalMs);
}

/** Brings a group's turn forward: what has waited long enough before it came, and what may not wait. */
function hasten(group: Group, nowMs: number, notBeforeMs: number): void {
  const { route } = group;
  const soonestMs = Math.max(nowMs, notBeforeMs);
  const alerts = [...group.alerts.values()].map(({ alert }) => alert);
  const active = alerts.filter(isActive);
  const hasWaited =
    !group.hasBeenLookedAt && alerts.some((alert) => firedAtMs(alert) + route.groupWaitMs < nowMs);
  const isUrgent = (alert: AlertInstance): boolean =>
    route.urgent.includes(alert.severity) || isDangerToLife(alert);
  const news = active.filter(
    (alert) => !group.active.has(alert.fingerprint) || hasComeBack(group.active, alert),
  );
  // What waits to be told with others does not keep what presses from being looked at.
  if (news.some((alert) => isPressing(alert, route))) group.postponedUntilMs = undefined;
  const isNews = news.some(isUrgent);
  const isOver =
    active.length === 0 && alerts.some((alert) => isUrgent(alert) && group.active.has(alert.fingerprint));
  if (hasWaited || isNews || isOver) group.dueAtMs = Math.min(group.dueAtMs, soonestMs);
  // A turn that lies further ahead than the longest wait was set before the clock was set back.
  const longestMs = Math.max(route.groupWaitMs, route.groupIntervalMs);
  if (group.dueAtMs - soonestMs > longestMs) group.dueAtMs = soonestMs;
}

function turnMs({ dueAtMs, postponedUntilMs }: Group): number {
  return Math.max(dueAtMs, postponedUntilMs ?? dueAtMs);
}

function viewOf({ key, route, labels, alerts, active, gone, dueAtMs }: Group): NotifyGroup {
  const those = (is: (alert: AlertInstance) => boolean): ReadonlySet<string> => {
    const found = [...alerts.values()].map(({ alert }) => alert).filter(is);
    return new Set(found.map(({ fingerprint }) => fingerprint));
  };
  return {
    key,
    route,
    labels,
    dueAtMs,
    alerts: [...alerts.values()].sort((a, b) => byUrgency(a.alert, b.alert)),
    gone: those(
      ({ fingerprint, phase }) => phase.kind === 'resolved' && gone.get(fingerprint) === phase.resolvedAtMs,
    ),
    again: those((alert) => isPressing(alert, route) && hasComeBack(active, alert)),
  };
}

function resolvedAt({ phase }: AlertInstance): number | undefined {
  return phase.kind === 'resolved' ? phase.resolvedAtMs : undefined;
}
