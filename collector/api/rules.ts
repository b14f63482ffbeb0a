import { Type } from 'typebox';
import type { GroupRun } from '../../alerting/engine/group.ts';
import { ruleGroupView } from '../../alerting/rule-view.ts';
import type { RulesBody } from '../../config/model/rules-api.ts';
import { Closed } from '../../config/schema/common.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { Queries } from '../promql/worker/queries.ts';
import type { ApiPlugin } from './api.ts';
import { whileThere } from './while-there.ts';

export interface RulesDeps {
  readonly queries: Pick<Queries, 'dryRun'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly groups: () => readonly GroupRun[];
  readonly faults: () => readonly string[];
}

const DAY_MS = 86_400_000;
const Wait = Type.Optional(Type.Integer({ minimum: 0, maximum: DAY_MS }));

const DryRun = Closed(
  {
    query: Type.String({ minLength: 1, maxLength: 10_000 }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    forMs: Wait,
    keepFiringForMs: Wait,
    isHeldWithoutData: Type.Optional(Type.Boolean()),
    hours: Type.Number({ minimum: 0.1, maximum: 24 }),
  },
  'A rule to try over the samples at hand.',
);

/** The rules in force and what became of them, and what a rule would have done. */
export function ruleRoutes({ queries, clock, groups, faults }: RulesDeps): ApiPlugin {
  return (api) => {
    api.get(
      '/api/rules',
      async (): Promise<RulesBody> => ({
        groups: groups().map(ruleGroupView),
        faults: faults(),
      }),
    );
    api.post('/api/rules/dry-run', { schema: { body: DryRun } }, async (request) =>
      whileThere(request, (gone) => queries.dryRun(request.body, clock.nowMs(), gone)),
    );
  };
}
