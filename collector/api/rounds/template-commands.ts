import type { Effect } from '../../../config/model/command.ts';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { itemsOf, type RoundTemplate } from '../../../config/model/round.ts';
import { Closed } from '../../../config/schema/common.ts';
import { TemplateInput } from '../../../config/schema/round.ts';
import { mergeTemplate, type OthersChange } from '../../duty/rounds/merge-template.ts';
import { ensurePlaces } from '../../duty/rounds/places.ts';
import { templateFrom } from '../../duty/rounds/template-input.ts';
import { currentTemplate, saversSince, saveTemplate, templateOf } from '../../duty/rounds/templates.ts';
import { personsCalled } from '../../records/roster-people.ts';
import type { Db } from '../../records/tables.ts';
import type { ApiPlugin } from '../api.ts';
import { commandRoute } from '../commands.ts';
import type { RoundDeps } from './round-deps.ts';

const MAX_TEMPLATE_BYTES = 512 * 1024;

/**
 * Makes a round or changes one: a new version, which counts from now on. What others have changed since the version that
 * was changed stays, but for what was changed here too. Taken back, the version before is the next one.
 */
export function saveRoundTemplate(deps: RoundDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'save-round-template',
    maxBodyBytes: MAX_TEMPLATE_BYTES,
    input: Closed({ template: TemplateInput }, 'A round.'),
    async plan(db, { template: input }) {
      const rooms = deps.site().rooms.map(({ id }) => id);
      const own = templateFrom(input, rooms);
      const before = await currentTemplate(db, input.id);
      const { template, others } = await merged(db, own, before);
      const params = { round: template.id, version: template.version };
      const items = itemsOf(template).length;
      return {
        effects: [
          template.isRetired
            ? { code: 'round_retired' as const, params }
            : { code: 'round_version' as const, params: { ...params, items } },
          ...others,
          ...(before === undefined ? [] : [{ code: 'rounds_begun_stay' as const }]),
        ],
        target: template.id,
        basis: template,
        details: { template, before },
        ...(before === undefined ? {} : { before: { version: before.version } }),
        after: { version: template.version, isRetired: template.isRetired, items },
      };
    },
    async act(step, { details: { template, before } }, { account, atMs }) {
      await saveTemplate(step, template, { by: account.name, atMs });
      await ensurePlaces(step, [template], atMs);
      return { undo: { template: before ?? { ...template, isRetired: true }, version: template.version } };
    },
    async undo(step, undo, { account, atMs }) {
      const { template, version } = undo as { template: RoundTemplate; version: number };
      const now = await currentTemplate(step, template.id);
      if (now?.version !== version)
        throw new WatchkeeperError('conflict', 'Somebody has changed this round since.');
      const next = { ...template, version: version + 1 };
      await saveTemplate(step, next, { by: account.name, atMs });
      const params = { round: next.id, version: next.version };
      return [
        next.isRetired
          ? { code: 'round_retired', params }
          : { code: 'round_version', params: { ...params, items: itemsOf(next).length } },
      ];
    },
  });
}

/** With what others have made of it since. @throws {WatchkeeperError} `conflict` for a new one of a name that is taken. */
async function merged(
  db: Db,
  own: RoundTemplate,
  present: RoundTemplate | undefined,
): Promise<{ readonly template: RoundTemplate; readonly others: readonly Effect[] }> {
  const seenVersion = own.version - 1;
  if (seenVersion === (present?.version ?? 0)) return { template: own, others: [] };
  if (seenVersion === 0)
    throw new WatchkeeperError('conflict', `id: there is a round "${own.id}" already; give yours another.`);
  const seen = await templateOf(db, own.id, seenVersion);
  const { template, others } = mergeTemplate(seen, own, present ?? seen);
  if (template.checkpoints.length === 0)
    throw new WatchkeeperError('conflict', 'checkpoints: others have removed all that you left.');
  const savers = await saversSince(db, seen);
  const called = await personsCalled(db, savers);
  const by = savers.map((name) => called[name] ?? name).join(', ');
  return { template, others: others.map((change) => othersEffect(change, by)) };
}

function othersEffect(change: OthersChange, by: string): Effect {
  if ('field' in change)
    return {
      code: change.isKept ? 'round_field_kept' : 'round_field_replaced',
      params: { part: change.field, by },
    };
  const { 'zh-CN': nameZh, en: nameEn } = change.part;
  return { code: change.isKept ? 'round_part_kept' : 'round_part_replaced', params: { nameZh, nameEn, by } };
}
