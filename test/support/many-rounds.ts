import { createHash, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dueBetween } from '../../collector/duty/rounds/due.ts';
import { newRows, type NewRound } from '../../collector/duty/rounds/hand-in.ts';
import { photoId } from '../../collector/duty/rounds/photo.ts';
import { ensurePlaces } from '../../collector/duty/rounds/places.ts';
import { seedTemplates } from '../../collector/duty/rounds/templates.ts';
import { insertRows } from '../../collector/records/insert-rows.ts';
import type { Db } from '../../collector/records/tables.ts';
import { inTransaction } from '../../collector/records/transaction.ts';
import { SHIPPED_FOLDER } from '../../config/load.ts';
import { judgeRound } from '../../config/model/round-judge.ts';
import {
  itemsOf,
  type DueRound,
  type RoundAnswer,
  type RoundItem,
  type RoundSubmission,
  type RoundTemplate,
} from '../../config/model/round.ts';
import type { Site } from '../../config/model/site.ts';
import { shippedRounds } from '../../config/rounds.ts';
import { photoBytes } from './jpeg.ts';

export const DAY_MS = 86_400_000;
/** What is shipped is due in a room on so many days of ten years: 100,000 rounds take so many rooms. */
export const ROOMS = 23;
const PHOTOS = 50_000;
const PHOTO_BYTES = 3_000;
const AT_ONCE = 400;
const PEOPLE = ['anna', 'bo', 'cai', 'dong', 'erika'];

export interface Filled {
  readonly rounds: number;
  readonly items: number;
  readonly photos: number;
}

/**
 * Ten years of the shipped rounds of a site, as they would have been handed in: one in twenty finds something, one in
 * ten differs from a sensor, one in a hundred was not walked.
 */
export async function fillRounds(
  db: Db,
  site: Site,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<Filled> {
  const folder = join(SHIPPED_FOLDER, 'rounds');
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const { rounds: shipped } = shippedRounds(
    files.map((name) => join(folder, name)),
    site,
  );
  await seedTemplates(db, shipped, fromMs);
  const templates = shipped.map((round): RoundTemplate => ({ ...round, version: 1, isRetired: false }));
  await ensurePlaces(db, templates, fromMs);
  const photos = await fillPhotos(db, fromMs);
  const due = templates
    .flatMap((template) =>
      dueBetween(template, { fromMs, toMs }, site.timeZone)
        .filter(({ round }) => round.byMs < toMs)
        .map(({ round }) => ({ template, round })),
    )
    .filter((_due, index) => index % 100 !== 99)
    .toSorted((a, b) => a.round.byMs - b.round.byMs);
  let items = 0;
  for (let at = 0; at < due.length; at += AT_ONCE) {
    const some = due
      .slice(at, at + AT_ONCE)
      .map(({ template, round }, index) => walked(template, round, { index: at + index, photos }));
    items += some.reduce((sum, { judged }) => sum + judged.items.length, 0);
    const rows = some.map((one) => newRows(one));
    await insertRows(db, {
      round: rows.map(({ round }) => round),
      round_doubt: rows.flatMap(({ doubts }) => doubts),
      round_task: some.flatMap((one) => tasksOf(one, toMs)),
    });
  }
  return { rounds: due.length, items, photos: photos.length };
}

async function fillPhotos(db: Db, atMs: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let at = 0; at < PHOTOS; at += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, PHOTOS - at) }, (_, index) => {
      const bytes = photoBytes({ talk: `${at + index} `.padEnd(PHOTO_BYTES, 'x') });
      return { id: photoId(bytes), at_ms: atMs, by: 'anna', bytes: bytes.toString('base64') };
    });
    ids.push(...some.map(({ id }) => id));
    await inTransaction(db, (step) => insertRows(step, { round_photo: some }));
  }
  return ids;
}

function walked(
  template: RoundTemplate,
  due: DueRound,
  { index, photos }: { readonly index: number; readonly photos: readonly string[] },
): NewRound {
  const beganAtMs = due.fromMs + 3_600_000;
  const all = itemsOf(template);
  const spanMs = template.checkpoints.length * 60_000;
  const answerOf = (item: RoundItem, atMs: number): RoundAnswer => {
    const isFirst = item.id === all[0]?.item.id;
    const photo = photos[Math.floor(index / 2)];
    return {
      item: item.id,
      atMs,
      value: index % 20 === 0 && isFirst ? wrongOf(item) : rightOf(item),
      photos: index % 2 === 0 && isFirst && photo !== undefined ? [photo] : [],
      ...(index % 20 === 0 && isFirst ? { note: 'Water below the floor at the door' } : {}),
    };
  };
  const round: RoundSubmission = {
    id: randomUUID(),
    template: template.id,
    version: 1,
    due: due.id,
    walkedBy: PEOPLE[index % PEOPLE.length] ?? '',
    beganAtMs,
    endedAtMs: beganAtMs + spanMs,
    visits: template.checkpoints.map((checkpoint, at) => ({
      checkpoint: checkpoint.id,
      beganAtMs: beganAtMs + at * 60_000,
      endedAtMs: beganAtMs + at * 60_000 + 50_000,
      way: 'scanned',
      code: 'RIGHT',
      answers: checkpoint.items.map((item) => answerOf(item, beganAtMs + at * 60_000 + 20_000)),
    })),
  };
  const judged = judgeRound(template, round, {
    codeOf: () => 'right',
    sensorOf: (item) => (index % 10 === 0 && item.startsWith('temperature') ? 26.4 : undefined),
    byMs: due.byMs,
    clockDifferenceMs: 0,
    currentVersion: 1,
  });
  return {
    round,
    judged,
    hash: createHash('sha256').update(round.id).digest('hex'),
    receivedAtMs: round.endedAtMs + 1_000 + (index % 1_000),
    clockDifferenceMs: 0,
    sentBy: round.walkedBy,
    due: due.id,
    day: due.day,
  };
}

function rightOf(item: RoundItem): RoundAnswer['value'] {
  if (item.type === 'number') return item.low ?? item.high ?? 1;
  if (item.type === 'choice') return item.options.find(({ isAbnormal }) => !isAbnormal)?.id ?? '';
  return item.type === 'text' ? 'nothing' : true;
}

function wrongOf(item: RoundItem): RoundAnswer['value'] {
  return item.type === 'check' ? false : rightOf(item);
}

/** All but those of the last fortnight have been put right. */
function tasksOf({ round, judged, receivedAtMs }: NewRound, toMs: number) {
  return judged.items
    .filter(({ result }) => result === 'abnormal')
    .map(({ checkpoint, item, answer }) => {
      const task = {
        id: randomUUID(),
        round: round.id,
        template: round.template,
        checkpoint,
        item,
        note: answer?.note ?? '',
        openedAtMs: receivedAtMs,
      };
      const isOpen = receivedAtMs > toMs - 14 * DAY_MS;
      return {
        id: task.id,
        round: round.id,
        opened_at_ms: receivedAtMs,
        closed_at_ms: isOpen ? null : receivedAtMs + DAY_MS,
        owner: null,
        task: JSON.stringify(task),
      };
    });
}
