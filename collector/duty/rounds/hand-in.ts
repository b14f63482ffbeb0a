import { createHash, randomUUID } from 'node:crypto';
import { defined } from '../../../config/model/defined.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { HandedIn, RoundTask } from '../../../config/model/round-api.ts';
import { judgeRound, type JudgedRound, type RoundFacts } from '../../../config/model/round-judge.ts';
import {
  itemsOf,
  photosOf,
  type DueRound,
  type RoundAnswer,
  type RoundSubmission,
  type RoundTemplate,
} from '../../../config/model/round.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { audited } from '../../records/audit.ts';
import type { NewRows } from '../../records/insert-rows.ts';
import { fromJson, toJson } from '../../records/json.ts';
import { inBatches } from '../../records/page.ts';
import type { Db } from '../../records/tables.ts';
import { dayOfInstant } from '../roster/days.ts';
import { dueRound } from './due.ts';
import { compareCode, placeOf, placesOf } from './places.ts';
import { isMeasured, sensorValue, type AskSensors } from './sensors.ts';
import { currentTemplates, templateOf } from './templates.ts';

export interface HandInDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly timeZone: () => string;
  readonly askSensors: AskSensors;
  /** Tells the leader of a round in which all was normal too fast, in the step that takes it. */
  readonly tellHasty?: TellHasty;
}

export type TellHasty = (
  step: Db,
  told: {
    readonly id: string;
    readonly walkedBy: string;
    readonly name: RoundTemplate['name'];
    readonly seconds: number;
    readonly minSeconds: number;
    readonly atMs: number;
  },
) => Promise<void>;

export interface HandInBy {
  /** Account of who sends it. */
  readonly account: string;
  readonly origin: string;
  /** What the clock of the phone says as it sends. */
  readonly phoneNowMs: number;
}

/** What is on paper cannot have ended after it was sent, give or take the clock of the room. */
const SENDING_MS = 60_000;

/**
 * Takes a round, once: the same again is answered as the first time. Two people may have walked the same due round
 * unknown to each other; the second is kept too, and says so.
 * @throws {WatchkeeperError} `invalid_request` for what no page sends, `forbidden` for a round of somebody else's, `not_found` for
 *   an unknown template, `conflict` for another round of the same id, or for photos that have not been sent before.
 */
export async function handIn(deps: HandInDeps, round: RoundSubmission, by: HandInBy): Promise<HandedIn> {
  const hash = hashOf(round);
  const earlier = await handedIn(deps.db, round.id, hash);
  if (earlier !== undefined) return earlier;
  if (round.paper === undefined && round.walkedBy !== by.account)
    throw new WatchkeeperError('forbidden', `${round.walkedBy} walked this round and has to send it.`);
  const template = await templateOf(deps.db, round.template, round.version);
  const due = dueOf(deps, template, round);
  const receivedAtMs = deps.clock.nowMs();
  requireSense(template, round, receivedAtMs);
  await requirePhotos(deps.db, round);
  const clockDifferenceMs = differenceOf(round, by.phoneNowMs, receivedAtMs);
  const known = await factsOf(deps, template, round, { clockDifferenceMs, due });
  const entry = {
    atMs: receivedAtMs,
    who: by.account,
    action: round.paper === undefined ? 'round_handed_in' : 'round_transcribed',
    target: round.due ?? round.template,
    after: { id: round.id, walkedBy: round.walkedBy, version: round.version, hash },
    origin: by.origin,
  };
  return audited(deps.db, entry, async (step) => {
    // Twice at once: the second finds the first here, or fails at its key.
    const before = await handedIn(step, round.id, hash);
    if (before !== undefined) return before;
    const doneBy = due === undefined ? undefined : await doneByOf(step, due.id);
    const judged = judgeRound(template, round, { ...known, ...defined({ doneBy }) });
    await addRound(step, {
      round,
      judged,
      hash,
      receivedAtMs,
      clockDifferenceMs,
      sentBy: by.account,
      due: doneBy === undefined ? due?.id : undefined,
      day: due?.day ?? dayOfInstant(round.endedAtMs + clockDifferenceMs, deps.timeZone()),
    });
    for (const task of tasksOf(round, judged, receivedAtMs)) await addTask(step, task);
    await tellIfHasty(deps, step, { round, template, judged, receivedAtMs });
    return { id: round.id, receivedAtMs, judged };
  });
}

