import { Type } from 'typebox';
import type { AgentDeviceBody } from '../../config/model/agent-api.ts';
import type { ChartBody, DeviceDebugBody, MarksBody, ReadingsView } from '../../config/model/api.ts';
import { defined } from '../../config/model/defined.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { METRIC_NAME } from '../../config/model/labels.ts';
import { Closed, Id, Instant } from '../../config/schema/common.ts';
import { chartOf, chartSpan, chartTier } from '../devices/chart.ts';
import { AGENT_JOB } from '../ingest/agents.ts';
import { alertMarks } from '../records/alerts.ts';
import type { Db } from '../records/tables.ts';
import type { JoinedSeries } from '../series/history/joined.ts';
import type { ApiPlugin } from './api.ts';
import { InvalidRequestError } from './refusals.ts';

export interface DeviceRoutesDeps {
  readonly series: Pick<JoinedSeries, 'lines'>;
  readonly db: Db;
  readonly scrapeIntervalMs: () => number;
  /** `undefined` if the site has no such device. */
  readonly readings: (device: string) => ReadingsView | undefined;
  /** Asks the agent that reads the device. */
  readonly askAgent: (device: string) => Promise<AgentDeviceBody>;
}

const DeviceParams = Closed({ id: Id('The device.') }, 'A device.');

const ChartQuery = Closed(
  { metric: Type.String({ minLength: 1, maxLength: 200 }), fromMs: Instant, toMs: Instant },
  'What to draw.',
);

const SpanQuery = Closed({ fromMs: Instant, toMs: Instant }, 'From when to when.');

function checkSpan(fromMs: number, toMs: number): void {
  if (toMs <= fromMs) throw new InvalidRequestError([{ path: 'toMs', message: 'must be after fromMs' }]);
}

/** What is known of one device. */
export function deviceRoutes({
  series,
  db,
  scrapeIntervalMs,
  readings,
  askAgent,
}: DeviceRoutesDeps): ApiPlugin {
  const require = (id: string): ReadingsView => {
    const view = readings(id);
    if (view === undefined) throw new WatchkeeperError('not_found', `There is no device ${id}.`);
    return view;
  };
  return (api) => {
    api.get(
      '/api/devices/:id/readings',
      { schema: { params: DeviceParams } },
      ({ params }): ReadingsView => require(params.id),
    );
    api.get(
      '/api/devices/:id/chart',
      { schema: { params: DeviceParams, querystring: ChartQuery } },
      async ({ params: { id }, query: { metric, fromMs, toMs } }): Promise<ChartBody> => {
        require(id);
        checkSpan(fromMs, toMs);
        const span = chartSpan(fromMs, toMs, scrapeIntervalMs());
        const lines = await series.lines(
          [
            { name: METRIC_NAME, op: '=', value: metric },
            { name: 'device', op: '=', value: id },
            { name: 'job', op: '=', value: AGENT_JOB },
          ],
          span.fromMs,
          toMs,
          chartTier(span),
        );
        return chartOf(lines, metric, { ...span, scrapeIntervalMs: scrapeIntervalMs() });
      },
    );
    api.get(
      '/api/devices/:id/marks',
      { schema: { params: DeviceParams, querystring: SpanQuery } },
      async ({ params: { id }, query }): Promise<MarksBody> => {
        require(id);
        checkSpan(query.fromMs, query.toMs);
        return { marks: await alertMarks(db, id, query) };
      },
    );
    api.get(
      '/api/devices/:id/debug',
      { schema: { params: DeviceParams } },
      async ({ params: { id } }): Promise<DeviceDebugBody> => {
        require(id);
        const { profiles, exchanges, fault, lastError, pace, traps } = await askAgent(id);
        return defined({ profiles, exchanges, fault, lastError, pace, traps });
      },
    );
  };
}
