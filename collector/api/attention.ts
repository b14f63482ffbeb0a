import { Type } from 'typebox';
import { deadBandOf } from '../../alerting/attention/proposals.ts';
import { attentionReport } from '../../alerting/attention/report.ts';
import { explainedRules } from '../../alerting/attention/unexplained.ts';
import type { GroupRun } from '../../alerting/engine/group.ts';
import { DAY_MS, type AttentionReport, type OffenderView } from '../../config/model/attention.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Site } from '../../config/model/site.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { daysOfMonth, monthAt, type CalendarDay } from '../../config/runtime/month.ts';
import { Closed } from '../../config/schema/common.ts';
import { peopleBetween } from '../duty/watch/people-between.ts';
import type { Queries } from '../promql/worker/queries.ts';
import { alertJournal } from '../records/alert-journal.ts';
import type { Db } from '../records/tables.ts';
import type { ApiPlugin } from './api.ts';
import { limitOf } from './attention/limit.ts';

export interface AttentionRoutesDeps {
  readonly db: Db;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly site: () => Site;
  readonly groups: () => readonly GroupRun[];
  readonly queries: Pick<Queries, 'range'>;
  /** How far back samples are at hand. */
  readonly headRetentionMs: () => number;
}

const MonthQuery = Closed(
  { month: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}$' })) },
  'A month of the calendar of the site; this one where none is named.',
);

/** What stood at the beginning of a month is looked for so far back. */
const LEAD_MS = 7 * DAY_MS;
/** A month that goes on is counted anew each minute, whoever asks. */
const FRESH_MS = 60_000;
const MOST_KEPT = 24;

/** What alerts ask of the watch, month by month. */
export function attentionRoutes(deps: AttentionRoutesDeps): ApiPlugin {
  const kept = new Map<string, { readonly atMs: number; readonly report: Promise<AttentionReport> }>();
  const reportOf = (month: string, days: readonly CalendarDay[]): Promise<AttentionReport> => {
    const nowMs = deps.clock.nowMs();
    const known = kept.get(month);
    const endMs = days.at(-1)?.toMs ?? 0;
    if (known !== undefined && (known.atMs > endMs || nowMs - known.atMs < FRESH_MS)) return known.report;
    const report = monthReport(deps, days, nowMs);
    kept.delete(month);
    kept.set(month, { atMs: nowMs, report });
    for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest);
    // What failed is tried again by the next who asks.
    report.catch(() => kept.delete(month));
    return report;
  };
  return (api) => {
    api.get('/api/attention', { schema: { querystring: MonthQuery } }, async ({ query }) => {
      const { timeZone } = deps.site();
      const month = query.month ?? monthAt(deps.clock.nowMs(), timeZone);
      const days = daysOfMonth(month, timeZone);
      if (days === undefined) throw new WatchkeeperError('invalid_request', 'There is no such month.');
      return reportOf(month, days);
    });
  };
}

async function monthReport(
  deps: AttentionRoutesDeps,
  all: readonly CalendarDay[],
  nowMs: number,
): Promise<AttentionReport> {
  const fromMs = all[0]?.fromMs ?? nowMs;
  const toMs = Math.max(fromMs, Math.min(nowMs, all.at(-1)?.toMs ?? nowMs));
  const days = all
    .filter((day) => day.fromMs < toMs)
    .map((day) => ({ ...day, toMs: Math.min(day.toMs, toMs) }));
  const { lines, isCut } = await alertJournal(deps.db, { fromMs: fromMs - LEAD_MS, toMs });
  const peopleAt = await peopleBetween(deps.db, fromMs);
  const rules = explainedRules(deps.groups());
  const report = attentionReport({ lines, fromMs, toMs, days, peopleAt, rules });
  const offenders = await Promise.all(report.offenders.map((one) => withDeadBand(deps, one, nowMs)));
  return { ...report, offenders, isCut };
}

const STEP_MS = 30_000;
const DEADLINE_MS = 10_000;

/** The samples at hand may show what the history cannot: a value that dances about its limit. */
async function withDeadBand(
  { groups, queries, headRetentionMs }: AttentionRoutesDeps,
  offender: OffenderView,
  nowMs: number,
): Promise<OffenderView> {
  const rule = groups()
    .flatMap(({ group }) => group.rules)
    .find(({ id }) => id === offender.rule);
  const limit = rule === undefined ? undefined : limitOf(rule.query);
  // What endangers life is not made quieter, and what a report proposes already needs no more.
  if (limit === undefined || offender.proposal === undefined) return offender;
  try {
    const { value } = await queries.range(
      limit.expression,
      { startMs: nowMs - headRetentionMs(), endMs: nowMs, stepMs: STEP_MS },
      AbortSignal.timeout(DEADLINE_MS),
    );
    if (value.type !== 'matrix') return offender;
    const own = value.series.filter(({ labels }) => labels['device'] === offender.device);
    const band = deadBandOf(
      own.map(({ values }) => [...values]),
      limit,
    );
    return band === undefined ? offender : { ...offender, proposal: band };
  } catch {
    // The proposal from the history stands where the samples cannot be asked.
    return offender;
  }
}
