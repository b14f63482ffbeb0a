import { hash } from 'node:crypto';
import type { DeviceConfig } from '../config/load.ts';
import { secretsOf, type SnmpAccess } from '../config/snmp-access.ts';
import { defined } from '../config/model/defined.ts';
import type { Clock } from '../config/runtime/clock.ts';
import { Secret } from '../config/runtime/secret.ts';
import { createHost } from './host/host.ts';
import { createPageSource, type SnmpSource, type Sources } from './source.ts';
import type { Self } from './self.ts';
import type { Settings } from './settings/settings.ts';
import { createSiteFacts, joinSources } from './site-facts.ts';
import type { PageSource } from './page/text.ts';
import type { Polled } from './poller.ts';
import { createPolledDevice, type PolledDevice, type Polling } from './snmp/device.ts';
import { endpointOf } from './snmp/endpoint.ts';
import type { createPlanner } from './snmp/plan.ts';
import { createSession } from './snmp/session.ts';
import { sessionAccess } from './snmp/access.ts';
import type { Outcome, Transport } from './snmp/transport.ts';

/** A device of the site as the agent reads it. */
export interface Member {
  readonly sources: Sources;
  readonly page: PageSource;
  readonly polled: readonly Polled[];
  /** The mark of what it was made from; a member of equal settings is kept over a reload. */
  readonly madeFrom: string;
}

export interface FleetDeps {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly self: Self;
  readonly planOf: ReturnType<typeof createPlanner>;
  /** Told what each poll of a device brought. */
  readonly onPolled: (device: string, polling: Polling) => void;
  /** Devices are explored in this line. */
  readonly exploreLine: <T>(task: () => Promise<T>) => Promise<T>;
}

/** The same for all devices. */
interface MakingDeps extends FleetDeps {
  readonly countOutcome: (outcome: Outcome) => void;
}

/** Port of each simulated device, by its name in the lab. */
export type LabPorts = Readonly<Record<string, number>>;

/** The devices of a configuration. Those that were there before with the same settings go on as they are. */
export function buildFleet(
  { settings, labPorts }: { settings: Settings; labPorts: LabPorts },
  before: ReadonlyMap<string, Member>,
  deps: FleetDeps,
): ReadonlyMap<string, Member> {
  const { agent, profilesMark } = settings;
  const own = settings.devices.filter(({ zone }) => zone === agent.zone);
  const common = [agent, profilesMark];
  const making = makingDeps(deps);
  const members = own.map((device) => {
    const access = accessOf(device, labPorts);
    const secrets = access && secretsOf(access);
    const madeFrom = markOf([device, secrets, access, ...common]);
    const old = before.get(device.device.id);
    if (old?.madeFrom === madeFrom) return old;
    return memberOf({ device, access, settings, madeFrom }, making);
  });
  return new Map(members.map((member) => [member.sources.id, member]));
}

/** Made apart: what stands beside a function lives as long as it does, and that would be all that the site's files say. */
function makingDeps(deps: FleetDeps): MakingDeps {
  return { ...deps, countOutcome: (outcome) => deps.self.countOutcome(outcome) };
}

/** Equal for equal settings. Of a thousand devices they take more memory than what is made from them, and hold secrets. */
function markOf(settings: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(settings), 'base64');
}

/** How a device is asked over SNMP; a simulated one stands where the lab says. */
function accessOf({ snmp, lab }: DeviceConfig, labPorts: LabPorts): SnmpAccess | undefined {
  if (lab === undefined) return snmp;
  const port = labPorts[lab];
  // Without a lab nobody answers, and the device is silent as any other that is off.
  return {
    host: '127.0.0.1',
    port: port ?? NO_PORT,
    credentials: { version: '2c', community: new Secret('public'), isStated: true },
    isOptional: false,
  };
}

/** The discard port: nothing there answers SNMP. */
const NO_PORT = 9;

interface MemberOptions {
  readonly device: DeviceConfig;
  readonly access: SnmpAccess | undefined;
  readonly settings: Settings;
  readonly madeFrom: string;
}

function memberOf({ device, access, settings, madeFrom }: MemberOptions, deps: MakingDeps): Member {
  const { id } = device.device;
  const sources: Sources = defined({
    id,
    host: device.isLocal ? createHost(deps.clock) : undefined,
    snmp:
      access === undefined
        ? undefined
        : snmpSource({ id, access, settings, isFastAllowed: device.isFastAllowed }, deps),
  });
  const { host, snmp } = sources;
  const polled: Polled[] = [];
  if (host !== undefined) polled.push({ id: `${id} host`, poll: () => host.poll() });
  if (snmp !== undefined) polled.push(new PolledOverSnmp(snmp.device, deps.self));
  return { sources, page: joinSources(createPageSource(sources), createSiteFacts(device)), polled, madeFrom };
}

function snmpSource(
  {
    id,
    access,
    settings,
    isFastAllowed,
  }: Pick<MemberOptions, 'settings'> & { id: string; access: SnmpAccess; isFastAllowed: boolean },
  deps: MakingDeps,
): SnmpSource {
  const { agent, profiles } = settings;
  const { clock, planOf, exploreLine, onPolled } = deps;
  const endpoint = endpointOf(access.host, access.port, clock);
  const session = createSession(
    {
      endpoint,
      access: sessionAccess(access.credentials),
      maxRepetitions: access.maxRepetitions,
      patience: {
        timeoutMs: access.timeoutMs ?? agent.timeoutMs,
        retries: access.retries ?? agent.retries,
      },
    },
    deps,
  );
  const device = createPolledDevice({
    id,
    session,
    profiles,
    named: access.profiles,
    planOf,
    pollDeadlineMs: agent.pollIntervalMs,
    clock,
    isFastAllowed,
    inLine: exploreLine,
    onPolled: (polling) => onPolled(id, polling),
  });
  return { device, session, endpoint, credentials: access.credentials, isOptional: access.isOptional };
}

/** Classes, for each of a thousand devices has one. */
class PolledOverSnmp implements Polled {
  readonly id: string;
  readonly between: BetweenPolls;
  readonly #device: PolledDevice;
  readonly #self: Self;

  constructor(device: PolledDevice, self: Self) {
    this.id = device.id;
    this.between = new BetweenPolls(device, self);
    this.#device = device;
    this.#self = self;
  }

  isDue(): boolean {
    return this.#device.isDue();
  }

  async poll(): Promise<void> {
    const isAnswered = await this.#device.poll();
    this.#self.countPoll(isAnswered, this.#device.state().pollDurationMs);
  }
}

/** The fast lane. */
class BetweenPolls {
  readonly #device: PolledDevice;
  readonly #self: Self;

  constructor(device: PolledDevice, self: Self) {
    this.#device = device;
    this.#self = self;
  }

  afterMs(): number | undefined {
    return this.#device.fastAfterMs();
  }

  async poll(): Promise<void> {
    await this.#device.poll('fast');
    this.#self.countFastPoll();
  }
}
