import { WatchkeeperError } from '../../config/model/errors.ts';
import type { EngineGrowth } from '../../config/model/growth-api.ts';
import { METRIC_NAME } from '../../config/model/labels.ts';
import type { SeriesSink } from '../../config/model/series.ts';
import type { Elsewhere } from '../promql/elsewhere/open.ts';
import type { EngineRoom } from '../promql/elsewhere/room.ts';

/** What the engine elsewhere stores more in each second: a line through a week, once there is a day of it. */
export const STORED_PER_SECOND =
  'deriv(watchkeeper_query_engine_stored_bytes[7d]) and watchkeeper_query_engine_stored_bytes offset 1d';

/** Asks the engine for its room, and tells the rules; through `remote_write` the engine remembers what it said. */
export async function tellEngineRoom(
  elsewhere: Pick<Elsewhere, 'room'>,
  sink: SeriesSink,
  { atMs, signal }: { readonly atMs: number; readonly signal: AbortSignal },
): Promise<EngineRoom> {
  const room = await elsewhere.room(signal);
  const tell = (metric: string, value: number | undefined): void => {
    if (value !== undefined)
      sink.append({ [METRIC_NAME]: metric, job: 'collector', instance: 'local' }, atMs, value);
  };
  tell('watchkeeper_query_engine_stored_bytes', room.storedBytes);
  tell('watchkeeper_query_engine_free_bytes', room.freeBytes);
  return room;
}

/** `bytesPerSecond`: what it stores more; absent while nobody knows. */
export function engineGrowth(
  { host }: Pick<Elsewhere, 'host'>,
  room: EngineRoom,
  bytesPerSecond: number | undefined,
): EngineGrowth {
  if (bytesPerSecond === undefined) return { host, ...room };
  const bytesPerDay = Math.max(0, bytesPerSecond * 86_400);
  const { freeBytes } = room;
  return freeBytes === undefined || bytesPerDay === 0
    ? { host, ...room, bytesPerDay }
    : { host, ...room, bytesPerDay, daysLeft: freeBytes / bytesPerDay };
}

/** An engine that is away is told by others, and asked again. */
export function passOver(error: unknown): void {
  if (!(error instanceof WatchkeeperError && error.code === 'engine_away')) throw error;
}
