import { Type } from 'typebox';
import type { GroupRun } from '../../alerting/engine/group.ts';
import { ruleGroupView } from '../../alerting/rule-view.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { DryRunBody, RulesBody } from '../../config/model/rules-api.ts';
import { Closed } from '../../config/schema/common.ts';
import { dryRun, type DryRunDeps } from '../rule-tests/dry-run.ts';
import type { ApiPlugin } from './api.ts';

export interface RulesDeps extends DryRunDeps {
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

/** One at a time: each may keep the collector busy for seconds. */
const MAX_WAITING = 3;

/** The rules in force and what became of them, and what a rule would have done. */
export function ruleRoutes(deps: RulesDeps): ApiPlugin {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const inTurn = async (run: () => Promise<DryRunBody>): Promise<DryRunBody> => {
    if (waiting >= MAX_WAITING) {
      throw new WatchkeeperError('too_many_requests', 'Others are trying rules; wait a moment.');
    }
    waiting += 1;
    const turn = last.then(run);
    last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      waiting -= 1;
    }
  };
  return (api) => {
    api.get(
      '/api/rules',
      async (): Promise<RulesBody> => ({
        groups: deps.groups().map(ruleGroupView),
        faults: deps.faults(),
      }),
    );
    api.post('/api/rules/dry-run', { schema: { body: DryRun } }, ({ body }) =>
      inTurn(() => dryRun(deps, body)),
    );
  };
}
