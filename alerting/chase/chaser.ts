import type { Chased, ChaseRecord, Overdue } from '../../config/model/chase.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { Log } from '../../config/runtime/log.ts';
import type { Care } from '../care/care.ts';
import type { Outlook } from '../notify/outlook.ts';
import { createLooking } from '../notify/waker.ts';
import type { ChaseStore, OverdueSource, WhoPort } from '../ports.ts';
import { alertsOverdue, silencesDue } from './alert-source.ts';
import { chase, type ChaseCall } from './chase.ts';
import { chaseMessages } from './messages.ts';

export interface ChaserDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: ChaseStore;
  /** What is overdue beside alerts and silences. */
  readonly sources: readonly OverdueSource[];
  readonly outlook: () => Outlook;
  readonly care: Pick<Care, 'claims' | 'silences' | 'tally'>;
  readonly who: WhoPort;
  readonly onMessages: () => void;
}

/** Reminds whose work is overdue, and tells who answers for him. */
export interface Chaser {
  wake(): void;
  /** What is overdue and what was lately, as it was told. */
  records(): readonly ChaseRecord[];
  /** It is in the records. */
  took(record: ChaseRecord): void;
  stop(): Promise<void>;
}

/** What comes from elsewhere wakes nobody here: it is asked again. */
const AT_LEAST_EACH_MS = 60_000;
/** What is over is shown for so long. */
export const SHOWN_AFTER_MS = 7 * 24 * 3_600_000;

export async function startChaser(deps: ChaserDeps): Promise<Chaser> {
  const { clock, log, store } = deps;
  const records = new Map((await store.records()).map((record) => [record.id, record]));
  const look = async (nowMs: number): Promise<number> => {
    const outlook = deps.outlook();
    const overdue = await overdueNow(deps, outlook, nowMs);
    const turn = chase(overdue, records, outlook.notify.chase, nowMs);
    const spoken = turn.calls.map((call) => ({
      call,
      messages: chaseMessages(call, { ...deps, outlook, nowMs }),
    }));
    const messages = spoken.flatMap((one) => one.messages);
    const unheard = spoken.filter((one) => one.messages.length === 0).map(({ call }) => call);
    const changed = turn.changed.map((record) => withUnreached(record, unheard, nowMs));
    if (changed.length > 0) {
      await store.commit({ records: changed, messages });
      for (const record of changed) records.set(record.id, record);
      if (messages.length > 0) deps.onMessages();
    }
    forgetOld(records, nowMs);
    return Math.min(turn.untilMs ?? nowMs + AT_LEAST_EACH_MS, nowMs + AT_LEAST_EACH_MS);
  };
  const words = { begins: 'what is overdue could not be chased', ends: 'what is overdue is chased again' };
  const waker = createLooking({ clock, log, ...words }, look);
  return {
    wake: () => waker.wake(),
    records: () => [...records.values()],
    took(record) {
      records.set(record.id, record);
      waker.wake();
    },
    stop: () => waker.stop(),
  };
}

/** The record says who was told; where nobody could be, it says that. */
function withUnreached(record: ChaseRecord, unheard: readonly ChaseCall[], nowMs: number): ChaseRecord {
  const isUnheard = ({ as, atMs }: Chased): boolean =>
    atMs === nowMs && unheard.some((call) => call.as === as && call.record.id === record.id);
  if (!record.chased.some(isUnheard)) return record;
  const chased = record.chased.map((one) => (isUnheard(one) ? { ...one, isUnreached: true as const } : one));
  return { ...record, chased };
}

async function overdueNow(
  { sources, care }: Pick<ChaserDeps, 'sources' | 'care'>,
  { seen, isTold, notify }: Outlook,
  nowMs: number,
): Promise<readonly Overdue[]> {
  const elsewhere = await Promise.all(sources.map((source) => source(nowMs)));
  const isIdle = (silence: Parameters<Care['tally']>[0]): boolean => care.tally(silence).isIdle;
  return [
    ...alertsOverdue({ told: seen.filter(isTold), claims: care.claims(), settings: notify.chase, nowMs }),
    ...silencesDue(care.silences(), isIdle, nowMs),
    ...elsewhere.flat(),
  ];
}

function forgetOld(records: Map<string, ChaseRecord>, nowMs: number): void {
  for (const { id, endedAtMs } of records.values())
    if (endedAtMs !== undefined && nowMs - endedAtMs > SHOWN_AFTER_MS) records.delete(id);
}
