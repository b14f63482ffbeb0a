import type { Labels } from '../../../config/model/labels.ts';
import type { Matcher } from '../../../config/model/series.ts';
import { parseExpression } from '../parse.ts';
import { printed } from '../print.ts';
import type { Queries } from '../worker/queries.ts';
import { resultOf } from './answer.ts';
import type { Asking } from './asking.ts';

/**
 * Queries of people and programs, answered by the engine elsewhere; what a rule would have done is worked out here, over
 * its samples. `own` are the labels that `remote_write` puts on all that is ours: only what has them is asked for.
 */
export function elsewhereQueries(asking: Asking, here: Queries, own: Labels): Queries {
  const textOf = (expression: string): string => withOwn(expression, own);
  return {
    async instant(expression, atMs, signal) {
      const parameters = { query: textOf(expression), time: secondsText(atMs) };
      return asking.ask('query', { parameters, signal }, (answer) => resultOf(answer, own));
    },
    async range(expression, { startMs, endMs, stepMs }, signal) {
      const parameters = {
        query: textOf(expression),
        start: secondsText(startMs),
        end: secondsText(endMs),
        step: secondsText(stepMs),
      };
      return asking.ask('query_range', { parameters, signal }, (answer) => resultOf(answer, own));
    },
    dryRun: (request, toMs, signal) => here.dryRun(request, toMs, signal),
    stop: () => here.stop(),
  };
}

/** As written where nothing tells ours from others: an engine may know more of PromQL than is known here. */
function withOwn(expression: string, own: Labels): string {
  const matchers = ownMatchers(own);
  return matchers.length === 0 ? expression : printed(parseExpression(expression), matchers);
}

export function ownMatchers(own: Labels): readonly Matcher[] {
  return Object.entries(own).map(([name, value]) => ({ name, op: '=', value }));
}

/** An instant or a length as the interface has it. */
export function secondsText(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
