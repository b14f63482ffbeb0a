import { WatchkeeperError } from '../../../config/model/errors.ts';
import { itemsOf, type RoundTemplate } from '../../../config/model/round.ts';
import { Closed } from '../../../config/schema/common.ts';
import { TemplateInput } from '../../../config/schema/round.ts';
import { ensurePlaces } from '../../duty/rounds/places.ts';
import { templateFrom } from '../../duty/rounds/template-input.ts';
import { currentTemplates, saveTemplate } from '../../duty/rounds/templates.ts';
import { RecordChangedError } from '../../records/failures.ts';
import type { ApiPlugin } from '../api.ts';
import { commandRoute } from '../commands.ts';
import type { RoundDeps } from './round-deps.ts';

const MAX_TEMPLATE_BYTES = 512 * 1024;

/** Makes a round or changes one: a new version, which counts from now on. Taken back, the version before is the next one. */
export function saveRoundTemplate(deps: RoundDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'save-round-template',
    maxBodyBytes: MAX_TEMPLATE_BYTES,
    input: Closed({ template: TemplateInput }, 'A round.'),
    async plan(db, { template: input }) {
      const rooms = deps.site().rooms.map(({ id }) => id);
      const template = templateFrom(input, rooms);
      const before = (await currentTemplates(db)).find((kept) => kept.template.id === input.id)?.template;
      if ((before?.version ?? 0) !== input.version) throw new RecordChangedError(before);
      const params = { round: template.id, version: template.version };
      const items = itemsOf(template).length;
      return {
        effects: [
          template.isRetired
            ? { code: 'round_retired' as const, params }
            : { code: 'round_version' as const, params: { ...params, items } },
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
      const now = (await currentTemplates(step)).find((kept) => kept.template.id === template.id)?.template;
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