/**
 * The collector's clock less that by which the round was walked. A phone may have set its clock back since: no round
 * ends after it was sent. Times on paper are by no phone.
 */
function differenceOf(
  { paper, endedAtMs }: RoundSubmission,
  phoneNowMs: number,
  receivedAtMs: number,
): number {
  return paper === undefined ? receivedAtMs - Math.max(phoneNowMs, endedAtMs) : 0;
}

async function tellIfHasty(
  { tellHasty }: HandInDeps,
  step: Db,
  taken: Pick<NewRound, 'round' | 'judged' | 'receivedAtMs'> & { readonly template: RoundTemplate },
): Promise<void> {
  const { round, template, judged, receivedAtMs: atMs } = taken;
  const { id, walkedBy } = round;
  const hasty = judged.doubts.find((doubt) => doubt.code === 'hasty');
  if (hasty !== undefined) await tellHasty?.(step, { ...hasty, id, walkedBy, name: template.name, atMs });
}

export interface NewRound {
  readonly round: RoundSubmission;
  readonly judged: JudgedRound;
  readonly hash: string;
  readonly receivedAtMs: number;
  readonly clockDifferenceMs: number;
  readonly sentBy: string;
  readonly due: string | undefined;
  readonly day: string;
}

/** A round as the records hold it. */
export function newRows({ round, judged, due, ...more }: NewRound): {
  readonly round: NonNullable<NewRows['round']>[number];
  readonly doubts: NonNullable<NewRows['round_doubt']>;
} {
  const codes = new Set(judged.doubts.map(({ code }) => code));
  return {
    round: {
      id: round.id,
      template: round.template,
      version: round.version,
      due: due ?? null,
      day: more.day,
      received_at_ms: more.receivedAtMs,
      walked_by: round.walkedBy,
      sent_by: more.sentBy,
      result: judged.result,
      doubts: judged.doubts.length,
      is_late: codes.has('late') ? 1 : 0,
      hash: more.hash,
      clock_difference_ms: more.clockDifferenceMs,
      submission: toJson(round),
      judged: toJson(judged),
    },
    doubts: [...codes].map((code) => ({ round: round.id, code, received_at_ms: more.receivedAtMs })),
  };
}

async function addRound(step: Db, added: NewRound): Promise<void> {
  const { round, doubts } = newRows(added);
  await step.insertInto('round').values(round).execute();
  if (doubts.length > 0) await step.insertInto('round_doubt').values(doubts).execute();
}

/** What is known beside the round itself, but for who was there before. */
async function factsOf(
  deps: HandInDeps,
  template: RoundTemplate,
  round: RoundSubmission,
  { clockDifferenceMs, due }: { readonly clockDifferenceMs: number; readonly due: DueRound | undefined },
): Promise<RoundFacts> {
  const told = await toldBySensors(deps, template, round, clockDifferenceMs);
  const places = await placesOf(deps.db);
  return {
    codeOf: (checkpoint, code) => compareCode(places.get(placeOf(template, checkpoint)), code),
    sensorOf: (item) => told.get(item),
    clockDifferenceMs,
    currentVersion: await versionNow(deps.db, template),
    ...defined({ byMs: due?.byMs }),
  };
}

/** The order of fields is the phone's, so the hash is of a form of our own. */
export function hashOf(round: RoundSubmission): string {
  const ordered = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(ordered)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .toSorted(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, inner]) => [key, ordered(inner)]),
          )
        : value;
  return createHash('sha256')
    .update(JSON.stringify(ordered(round)))
    .digest('hex');
}

