import { WatchkeeperError } from '../../../config/model/errors.ts';
import { itemsOf, type RoundTemplate } from '../../../config/model/round.ts';
import type { NewTemplate } from '../../../config/rounds.ts';
import { audited } from '../../records/audit.ts';
import { fromJson, toJson } from '../../records/json.ts';
import type { Db } from '../../records/tables.ts';

/** What a template is but for what is looked at: that is long where a room has many devices, and seldom asked for. */
export type TemplateHead = Omit<RoundTemplate, 'checkpoints'>;

/** What only people read: a number that no sensor measures. */
export interface Gauge {
  readonly checkpoint: string;
  readonly item: string;
  readonly unit: string;
}

interface KeptVersion {
  readonly template: TemplateHead;
  readonly gauges: readonly Gauge[];
}

/** A template as it is now, and since when there has been one of its name. */
export interface KeptTemplate extends KeptVersion {
  readonly sinceMs: number;
}

/** The newest version of each, those that are retired included. */
export async function currentTemplates(db: Db): Promise<readonly KeptTemplate[]> {
  const rows = await db
    .selectFrom('round_template as now')
    .innerJoin('round_template as first', (join) =>
      join.onRef('first.id', '=', 'now.id').on('first.version', '=', 1),
    )
    .select(['now.id', 'now.version', 'first.at_ms'])
    .where('now.is_current', '=', 1)
    .orderBy('now.id')
    .execute();
  const before = readBefore.get(db);
  const now = new Map<string, KeptVersion>();
  const kept: KeptTemplate[] = [];
  for (const { id, version, at_ms: sinceMs } of rows) {
    const name = versionName(id, version);
    const found = before?.get(name) ?? keptOf(await templateOf(db, id, version));
    now.set(name, found);
    kept.push({ ...found, sinceMs });
  }
  readBefore.set(db, now);
  return kept;
}

/** They are asked for every few seconds, and a version never changes: one that was in the last answer is not read again. */
const readBefore = new WeakMap<Db, ReadonlyMap<string, KeptVersion>>();

function keptOf(whole: RoundTemplate): KeptVersion {
  const { checkpoints: _looked, ...template } = whole;
  const gauges = itemsOf(whole).flatMap(({ checkpoint, item }): readonly Gauge[] => {
    if (item.type !== 'number' || item.sensor !== undefined) return [];
    return [{ checkpoint: checkpoint.id, item: item.id, unit: item.unit }];
  });
  return { template, gauges };
}

/** The newest version of one, whole; `undefined` if there is none. */
export async function currentTemplate(db: Db, id: string): Promise<RoundTemplate | undefined> {
  const row = await db
    .selectFrom('round_template')
    .select('template')
    .where('id', '=', id)
    .where('is_current', '=', 1)
    .executeTakeFirst();
  return row && fromJson<RoundTemplate>(row.template);
}

/** The newest versions of those, whole, by their names. */
export async function currentTemplatesOf(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RoundTemplate>> {
  const found = new Map<string, RoundTemplate>();
  for (const id of new Set(ids)) {
    const template = await currentTemplate(db, id);
    if (template !== undefined) found.set(id, template);
  }
  return found;
}

/** The newest versions of all, whole: only for what looks at all of them. */
export async function wholeTemplates(db: Db): Promise<readonly RoundTemplate[]> {
  const rows = await db
    .selectFrom('round_template')
    .select('template')
    .where('is_current', '=', 1)
    .orderBy('id')
    .execute();
  return rows.map(({ template }) => fromJson<RoundTemplate>(template));
}

/** @throws {WatchkeeperError} `not_found`. */
export async function templateOf(db: Db, id: string, version: number): Promise<RoundTemplate> {
  const row = await db
    .selectFrom('round_template')
    .select('template')
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  if (row === undefined)
    throw new WatchkeeperError('not_found', `There is no round "${id}" of version ${version}.`);
  return fromJson<RoundTemplate>(row.template);
}

/** Accounts that saved versions after one, each once. */
export async function saversSince(
  db: Db,
  { id, version }: Pick<RoundTemplate, 'id' | 'version'>,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('round_template')
    .select('by')
    .where('id', '=', id)
    .where('version', '>', version)
    .orderBy('version')
    .execute();
  return [...new Set(rows.map(({ by }) => by))];
}

export const versionName = (template: string, version: number): string => `${template}@${version}`;

/** Several, by their `versionName`. */
export async function templatesOf(
  db: Db,
  wanted: readonly { readonly template: string; readonly version: number }[],
): Promise<ReadonlyMap<string, RoundTemplate>> {
  const found = new Map<string, RoundTemplate>();
  for (const { template, version } of wanted) {
    const name = versionName(template, version);
    if (!found.has(name)) found.set(name, await templateOf(db, template, version));
  }
  return found;
}

/** Writes a new version, which counts from now on; rounds that were begun with an earlier one are judged by that. */
export async function saveTemplate(
  step: Db,
  template: RoundTemplate,
  { by, atMs }: { readonly by: string; readonly atMs: number },
): Promise<void> {
  const { id, version } = template;
  await step.updateTable('round_template').set({ is_current: 0 }).where('id', '=', id).execute();
  await step
    .insertInto('round_template')
    .values({ id, version, by, at_ms: atMs, is_current: 1, template: toJson(template) })
    .execute();
}

/** Puts in what is shipped and was never there; what people made of it since stays. */
export async function seedTemplates(db: Db, shipped: readonly NewTemplate[], atMs: number): Promise<void> {
  const known = new Set((await currentTemplates(db)).map(({ template }) => template.id));
  for (const round of shipped.filter(({ id }) => !known.has(id))) {
    const template: RoundTemplate = { ...round, version: 1, isRetired: false };
    const entry = {
      atMs,
      who: 'system',
      action: 'round_template_shipped',
      target: round.id,
      after: { version: 1 },
      origin: 'local',
    };
    await audited(db, entry, (step) => saveTemplate(step, template, { by: 'system', atMs }));
  }
}
