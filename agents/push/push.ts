import { join } from 'node:path';
import type { AgentSettings, PushSettings } from '../../config/agent-settings.ts';
import type { Env } from '../../config/load.ts';
import { messageOf } from '../../config/model/errors.ts';
import { METRIC_NAME } from '../../config/model/labels.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { every, type Loop } from '../../config/runtime/every.ts';
import type { Log } from '../../config/runtime/log.ts';
import { Secret } from '../../config/runtime/secret.ts';
import { VERSION } from '../../config/runtime/version.ts';
import type { OutgoingSeries } from '../../config/wire/remote-write.ts';
import { fixedLines, formatValue, type PageSource } from '../page/text.ts';
import type { Polling } from '../snmp/device.ts';
import { connectTo } from '../../config/wire/connection.ts';
import { credentialOf } from './credential.ts';
import type { PUSH_FAMILIES } from './families.ts';
import { outgoingSeries } from './outgoing.ts';
import { createPusher, type Pusher } from './pusher.ts';
import { createSender } from '../../config/wire/sender.ts';
import { openSpool, type Spool } from '../../config/runtime/spool.ts';

/** The agent's way to its collector, if it has one. */
export interface Push extends PageSource {
  onPolled(device: string, polling: Polling): void;
  /** The supervisor says where the collector beside this agent answers. */
  setCollector(url: string): void;
  stop(): Promise<void>;
}

export interface PushDeps {
  readonly settings: AgentSettings;
  /** Absent: what cannot be pushed is lost. */
  readonly dataFolder: string | undefined;
  readonly env: Env;
  readonly clock: Clock;
  readonly log: Log;
}

/** How often the collector hears of an agent that has no news: by it, both know that the other is there. */
const BEAT_EVERY_MS = 10_000;
const SPOOL_FOLDER = 'agent-spool';

/** Nothing is pushed before it is known where to; a spool that an earlier run left waits until then. */
export function startPush(deps: PushDeps): Push {
  const { settings, env, clock, log } = deps;
  let pusher: Pusher | undefined;
  let beat: Loop | undefined;
  const begin = (to: PushSettings): void => {
    if (pusher !== undefined) return;
    pusher = pusherTo(to, deps);
    const onError = (err: unknown): void => log.error({ err }, 'pushing failed');
    beat = every(clock, { intervalMs: BEAT_EVERY_MS, onError }, (slotMs) =>
      pusher?.push(beatOf(settings, pusher, slotMs), false),
    );
  };
  const beside = (url: string): void => {
    const token = env['WATCHKEEPER_AGENT_TOKEN'];
    if (token !== undefined && settings.push === undefined)
      begin({ url, name: 'local', token: new Secret(token), isOnlyPush: false });
  };
  if (settings.push !== undefined) begin(settings.push);
  else if (env['WATCHKEEPER_COLLECTOR_URL'] !== undefined) beside(env['WATCHKEEPER_COLLECTOR_URL']);
  return {
    onPolled(device, polling) {
      if (pusher === undefined) return;
      const isNews = polling.changed.length > 0 || polling.wasUp !== polling.state.isUp;
      const isWhole = pusher.wantsAll;
      if (isNews || isWhole) pusher.push(outgoingSeries(device, polling, isWhole), isNews);
    },
    setCollector: beside,
    write(append) {
      if (pusher === undefined) return;
      for (const [metric, value] of figuresOf(pusher))
        append(metric, fixedLines(`${metric} ${formatValue(value)}\n`));
    },
    async stop() {
      await beat?.stop();
      await pusher?.stop();
    },
  };
}

function pusherTo(to: PushSettings, { settings, dataFolder, clock, log }: PushDeps): Pusher {
  const { maxBytes, maxAgeMs, sync } = settings.spool;
  const open = (folder: string): Spool | undefined => {
    try {
      return openSpool({ folder: join(folder, SPOOL_FOLDER), maxBytes, maxAgeMs });
    } catch (error) {
      log.error({ reason: messageOf(error) }, 'nothing can be kept on disk while the collector is away');
      return undefined;
    }
  };
  const spool = dataFolder === undefined ? undefined : open(dataFolder);
  const connection = connectTo(to);
  const sender = createSender({ connection, credential: () => credentialOf(to, dataFolder, connection) });
  return createPusher({ sender, spool, clock, log, isOnlyPush: to.isOnlyPush, sync });
}

function figuresOf(pusher: Pusher): readonly (readonly [keyof typeof PUSH_FAMILIES, number])[] {
  const { isAway, queued, sent, refused, failed, spoolRecords, spoolBytes, spoolDropped } = pusher.figures();
  return [
    ['watchkeeper_agent_collector_up', isAway ? 0 : 1],
    ['watchkeeper_agent_push_queue', queued],
    ['watchkeeper_agent_pushes_total', sent],
    ['watchkeeper_agent_pushes_refused_total', refused],
    ['watchkeeper_agent_pushes_failed_total', failed],
    ['watchkeeper_agent_spool_records', spoolRecords],
    ['watchkeeper_agent_spool_bytes', spoolBytes],
    ['watchkeeper_agent_spool_dropped_total', spoolDropped],
  ];
}

function beatOf({ zone }: AgentSettings, pusher: Pusher, atMs: number): readonly OutgoingSeries[] {
  const one = (labels: Readonly<Record<string, string>>, value: number): OutgoingSeries => ({
    labels,
    timesMs: [atMs],
    values: Float64Array.of(value),
  });
  return [
    one({ [METRIC_NAME]: 'watchkeeper_agent_info', zone, version: VERSION }, 1),
    ...figuresOf(pusher).map(([metric, value]) => one({ [METRIC_NAME]: metric }, value)),
  ];
}
