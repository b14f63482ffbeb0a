import type { AlertView, MutedView } from '../../config/model/api.ts';
import {
  CHATTER_WITHIN_MS,
  DAY_MS,
  HOUR_MS,
  isOfFlood,
  STALE_AFTER_MS,
  TEN_MINUTES_MS,
  type AttentionView,
} from '../../config/model/attention.ts';
import { defined } from '../../config/model/defined.ts';
import { levelOf } from '../../config/model/severity.ts';
import type { AlertStore } from '../ports.ts';
import { chatterSpells } from './chatter.ts';
import { CALM, floodEdgeMs, floodsOf, floodStep, type FloodState } from './flood.ts';
import { isOwn, lineOf, type JournalLine } from './raise.ts';

/** Counts what is raised while it is raised: what the watch sees of its own load. */
export interface Meter {
  /** The store, of which each raise is counted once it is durable, marked with what kept it from being told. */
  watch(store: AlertStore): AlertStore;
  flood(): FloodState;
  view(active: readonly AlertView[]): AttentionView;
  /** Since the start: every raise, by what it asked of people. */
  raised(): Readonly<RaisedTotals>;
  /** When the view or the flood may be another although nothing is raised. */
  nextEdgeMs(): number | undefined;
}

export interface RaisedTotals {
  own: number;
  folded: number;
  silenced: number;
}

export interface MeterDeps {
  readonly nowMs: () => number;
  /** How many are on watch at an instant. */
  readonly people: (atMs: number) => number;
  /** What keeps an alert from being told, asked of all at one instant. */
  readonly mutedOf: () => (fingerprint: string) => MutedView | undefined;
}

/** So many raises are kept in mind; beyond that the oldest of the day are not counted. */
const MAX_RAISES = 20_000;

/** As little of a raise as is counted: a storm of thousands is kept in mind for a day. */
interface Raise {
  readonly atMs: number;
  readonly fingerprint: string;
  readonly asks: keyof RaisedTotals;
}

function raiseOf(line: JournalLine): Raise {
  const { atMs, muted, point } = line;
  const asks = isOwn(line) ? 'own' : muted === 'inhibited' ? 'folded' : 'silenced';
  return { atMs, fingerprint: point.fingerprint, asks };
}

const isOfWatch = ({ asks }: Raise): boolean => asks === 'own';

/** @param known what was raised in the last day, in order of time */
export function createMeter(deps: MeterDeps, known: readonly JournalLine[]): Meter {
  const { nowMs, mutedOf } = deps;
  const people = (atMs: number): number => Math.max(1, deps.people(atMs));
  let raises: readonly Raise[] = known.map(raiseOf);
  const totals: RaisedTotals = { own: 0, folded: 0, silenced: 0 };
  const ownAtMs = (): readonly number[] => raises.filter(isOfWatch).map(({ atMs }) => atMs);
  const last = floodsOf(ownAtMs(), people, nowMs()).at(-1);
  let flood: FloodState =
    last !== undefined && last.toMs === undefined ? { kind: 'flood', sinceMs: last.fromMs } : CALM;
  const step = (atMs: number): void => {
    const recent = raises.filter((raise) => raise.atMs > atMs - TEN_MINUTES_MS && isOfWatch(raise));
    flood = floodStep(
      flood,
      recent.map((raise) => raise.atMs),
      { atMs, people: people(atMs) },
    );
  };
  const take = (raised: readonly Raise[]): void => {
    if (raised.length === 0) return;
    const fromMs = nowMs() - DAY_MS;
    raises = [...raises.filter(({ atMs }) => atMs >= fromMs), ...raised].slice(-MAX_RAISES);
    for (const { asks } of raised) totals[asks] += 1;
    step(nowMs());
  };
  return {
    watch: (store) => ({
      instances: () => store.instances(),
      firedSince: (sinceMs) => store.firedSince(sinceMs),
      async save(changes) {
        const muted = changes.entries.some(({ transition }) => transition === 'fired')
          ? mutedOf()
          : undefined;
        const entries = changes.entries.map((entry) => {
          const why = entry.transition === 'fired' ? muted?.(entry.alert.fingerprint) : undefined;
          return why === undefined ? entry : { ...entry, alert: { ...entry.alert, muted: why } };
        });
        await store.save({ ...changes, entries });
        take(
          entries.filter(({ transition }) => transition === 'fired').map((entry) => raiseOf(lineOf(entry))),
        );
      },
    }),
    flood() {
      step(nowMs());
      return flood;
    },
    raised: () => totals,
    view(active) {
      const atMs = nowMs();
      step(atMs);
      return viewOf({ raises, flood, active, atMs, people: people(atMs) });
    },
    nextEdgeMs: () => edgeOf({ atMs: nowMs(), raises, flood, people: people(nowMs()) }),
  };
}

interface Seen {
  readonly raises: readonly Raise[];
  readonly flood: FloodState;
  readonly atMs: number;
  readonly people: number;
}

function viewOf({
  raises,
  flood,
  active,
  atMs,
  people,
}: Seen & { active: readonly AlertView[] }): AttentionView {
  const own = raises.filter(isOfWatch);
  const within = (spanMs: number): number => own.filter((raise) => raise.atMs > atMs - spanMs).length;
  return defined({
    people,
    tenMinutes: within(TEN_MINUTES_MS),
    hour: within(HOUR_MS),
    day: within(DAY_MS),
    flood:
      flood.kind === 'calm'
        ? undefined
        : defined({
            sinceMs: flood.sinceMs,
            raised: own.filter((raise) => raise.atMs >= flood.sinceMs).length,
            root: rootOf(active, flood.sinceMs),
          }),
    chattering: chatteringIn(raises.filter((raise) => raise.atMs > atMs - HOUR_MS)),
    stale: active.filter((alert) => atMs - firedMs(alert) > STALE_AFTER_MS).length,
  });
}

/** The gravest of those that were raised in the flood and are told by themselves, of equals the first. */
function rootOf(active: readonly AlertView[], sinceMs: number): string | undefined {
  const [root] = active
    .filter((alert) => isOfFlood(alert, sinceMs))
    .sort((a, b) => levelOf(a.severity) - levelOf(b.severity) || firedMs(a) - firedMs(b));
  return root?.fingerprint;
}

function firedMs({ phase }: AlertView): number {
  return phase.kind === 'pending' ? Number.POSITIVE_INFINITY : phase.firedAtMs;
}

function chatteringIn(raises: readonly Raise[]): number {
  const points = Map.groupBy(raises, ({ fingerprint }) => fingerprint);
  return [...points.values()].filter((own) => chatterSpells(own.map(({ atMs }) => atMs)).length > 0).length;
}

/** When a raise leaves the last ten minutes, hour or day, or the flood may be over. */
function edgeOf({ raises, flood, atMs, people }: Seen): number | undefined {
  const own = raises.filter(isOfWatch);
  const oldest = (spanMs: number): number | undefined => {
    const first = own.find((raise) => raise.atMs > atMs - spanMs);
    return first && first.atMs + spanMs;
  };
  const edges = [
    oldest(TEN_MINUTES_MS),
    oldest(HOUR_MS),
    oldest(DAY_MS),
    flood.kind === 'flood'
      ? floodEdgeMs(
          own.map((raise) => raise.atMs),
          people,
        )
      : undefined,
  ].filter((edge) => edge !== undefined);
  // Nobody reads it more often than each few seconds.
  return edges.length === 0 ? undefined : Math.max(atMs + CHATTER_WITHIN_MS / 12, Math.min(...edges));
}
