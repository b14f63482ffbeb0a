import { randomBytes } from 'node:crypto';
import type { Probe } from '../../../config/model/attendance.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { every, type Loop } from '../../../config/runtime/every.ts';
import type { Log } from '../../../config/runtime/log.ts';
import { newToken, tokenHashOf } from '../../api/auth/token.ts';
import {
  addDutyRecord,
  addLogEntry,
  openDutyRecords,
  saveDutyRecord,
  saveWatchFigure,
  watchFigure,
  type Numbered,
} from '../../records/duty.ts';
import type { Db } from '../../records/tables.ts';
import { inTransaction } from '../../records/transaction.ts';
import type { WatchDesk } from './desk.ts';
import type { TellByMail } from './mail.ts';
import { DEFAULT_PROBE_PLAN, probeTimes, type ProbePlan } from './probe-plan.ts';

const PLAN = 'probe_plan';
const SECRET = 'probe_secret';
const SEEN = 'probe_seen';

export async function probePlan(db: Db): Promise<ProbePlan> {
  return (await watchFigure<ProbePlan>(db, PLAN)) ?? DEFAULT_PROBE_PLAN;
}

export const saveProbePlan = (step: Db, plan: ProbePlan): Promise<void> => saveWatchFigure(step, PLAN, plan);

export interface ProbeDeps {
  readonly tell: TellByMail;
  /** Where the pages are. */
  readonly pageUrl: () => string;
}

/** Calls somebody: on the page, and by a mail whose link shows a page with one button. */
export async function askProbe(
  step: Db,
  { tell, pageUrl }: ProbeDeps,
  {
    person,
    atMs,
    answerMs,
    by,
  }: {
    readonly person: string;
    readonly atMs: number;
    readonly answerMs: number;
    readonly by?: string;
  },
): Promise<number> {
  const token = newToken();
  const dueAtMs = atMs + answerMs;
  const probe: Probe = {
    kind: 'probe',
    person,
    askedAtMs: atMs,
    dueAtMs,
    tokenHash: tokenHashOf(token),
    ...(by === undefined ? {} : { by }),
  };
  const id = await addDutyRecord(step, probe, atMs);
  const params = { person, dueMs: dueAtMs };
  await logProbe(step, { code: 'probed', atMs, params, ...(by === undefined ? {} : { author: by }) });
  const link = `${pageUrl().replace(/\/$/, '')}/probe#${token}`;
  await tell(step, { to: [person], atMs, text: { kind: 'probe', link, dueAtMs } });
  return id;
}

function logProbe(
  step: Db,
  entry: {
    readonly code: 'probed' | 'probe_answered';
    readonly atMs: number;
    readonly params: Readonly<Record<string, string | number>>;
    readonly author?: string;
  },
): Promise<number> {
  return addLogEntry(step, { ...entry, text: '', tags: [], attachments: [] });
}

export type ProbeAnswer = NonNullable<Probe['answer']>;

/** Writes the answer down, late ones too: an answer is never lost. */
export async function answerProbe(step: Db, probe: Numbered<Probe>, answer: ProbeAnswer): Promise<void> {
  await saveDutyRecord(step, { ...probe, answer });
  const { atMs, way, by: author } = answer;
  const lateSeconds = Math.max(0, Math.round((atMs - probe.dueAtMs) / 1_000));
  await logProbe(step, {
    code: 'probe_answered',
    atMs,
    author,
    params: { person: probe.person, way, lateSeconds },
  });
}

/** The call whose mail had this token, while it waits. */
export async function probeByToken(db: Db, token: string): Promise<Numbered<Probe> | undefined> {
  const hash = tokenHashOf(token);
  const open = await openDutyRecords(db);
  return open.find((one): one is Numbered<Probe> => one.kind === 'probe' && one.tokenHash === hash);
}

const LOOK_EACH_MS = 30_000;
const SECRET_BYTES = 16;

/** Calls the watch by the plan. Nobody on watch is called by nobody: that is an alarm of its own. */
export function startProbes(
  deps: ProbeDeps & {
    readonly db: Db;
    readonly clock: Clock;
    readonly log: Log;
    readonly desk: WatchDesk;
  },
): Loop {
  const { db, clock, log, desk } = deps;
  const onError = (err: unknown): void => log.warn({ err }, 'the watch could not be called');
  return every(clock, { intervalMs: LOOK_EACH_MS, onError }, async () => {
    const atMs = clock.nowMs();
    const [person] = desk.onWatch('operator', atMs);
    if (desk.clockBehindMs() > 0) return;
    await inTransaction(db, async (step) => {
      const plan = await probePlan(step);
      const secret = await secretOf(step);
      const seenMs = (await watchFigure<number>(step, SEEN)) ?? atMs;
      // What fell into an outage is not made up for.
      const fromMs = Math.max(seenMs, atMs - plan.answerMs);
      const isDue = probeTimes(plan, secret, fromMs, atMs).length > 0;
      await saveWatchFigure(step, SEEN, atMs);
      if (!isDue || person === undefined) return;
      await askProbe(step, deps, { person, atMs, answerMs: plan.answerMs });
      desk.follow(step);
    });
  });
}

async function secretOf(step: Db): Promise<string> {
  const known = await watchFigure<string>(step, SECRET);
  if (known !== undefined) return known;
  const made = randomBytes(SECRET_BYTES).toString('hex');
  await saveWatchFigure(step, SECRET, made);
  return made;
}
