import { isDeepStrictEqual } from 'node:util';
import type { Scenario, Want, WantedAlert } from './scenario.ts';

/** A message that a collector got. */
export interface Arrival {
  readonly collector: string;
  readonly atMs: number;
  /** The JSON of a webhook. */
  readonly body: string;
}

interface ToldAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

interface Told {
  readonly at: number;
  readonly alerts: readonly ToldAlert[];
}

/** What is not as the scenario wants it: a message that is missing, or more or less in all than is wanted. */
export function judge(scenario: Scenario, arrivals: readonly Arrival[], startMs: number): readonly string[] {
  const faults: string[] = [];
  for (const { var: collector } of scenario.collectors) {
    const own = arrivals
      .filter((arrival) => arrival.collector === collector)
      .map(
        ({ atMs, body }): Told => ({
          at: (atMs - startMs) / 1_000,
          alerts: (JSON.parse(body) as { readonly alerts: readonly ToldAlert[] }).alerts,
        }),
      )
      .filter(({ at }) => !isDropped(scenario, collector, at));
    const wants = scenario.want.filter((want) => want.collector === collector);
    const judging = { scenario, startMs };
    for (const want of wants) if (!isMet(want, own, judging)) faults.push(missing(want, own, judging));
    // A scenario that wants nothing only must not end in a fault.
    const wanted = wants.reduce((sum, { alerts }) => sum + alerts.length, 0);
    const told = own.reduce((sum, { alerts }) => sum + alerts.length, 0);
    if (wants.length > 0 && wanted !== told)
      faults.push(`${collector} wants ${wanted} alerts in all, got ${told}`);
    if (own.some(({ alerts }) => alerts.length === 0)) faults.push(`${collector} got an empty message`);
  }
  return faults;
}

/** A webhook is named after its collector: `wh2` is the one of `co2`. */
function isDropped({ webhook = {} }: Scenario, collector: string, at: number): boolean {
  const rule = webhook[collector.replace(/^co/, 'wh')] ?? webhook[collector];
  return rule?.dropBefore !== undefined && at < rule.dropBefore;
}

interface Judging {
  readonly scenario: Scenario;
  readonly startMs: number;
}

function isMet({ between: [from, to], alerts }: Want, told: readonly Told[], judging: Judging): boolean {
  const within = told.filter(({ at }) => at >= from && at <= to);
  if (alerts.length === 0) return within.length === 0;
  return within.some(
    (one) =>
      one.alerts.length === alerts.length &&
      alerts.every((wanted) => one.alerts.some((got) => isEqual(wanted, got, one.at, judging))),
  );
}

function isEqual(wanted: WantedAlert, got: ToldAlert, at: number, judging: Judging): boolean {
  const { tolerance } = judging.scenario;
  const near = (a = Number.NaN, b = Number.NaN): boolean => Math.abs(a - b) <= tolerance;
  const endsAt = secondsOf(got.endsAt, judging);
  return (
    isDeepStrictEqual(wanted.labels, got.labels) &&
    isDeepStrictEqual(wanted.annotations ?? {}, got.annotations) &&
    isStartRight(wanted, secondsOf(got.startsAt, judging), at, judging) &&
    (wanted.endsAt === undefined ? endsAt === undefined : near(wanted.endsAt, endsAt))
  );
}

/** Who posts no beginning leaves it to the receiver: it lies between the post and the word on it. */
function isStartRight(
  wanted: WantedAlert,
  startsAt: number | undefined,
  at: number,
  { scenario }: Judging,
): boolean {
  const pushedAt = unstatedStart(wanted, scenario);
  const both = [wanted.startsAt ?? Number.NaN, startsAt ?? Number.NaN] as const;
  if (pushedAt === undefined) return Math.abs(both[0] - both[1]) <= scenario.tolerance;
  return both.every((start) => start >= pushedAt - scenario.tolerance && start <= at);
}

/** Go's zero is no instant. */
function secondsOf(text: string, { startMs }: Judging): number | undefined {
  return text.startsWith('0001-') ? undefined : (Date.parse(text) - startMs) / 1_000;
}

/** When an alert was first posted that no post states the beginning of; `undefined` where one does. */
function unstatedStart({ labels }: WantedAlert, { events }: Scenario): number | undefined {
  const posts = events.flatMap(({ at, push = [] }) =>
    push.filter((alert) => isDeepStrictEqual(alert.labels, labels)).map((alert) => ({ at, alert })),
  );
  if (posts.some(({ alert }) => (alert.startsAt ?? 0) > 0)) return undefined;
  return posts.length === 0 ? undefined : Math.min(...posts.map(({ at }) => at));
}

function missing({ collector, between, alerts }: Want, told: readonly Told[], { startMs }: Judging): string {
  const tell = (one: WantedAlert | ToldAlert): string => {
    const time = (value: string | number | undefined): string =>
      typeof value === 'string' ? String((Date.parse(value) - startMs) / 1_000) : String(value ?? '');
    return `${JSON.stringify(one.labels)} ${time(one.startsAt)}…${time(one.endsAt)}`;
  };
  const got = told.map(({ at, alerts: list }) => `at ${at} ${list.map(tell).join(', ')}`).join(' | ');
  return `${collector} wants between ${between.join(' and ')}: ${alerts.map(tell).join(', ')}; got ${got}`;
}
