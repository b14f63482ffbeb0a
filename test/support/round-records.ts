import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { handIn, type HandInDeps } from '../../collector/duty/rounds/hand-in.ts';
import { ensurePlaces, placesOf } from '../../collector/duty/rounds/places.ts';
import { seedTemplates } from '../../collector/duty/rounds/templates.ts';
import { openRecords } from '../../collector/records/open.ts';
import type { Db } from '../../collector/records/tables.ts';
import type { HandedIn } from '../../config/model/round-api.ts';
import type { RoundSubmission } from '../../config/model/round.ts';
import type { RecordsSettings } from '../../config/records.ts';
import { folderWith } from './folder.ts';
import { manualClock } from './manual-clock.ts';
import { roundTemplate, WALKED_AT_MS, walkedRound } from './rounds.ts';

export const ZONE = 'Asia/Shanghai';
export const DAY_MS = 86_400_000;

/** Who hands a round in and how, where that is not Anna with a phone that goes right. */
export interface SendMore extends Partial<Pick<HandInDeps, 'tellHasty' | 'clock'>> {
  readonly account?: string;
  readonly phoneNowMs?: number;
}

/** Records with the daily round of ten days and codes at its places; every sensor says 26.4. */
export interface RoundRecords {
  readonly db: Db;
  readonly send: (round: RoundSubmission, more?: SendMore) => Promise<HandedIn>;
  /** A round with the codes that hang at its places. */
  readonly proven: (more?: Partial<RoundSubmission>) => Promise<RoundSubmission>;
}

export async function roundRecords(settings: RecordsSettings): Promise<RoundRecords> {
  const records = await openRecords(join(folderWith(), 'data'), settings);
  onTestFinished(() => records.close());
  const { db } = records;
  const template = roundTemplate();
  await seedTemplates(db, [template], WALKED_AT_MS - 10 * DAY_MS);
  await ensurePlaces(db, [template], WALKED_AT_MS);
  const deps: HandInDeps = {
    db,
    clock: manualClock(WALKED_AT_MS),
    timeZone: () => ZONE,
    askSensors: async () => ({ value: { type: 'scalar', value: 26.4 }, warnings: [], infos: [] }),
  };
  return {
    db,
    send: (round, { account = 'anna', phoneNowMs = WALKED_AT_MS, ...more } = {}) =>
      handIn({ ...deps, ...more }, round, { account, origin: '127.0.0.1', phoneNowMs }),
    async proven(more) {
      const places = await placesOf(db);
      const round = walkedRound(more);
      return {
        ...round,
        visits: round.visits.map((visit) => ({
          ...visit,
          code: places.get(`main/${visit.checkpoint}`)?.code.toLowerCase() ?? '',
        })),
      };
    },
  };
}
