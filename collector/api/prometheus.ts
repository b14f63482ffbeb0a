import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GroupRun } from '../../alerting/engine/group.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { Log } from '../../config/runtime/log.ts';
import type { TargetHealth } from '../ingest/target.ts';
import type { Queries } from '../promql/worker/queries.ts';
import type { JoinedSeries } from '../series/history/joined.ts';
import type { Api, ApiPlugin } from './api.ts';
import { refusalOf } from './refusals.ts';
import { whileThere } from './while-there.ts';
import { alertsOf, queryData, ruleGroupData, success } from './prometheus/bodies.ts';
import {
  instantMs,
  limitOf,
  rangeOf,
  requiredText,
  selectorsIn,
  type Parameters,
} from './prometheus/parameters.ts';
import {
  labelNamesOf,
  labelValuesOf,
  metricMetadata,
  seriesIn,
  targetsData,
} from './prometheus/series-data.ts';

export interface PrometheusDeps {
  readonly series: Pick<JoinedSeries, 'names' | 'labelNames' | 'labelValues'>;
  readonly queries: Pick<Queries, 'instant' | 'range'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly targets: () => readonly TargetHealth[];
  readonly scrapeIntervalMs: () => number;
  readonly groups: () => readonly GroupRun[];
}

/** What of Prometheus' interface this is like: clients choose what they ask by it. */
const LIKE_VERSION = '3.5.0';

/** Answers a request; `parameters` are those of the address and of the form. */
type Answer = (parameters: Parameters, request: FastifyRequest) => unknown;

/** The query interface of Prometheus, version 1, so that its clients (Grafana, promtool) can read the head. */
export function prometheusRoutes(deps: PrometheusDeps): ApiPlugin {
  return (api) => {
    void api.register(async (scope) => {
      scope.addContentTypeParser(
        'application/x-www-form-urlencoded',
        { parseAs: 'string' },
        async (_request: FastifyRequest, body: string | Buffer) => new URLSearchParams(String(body)),
      );
      scope.setErrorHandler(refuseWith(deps.log));
      const add = adder(scope);
      addQueries(add, deps);
      addSeries(add, deps);
      addState(add, deps);
    });
  };
}

type Add = (path: string, answer: Answer, methods?: readonly ('GET' | 'POST')[]) => void;

function adder(api: Api): Add {
  return (path, answer, methods = ['GET']) => {
    for (const method of methods) {
      api.route({
        method,
        url: `/api/v1/${path}`,
        handler: async (request) => answer(parametersOf(request), request),
      });
    }
  };
}

function parametersOf({ url, body }: FastifyRequest): Parameters {
  const at = url.indexOf('?');
  const parameters = new URLSearchParams(at === -1 ? '' : url.slice(at + 1));
  if (body instanceof URLSearchParams) for (const [name, value] of body) parameters.append(name, value);
  return parameters;
}

const BOTH = ['GET', 'POST'] as const;

function addQueries(add: Add, deps: PrometheusDeps): void {
  const nowMs = (): number => deps.clock.nowMs();
  add(
    'query',
    async (parameters, request) => {
      const atMs = instantMs(parameters, 'time', nowMs());
      const query = requiredText(parameters, 'query');
      const { value, ...remarks } = await whileThere(request, (gone) =>
        deps.queries.instant(query, atMs, gone),
      );
      return success(queryData(value, atMs), remarks);
    },
    BOTH,
  );
  add(
    'query_range',
    async (parameters, request) => {
      const range = rangeOf(parameters);
      const query = requiredText(parameters, 'query');
      const { value, ...remarks } = await whileThere(request, (gone) =>
        deps.queries.range(query, range, gone),
      );
      return success(queryData(value, range.endMs), remarks);
    },
    BOTH,
  );
  add('query_exemplars', () => success([]), BOTH);
}

function addSeries(add: Add, { series, clock }: PrometheusDeps): void {
  const selected = (parameters: Parameters) => {
    const span = {
      startMs: instantMs(parameters, 'start', 0),
      endMs: instantMs(parameters, 'end', clock.nowMs()),
    };
    return seriesIn(series, selectorsIn(parameters), span);
  };
  add(
    'labels',
    async (parameters) => {
      const names = parameters.has('match[]')
        ? labelNamesOf(await selected(parameters))
        : await series.labelNames();
      return limited(names, parameters);
    },
    BOTH,
  );
  add('label/:name/values', async (parameters, { params }) => {
    const { name } = params as { readonly name: string };
    const values = parameters.has('match[]')
      ? labelValuesOf(await selected(parameters), name)
      : await series.labelValues(name);
    return limited(values, parameters);
  });
  add(
    'series',
    async (parameters) => {
      requiredText(parameters, 'match[]');
      return limited(await selected(parameters), parameters);
    },
    BOTH,
  );
  add('metadata', (parameters) => success(metricMetadata(limitOf(parameters), parameters.get('metric'))));
}

/** No more entries are told in one answer, as Grafana asks for no more; who asks for more asks more narrowly. */
const MAX_ENTRIES = 40_000;

function limited(entries: readonly unknown[], parameters: Parameters) {
  const limit = Math.min(limitOf(parameters), MAX_ENTRIES);
  const warnings = entries.length > limit ? ['results truncated due to limit'] : [];
  return success(entries.slice(0, limit), { warnings });
}

function addState(add: Add, { groups, targets, scrapeIntervalMs }: PrometheusDeps): void {
  add('targets', () => success(targetsData(targets(), scrapeIntervalMs())));
  add('rules', () => success({ groups: groups().map(ruleGroupData) }));
  add('alerts', () => success({ alerts: alertsOf(groups()) }));
  add('status/buildinfo', () =>
    success({ version: LIKE_VERSION, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' }),
  );
}

const ERROR_TYPES: Readonly<Record<string, string>> = {
  query_limit: 'timeout',
  query_failed: 'execution',
  engine_away: 'unavailable',
  internal: 'internal',
};

/** Finishes errors in the words of this interface. */
function refuseWith(log: Log) {
  return (error: unknown, { routeOptions }: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { status, body } = refusalOf(error);
    if (status >= 500) log.error({ err: error, route: routeOptions.url }, 'request failed');
    const errorType = ERROR_TYPES[body.code] ?? 'bad_data';
    return reply.code(status).send({ status: 'error', errorType, error: body.message });
  };
}
