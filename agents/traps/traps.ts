import { messageOf } from '../../config/model/errors.ts';
import { defined } from '../../config/model/defined.ts';
import type { AgentTrapsBody, TrapView } from '../../config/model/traps.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { every } from '../../config/runtime/every.ts';
import type { Log } from '../../config/runtime/log.ts';
import {
  fixedLines,
  formatValue,
  linePrefix,
  type Append,
  type Family,
  type PageSource,
} from '../page/text.ts';
import type { ProfileTraps } from '../settings/settings.ts';
import type { PolledDevice } from '../snmp/device.ts';
import { openOwnEngine } from '../snmp/v3/own-engine.ts';
import { createDirectory, type TrapSender } from './directory.ts';
import { createJournal } from './journal.ts';
import { meaningOf } from './meaning.ts';
import { createPrompter } from './prompter.ts';
import { createTrapReceiver, type TrapCounts, type TrapObeyer } from './receiver.ts';
import { openPort, type OpenPort } from './socket.ts';

/** What the agent tells of traps on its page. */
export const TRAP_FAMILIES = {
  watchkeeper_agent_traps_total: {
    type: 'counter',
    help: 'Traps and informs that came, by what became of them.',
  },
  watchkeeper_agent_traps_listening: {
    type: 'gauge',
    help: 'Whether traps are heard, where they are to be.',
  },
} as const satisfies Readonly<Record<string, Family>>;

/** A device that traps may come from, and which they are of concern to. */
export interface TrapDevice extends TrapSender {
  readonly device: Pick<PolledDevice, 'hear' | 'state'>;
}

/** Hears what devices report of their own accord. */
export interface Traps extends PageSource {
  /** The port that is listened on; `undefined` when none is. */
  readonly address: string | undefined;
  /** Knows these devices from now on, and no others. */
  assign(devices: readonly TrapDevice[]): void;
  /** From now on, traps mean what these profiles say. */
  know(profiles: readonly ProfileTraps[]): void;
  /** The latest traps of a device, newest first. */
  of(device: string): readonly TrapView[];
  body(): AgentTrapsBody;
  stop(): Promise<void>;
}

export interface TrapsOptions {
  /** `HOST:PORT`; `undefined` for nowhere. */
  readonly listen: string | undefined;
  /** Where the engine that informs are sent to is remembered. */
  readonly dataFolder: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly pollNow: (device: string) => void;
}

/** Names of devices may move to other addresses; the endpoints themselves say how often they are looked up. */
const LEARN_EVERY_MS = 60_000;

/** Starts listening. A port that is taken is told and shown; the agent goes on without traps. */
export async function startTraps({ listen, dataFolder, clock, log, pollNow }: TrapsOptions): Promise<Traps> {
  const { engine, fault: engineFault } = openOwnEngine(dataFolder, clock.nowMs());
  if (engineFault !== undefined)
    log.warn({ err: engineFault }, 'the SNMP engine of this agent cannot be remembered');
  const [directory, journal] = [createDirectory(), createJournal()];
  const prompter = createPrompter(clock, pollNow);
  let devices: ReadonlyMap<string, TrapDevice> = new Map();
  let profiles: readonly ProfileTraps[] = [];

  const listener: TrapObeyer = {
    obey(id, notification) {
      const device = devices.get(id)?.device;
      const serving = device?.state().known?.profiles ?? [];
      const { name, told } = meaningOf(notification, profiles, serving);
      const metrics = device?.hear({ told, varBinds: notification.varBinds }) ?? [];
      prompter.prompt(id);
      return { name, metrics };
    },
    nameOf: (notification) => meaningOf(notification, profiles, []).name,
    tooMuch: (id) => prompter.prompt(id),
  };
  const receiver = createTrapReceiver({ own: engine, directory, journal, listener });
  const port = await listenAt(listen, log, (packet, from) => {
    const answer = receiver.receive(packet, from, clock.nowMs());
    if (answer !== undefined && 'open' in port) port.open.send(answer, from);
  });
  const learning = every(
    clock,
    {
      intervalMs: LEARN_EVERY_MS,
      onError: (error) => log.error({ err: error }, 'looking up devices failed'),
    },
    () => directory.learn([...devices.values()]),
  );
  return {
    address: 'open' in port ? port.open.address : undefined,
    know(known) {
      profiles = known;
    },
    assign(all) {
      devices = new Map(all.map((one) => [one.id, one]));
      journal.keep(new Set(devices.keys()));
      directory.learn(all).catch((error: unknown) => log.error({ err: error }, 'looking up devices failed'));
    },
    of: (device) => journal.traps(device),
    body: () =>
      defined({
        listen: 'open' in port ? port.open.address : listen,
        fault: 'fault' in port ? port.fault : undefined,
        sources: journal.sources(),
      }),
    write: (append) =>
      writeCounts(append, receiver.counts, listen === undefined ? undefined : 'open' in port),
    async stop() {
      prompter.stop();
      await learning.stop();
      if ('open' in port) await port.open.close();
    },
  };
}

function writeCounts(append: Append, counts: Readonly<TrapCounts>, isListening: boolean | undefined): void {
  const total = 'watchkeeper_agent_traps_total';
  const lines = Object.entries(counts).map(
    ([result, count]) => `${linePrefix(total, { result })}${formatValue(count)}\n`,
  );
  append(total, fixedLines(lines.join('')));
  if (isListening === undefined) return;
  const listening = 'watchkeeper_agent_traps_listening';
  append(listening, fixedLines(`${linePrefix(listening, {})}${isListening ? 1 : 0}\n`));
}

type Port = { readonly open: OpenPort } | { readonly fault: string } | { readonly isOff: true };

async function listenAt(
  listen: string | undefined,
  log: Log,
  onPacket: Parameters<typeof openPort>[1],
): Promise<Port> {
  if (listen === undefined) return { isOff: true };
  try {
    return { open: await openPort(listen, onPacket) };
  } catch (error) {
    log.error({ listen, err: error }, 'traps are not heard');
    return { fault: messageOf(error) };
  }
}
