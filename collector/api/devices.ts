import { Type } from 'typebox';
import type { AgentDeviceBody } from '../../config/model/agent-api.ts';
import type { ChartBody, DeviceDebugBody, ReadingsView } from '../../config/model/api.ts';
import { defined } from '../../config/model/defined.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Site } from '../../config/model/site.ts';
import { METRIC_NAME } from '../../config/model/labels.ts';
import type { Matcher } from '../../config/model/series.ts';
import { Closed, Id, Instant, OneOf } from '../../config/schema/common.ts';
import { chartOf, chartSpan, chartTier, spreadOf } from '../devices/chart.ts';
import { AGENT_JOB } from '../ingest/agents.ts';
import type { JoinedSeries } from '../series/history/joined.ts';
import type { ApiPlugin } from './api.ts';
import { InvalidRequestError } from './refusals.ts';

export interface DeviceRoutesDeps {
  readonly series: Pick<JoinedSeries, 'lines'>;
  readonly site: () => Site;
  readonly scrapeIntervalMs: () => number;
  /** `undefined` if the site has no such device. */
  readonly readings: (device: string) => ReadingsView | undefined;
  /** Asks the agent that reads the device. */
  readonly askAgent: (device: string) => Promise<AgentDeviceBody>;
}

const DeviceParams = Closed({ id: Id('The device.') }, 'A device.');

const MetricName = Type.String({ minLength: 1, maxLength: 200 });

const ChartQuery = Closed({ metric: MetricName, fromMs: Instant, toMs: Instant }, 'What to draw.');

const RoomParams = Closed({ id: Id('The room.') }, 'A room.');

const RoomChartQuery = Closed(
  {
    metric: MetricName,
    fromMs: Instant,
    toMs: Instant,
    rack: Type.Optional(Id('Only what stands in this rack.')),
    spread: Type.Optional(OneOf(['one'], 'One line for all: mean, least and greatest.')),
  },
  'What to draw of a room.',
);

function checkSpan(fromMs: number, toMs: number): void {
  if (toMs <= fromMs) throw new InvalidRequestError([{ path: 'toMs', message: 'must be after fromMs' }]);
}

interface Asked {
  readonly metric: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** @throws {WatchkeeperError} `not_found` where the site has no such room, or the room nothing in such a rack. */
function devicesIn({ rooms, devices }: Site, room: string, rack: string | undefined): readonly string[] {
  if (!rooms.some(({ id }) => id === room))
    throw new WatchkeeperError('not_found', `There is no room ${room}.`);
  const found = devices.filter(
    (one) => one.room === room && (rack === undefined || one.mount?.rack === rack),
  );
  if (found.length === 0) throw new WatchkeeperError('not_found', 'No device stands there.');
  return found.map(({ id }) => id);
}

/** One is found by its label; of several each series is looked at. */
function deviceMatcher(devices: readonly string[]): Matcher {
  const [only = ''] = devices;
  return devices.length === 1
    ? { name: 'device', op: '=', value: only }
    : { name: 'device', op: '=~', value: devices.map((id) => id.replaceAll('.', '\\.')).join('|') };
}

/** What is known of one device, and drawn of a room. */
export function deviceRoutes({
  series,
  site,
  scrapeIntervalMs,
  readings,
  askAgent,
}: DeviceRoutesDeps): ApiPlugin {
  const require = (id: string): ReadingsView => {
    const view = readings(id);
    if (view === undefined) throw new WatchkeeperError('not_found', `There is no device ${id}.`);
    return view;
  };
  const read = async (devices: readonly string[], { metric, fromMs, toMs }: Asked) => {
    checkSpan(fromMs, toMs);
    const drawing = { ...chartSpan(fromMs, toMs, scrapeIntervalMs()), scrapeIntervalMs: scrapeIntervalMs() };
    const matchers: readonly Matcher[] = [
      { name: METRIC_NAME, op: '=', value: metric },
      deviceMatcher(devices),
      { name: 'job', op: '=', value: AGENT_JOB },
    ];
    return { drawing, lines: await series.lines(matchers, drawing.fromMs, toMs, chartTier(drawing)) };
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
        const { lines, drawing } = await read([id], { metric, fromMs, toMs });
        return chartOf(lines, metric, drawing);
      },
    );
    api.get(
      '/api/rooms/:id/chart',
      { schema: { params: RoomParams, querystring: RoomChartQuery } },
      async ({ params: { id }, query: { rack, spread, ...asked } }): Promise<ChartBody> => {
        const devices = devicesIn(site(), id, rack);
        const { lines, drawing } = await read(devices, asked);
        return spread === undefined
          ? chartOf(lines, asked.metric, { ...drawing, isOfMany: true })
          : spreadOf(lines, asked.metric, drawing);
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
