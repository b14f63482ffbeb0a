import {
  HOUR_MS,
  PRIORITIES,
  PRIORITY_OF,
  TEN_MINUTES_MS,
  type AttentionReport,
  type ChatterView,
  type DayView,
  type OffenderView,
  type Priority,
  type RaisedCount,
} from '../../config/model/attention.ts';
import { defined } from '../../config/model/defined.ts';
import { chatterSpells } from './chatter.ts';
import { isStaleWithin, responseOf, staleAt, standingsOf, type Standing } from './episodes.ts';
import { floodsOf } from './flood.ts';
import { busyRatioOf, loadOf, ratesOf, spansOf, type Span } from './load.ts';
import { proposalOf } from './proposals.ts';
import { isOwn, type JournalLine } from './raise.ts';
import type { RuleExplained } from './unexplained.ts';

/** What a report is made of. */
export interface ReportGround {
  /** In order of time; from before the period too, so that what stood at its beginning is known. */
  readonly lines: readonly JournalLine[];
  readonly fromMs: number;
  readonly toMs: number;
  /** The days of the site's calendar that the period has, in order. */
  readonly days: readonly (Span & { readonly day: string })[];
  /** How many were on watch at an instant; at least one. */
  readonly peopleAt: (atMs: number) => number;
  readonly rules: readonly RuleExplained[];
}

const OFFENDERS = 10;
const CHATTERING = 20;

/** What a period asked of the watch, held against the standard (ISA-18.2, clause 16). */
export function attentionReport(ground: ReportGround): Omit<AttentionReport, 'isCut'> {
  const { lines, fromMs, toMs, days, peopleAt, rules } = ground;
  const within = lines.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  const raises = within.filter(({ transition }) => transition === 'fired');
  const own = raises.filter(isOwn);
  const ownAtMs = own.map(({ atMs }) => atMs);
  const standings = standingsOf(lines.filter(({ atMs }) => atMs < toMs));
  const period = { fromMs, toMs };
  const tenMinutes = spansOf(period, TEN_MINUTES_MS);
  const rates = ratesOf(ownAtMs, tenMinutes, peopleAt);
  const load = (spans: readonly Span[]) => loadOf(ratesOf(ownAtMs, spans, peopleAt), spans);
  const fired = standings.filter(({ firedAtMs }) => firedAtMs >= fromMs);
  return {
    ...period,
    people: meanOf(tenMinutes.map((span) => peopleAt(span.fromMs))),
    raised: countOf(raises),
    load: { tenMinutes: loadOf(rates, tenMinutes), hour: load(spansOf(period, HOUR_MS)), day: load(days) },
    busyRatio: busyRatioOf(rates),
    floods: floodsOf(ownAtMs, peopleAt, toMs),
    days: days.map((day) => dayOf(day, raises, standings)),
    mix: mixOf(own),
    ...offending(own, fired, rules),
    chattering: chatteringOf(raises),
    stale: staleAt(standings, toMs),
    acknowledged: responseOf(fired, ({ acknowledgedAtMs }) => acknowledgedAtMs),
    firstAction: responseOf(fired, ({ actedAtMs }) => actedAtMs),
    unexplained: rules.flatMap(({ rule, name, missing }) =>
      missing.length === 0 ? [] : [{ rule, name, missing }],
    ),
    rules: rules.length,
  };
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function countOf(raises: readonly JournalLine[]): RaisedCount {
  const own = raises.filter(isOwn).length;
  const folded = raises.filter((line) => !isOwn(line) && line.muted === 'inhibited').length;
  return { own, folded, silenced: raises.length - own - folded };
}

function dayOf(
  { day, fromMs, toMs }: Span & { readonly day: string },
  raises: readonly JournalLine[],
  standings: readonly Standing[],
): DayView {
  const stale = standings.filter((standing) => isStaleWithin(standing, { fromMs, toMs })).length;
  return { day, ...countOf(raises.filter(({ atMs }) => atMs >= fromMs && atMs < toMs)), stale };
}

function mixOf(own: readonly JournalLine[]): Readonly<Record<Priority, number>> {
  const counts: Record<Priority, number> = { low: 0, medium: 0, high: 0 };
  for (const { point } of own) counts[PRIORITY_OF[point.severity]] += 1;
  for (const priority of PRIORITIES) counts[priority] /= Math.max(1, own.length);
  return counts;
}

function offending(
  own: readonly JournalLine[],
  standings: readonly Standing[],
  rules: readonly RuleExplained[],
): Pick<AttentionReport, 'offenders' | 'topTenRatio'> {
  const byPoint = [...Map.groupBy(own, ({ point }) => point.fingerprint)]
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, OFFENDERS);
  const waits = new Map(rules.map(({ rule, forMs }) => [rule, forMs]));
  const episodes = Map.groupBy(standings, ({ point }) => point.fingerprint);
  const offenders = byPoint.flatMap(([fingerprint, lines]): readonly OffenderView[] => {
    const last = lines.at(-1);
    if (last === undefined) return [];
    const { point, isDanger } = last;
    // What endangers life is never made to wait.
    const proposal = isDanger
      ? undefined
      : proposalOf(episodes.get(fingerprint) ?? [], waits.get(point.rule) ?? 0);
    return [defined({ ...point, raised: lines.length, ratio: lines.length / own.length, proposal })];
  });
  return { offenders, topTenRatio: offenders.reduce((sum, { ratio }) => sum + ratio, 0) };
}

/** Folded or not: a point that chatters wears out what it wakes. */
function chatteringOf(raises: readonly JournalLine[]): readonly ChatterView[] {
  return [...Map.groupBy(raises, ({ point }) => point.fingerprint).values()]
    .flatMap((lines) => {
      const spells = chatterSpells(lines.map(({ atMs }) => atMs));
      const [last, point] = [spells.at(-1), lines.at(-1)?.point];
      return last === undefined || point === undefined
        ? []
        : [{ ...point, times: spells.length, lastAtMs: last }];
    })
    .sort((a, b) => b.times - a.times)
    .slice(0, CHATTERING);
}
