import { randomBytes } from 'node:crypto';
import { Type } from 'typebox';
import type { HandedIn, RoundHandIn, RoundPack, SensorReading } from '../../../config/model/round-api.ts';
import { itemsOf, type RoundTemplate } from '../../../config/model/round.ts';
import { Closed, Id, Instant } from '../../../config/schema/common.ts';
import { Submission } from '../../../config/schema/round.ts';
import { handIn } from '../../duty/rounds/hand-in.ts';
import { codeHash, placeOf, placesOf } from '../../duty/rounds/places.ts';
import { plannedNow } from '../../duty/rounds/plan.ts';
import { isMeasured, prefilledItems, sensorValue } from '../../duty/rounds/sensors.ts';
import { templateOf, wholeTemplates } from '../../duty/rounds/templates.ts';
import type { ApiPlugin } from '../api.ts';
import { personOf } from '../session.ts';
import type { RoundDeps } from './round-deps.ts';

/** A phone is in the room for so long without a connection, and still knows what is due. */
const PACK_AHEAD_MS = 36 * 3_600_000;
const PACK_BEHIND_MS = 3 * 86_400_000;
const MAX_ROUND_BYTES = 1024 * 1024;

const CompareBody = Closed(
  {
    template: Id('Of the round.'),
    version: Type.Integer({ minimum: 1 }),
    item: Id('That somebody has read.'),
  },
  'Something that somebody has read.',
);
const HandInBody = Closed({ round: Submission, phoneNowMs: Instant }, 'A round, and the clock of the phone.');

/** What a phone needs before a round, while it is walked, and after it. */
export function walkPlugin(deps: RoundDeps): ApiPlugin {
  const { db, clock, askSensors } = deps;
  return (api) => {
    api.get(
      '/api/rounds/pack',
      async (request): Promise<RoundPack> => packFor(deps, personOf(request).account.name),
    );
    api.post(
      '/api/rounds/compare',
      { schema: { body: CompareBody } },
      async ({ body: { template, version, item } }): Promise<Partial<SensorReading>> => {
        const items = itemsOf(await templateOf(db, template, version));
        const asked = items.find((one) => one.item.id === item)?.item;
        const atMs = clock.nowMs();
        const value =
          asked !== undefined && isMeasured(asked) ? await sensorValue(askSensors, asked, atMs) : undefined;
        return value === undefined ? {} : { value, atMs };
      },
    );
    api.post(
      '/api/rounds',
      { schema: { body: HandInBody }, bodyLimit: MAX_ROUND_BYTES },
      async (request): Promise<HandedIn> => {
        const { round, phoneNowMs } = request.body as RoundHandIn;
        const account = personOf(request).account.name;
        const timeZone = (): string => deps.site().timeZone;
        return handIn({ ...deps, timeZone }, round, { account, origin: request.ip, phoneNowMs });
      },
    );
  };
}

async function packFor(deps: RoundDeps, account: string): Promise<RoundPack> {
  const madeAtMs = deps.clock.nowMs();
  const { timeZone } = deps.site();
  const range = { fromMs: madeAtMs - PACK_BEHIND_MS, toMs: madeAtMs + PACK_AHEAD_MS };
  const { due } = await plannedNow(deps.db, range, { nowMs: madeAtMs, timeZone });
  const active = (await wholeTemplates(deps.db)).filter(({ isRetired }) => !isRetired);
  return {
    madeAtMs,
    account,
    timeZone,
    templates: active,
    due,
    sensors: await prefill(deps, active, madeAtMs),
    codes: await codesOf(deps, active),
  };
}

async function prefill(
  { askSensors }: RoundDeps,
  templates: readonly RoundTemplate[],
  atMs: number,
): Promise<Readonly<Record<string, SensorReading>>> {
  const found: Record<string, SensorReading> = {};
  for (const template of templates)
    for (const item of prefilledItems(template)) {
      const value = await sensorValue(askSensors, item, atMs);
      if (value !== undefined) found[`${template.id}/${item.id}`] = { value, atMs };
    }
  return found;
}

async function codesOf({ db }: RoundDeps, templates: readonly RoundTemplate[]): Promise<RoundPack['codes']> {
  const salt = randomBytes(16).toString('hex');
  const places = await placesOf(db);
  const wanted = templates.flatMap((template) => template.checkpoints.map(({ id }) => placeOf(template, id)));
  return {
    salt,
    hashes: Object.fromEntries(
      wanted.flatMap((place) => {
        const code = places.get(place)?.code;
        return code === undefined ? [] : [[place, codeHash(salt, code)]];
      }),
    ),
  };
}