async function handedIn(db: Db, id: string, hash: string): Promise<HandedIn | undefined> {
  const row = await db
    .selectFrom('round')
    .select(['hash', 'received_at_ms', 'judged'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.hash !== hash)
    throw new WatchkeeperError(
      'conflict',
      'This round was handed in before, with other content; that one stays.',
    );
  return { id, receivedAtMs: row.received_at_ms, judged: fromJson<JudgedRound>(row.judged) };
}

function dueOf(
  { timeZone }: HandInDeps,
  template: RoundTemplate,
  { due }: RoundSubmission,
): DueRound | undefined {
  if (due === undefined) return undefined;
  const found = dueRound(template, due, timeZone());
  if (found === undefined) throw invalid(`due: "${due}" is no day on which this round is due`);
  return found;
}

function requireSense(template: RoundTemplate, round: RoundSubmission, receivedAtMs: number): void {
  if (round.endedAtMs < round.beganAtMs) throw invalid('endedAtMs: the round ends before it begins');
  if (round.paper !== undefined && round.endedAtMs > receivedAtMs + SENDING_MS)
    throw invalid('endedAtMs: the round on paper ends after it was sent');
  const seen = new Set<string>();
  for (const [at, { checkpoint, answers }] of round.visits.entries()) {
    const place = template.checkpoints.find(({ id }) => id === checkpoint);
    if (place === undefined)
      throw invalid(`visits.${at}.checkpoint: this round has no place "${checkpoint}"`);
    if (seen.has(checkpoint)) throw invalid(`visits.${at}.checkpoint: "${checkpoint}" is there twice`);
    seen.add(checkpoint);
    for (const [index, { item }] of answers.entries()) {
      const field = `visits.${at}.answers.${index}.item`;
      if (!place.items.some(({ id }) => id === item))
        throw invalid(`${field}: "${item}" is not at this place`);
      if (seen.has(`${checkpoint}/${item}`)) throw invalid(`${field}: "${item}" is there twice`);
      seen.add(`${checkpoint}/${item}`);
    }
  }
}

async function requirePhotos(db: Db, round: RoundSubmission): Promise<void> {
  const wanted = photosOf(round);
  const known = new Set<string>();
  for (const batch of inBatches(wanted)) {
    const rows = await db.selectFrom('round_photo').select('id').where('id', 'in', batch).execute();
    for (const { id } of rows) known.add(id);
  }
  const missing = wanted.filter((id) => !known.has(id));
  if (missing.length > 0)
    throw new WatchkeeperError('conflict', `Photos have to be sent before the round: ${missing.join(' ')}`);
}

/** What the sensors said of each item at the instant of its answer, by the collector's clock. */
async function toldBySensors(
  { askSensors }: HandInDeps,
  template: RoundTemplate,
  round: RoundSubmission,
  clockDifferenceMs: number,
): Promise<ReadonlyMap<string, number>> {
  const told = new Map<string, number>();
  const answers = new Map<string, RoundAnswer>(
    round.visits.flatMap((visit) => visit.answers.map((answer) => [answer.item, answer] as const)),
  );
  for (const { item } of itemsOf(template)) {
    const answer = answers.get(item.id);
    if (answer === undefined || !isMeasured(item)) continue;
    const value = await sensorValue(askSensors, item, answer.atMs + clockDifferenceMs);
    if (value !== undefined) told.set(item.id, value);
  }
  return told;
}

async function versionNow(db: Db, { id, version }: RoundTemplate): Promise<number> {
  const templates = await currentTemplates(db);
  return templates.find(({ template }) => template.id === id)?.template.version ?? version;
}

async function doneByOf(step: Db, due: string): Promise<string | undefined> {
  const row = await step.selectFrom('round').select('walked_by').where('due', '=', due).executeTakeFirst();
  return row?.walked_by;
}

/** What is abnormal is to be put right by somebody. */
function tasksOf(round: RoundSubmission, { items }: JudgedRound, openedAtMs: number): readonly RoundTask[] {
  return items
    .filter(({ result }) => result === 'abnormal')
    .map(({ checkpoint, item, answer }) => ({
      id: randomUUID(),
      round: round.id,
      template: round.template,
      checkpoint,
      item,
      note: answer?.note ?? '',
      openedAtMs,
    }));
}

async function addTask(step: Db, task: RoundTask): Promise<void> {
  await step
    .insertInto('round_task')
    .values({
      id: task.id,
      round: task.round,
      opened_at_ms: task.openedAtMs,
      closed_at_ms: null,
      owner: null,
      task: toJson(task),
    })
    .execute();
}

function invalid(what: string): WatchkeeperError {
  return new WatchkeeperError('invalid_request', what);
}
