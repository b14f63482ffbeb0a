import type { ChaseRecord, ChasesBody } from '../../config/model/chase.ts';
import type { ApiPlugin } from './api.ts';
import { answerChase, type ChaseDeps } from './care/chase-commands.ts';

/** Of what is over the latest are shown. */
const MAX_OVER = 100;

/** What is overdue, whom that was told, and what they answered. */
export function chaseRoutes(deps: ChaseDeps): ApiPlugin {
  return (api) => {
    answerChase(deps)(api);
    api.get('/api/chases', (): ChasesBody => {
      // What was never told is not overdue yet, or over before anybody heard of it.
      const told = deps.alerting.chases().filter(({ chased }) => chased.length > 0);
      const ended = ({ endedAtMs }: ChaseRecord): number => endedAtMs ?? 0;
      return {
        open: told.filter(({ endedAtMs }) => endedAtMs === undefined).sort((a, b) => a.dueAtMs - b.dueAtMs),
        over: told
          .filter(({ endedAtMs }) => endedAtMs !== undefined)
          .sort((a, b) => ended(b) - ended(a))
          .slice(0, MAX_OVER),
      };
    });
  };
}
