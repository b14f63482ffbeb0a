import { calendarName, readCalendars, type CalendarYear } from './calendars.ts';
import { agentSettings, HOME_ZONE, type AgentSettings } from './agent-settings.ts';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from './model/defined.ts';
import type { OwnLimits } from './model/climate.ts';
import { layerOf } from './model/device.ts';
import { parseDurationMs } from './model/duration.ts';
import { localized } from './model/localized.ts';
import { httpsFaults, httpsSettings, pagesListen, type HttpsSettings } from './https.ts';
import type { Mount, Site, SiteDevice } from './model/site.ts';
import { notifySettings, type NotifySettings } from './notify.ts';
import { peopleFaults, peopleSettings, type PeopleSettings } from './people.ts';
import { programFaults } from './program-faults.ts';
import { backupSettings, type BackupSettings } from './backup.ts';
import {
  recordsFaults,
  recordsSettings,
  retentionOf,
  type RecordsSettings,
  type Retention,
} from './records.ts';
import { rosterSettings, type RosterSettings } from './roster.ts';
import { querySettings, type QuerySettings } from './query.ts';
import { remoteWriteSettings, type RemoteWriteSettings } from './remote-write.ts';
import { readSecret, Secret } from './runtime/secret.ts';
import { AgentFile } from './schema/agent.ts';
import { historySettings, type HistorySettings } from './history.ts';
import { CollectorFile } from './schema/collector.ts';
import { NotifyFile } from './schema/notify.ts';
import { SiteFile, type DeviceFile } from './schema/site.ts';
import { scrapePages, type ScrapePage } from './scrape.ts';
import { DEMO_FOLDER, SHIPPED_FOLDER } from './shipped.ts';
import { siteFaults } from './site-faults.ts';
import { passwordFault, snmpAccess, type ReadField, type SnmpAccess } from './snmp-access.ts';
import { ConfigError, readYamlFile, type Fault, type ReadSecret, type YamlFile } from './yaml-file.ts';

export { DEMO_FOLDER, SHIPPED_FOLDER };

const DEFAULT_ZONE = 'Asia/Shanghai';

/** A whole configuration: checked, with defaults, frozen. */
export interface Config {
  readonly folder: string;
  readonly site: Site;
  /** How each device is read, in the order of the site's file. */
  readonly devices: readonly DeviceConfig[];
  readonly agent: AgentSettings;
  readonly collector: CollectorSettings;
  readonly notify: NotifySettings;
  readonly records: RecordsSettings;
  readonly retention: Retention;
  /** Absent: nobody has said where backups should go. */
  readonly backup?: BackupSettings;
  /** Device profiles, then rule files: the shipped ones, each replaced by the site's own of the same name. */
  readonly profileFiles: readonly string[];
  readonly ruleFiles: readonly string[];
  /** Holidays and shifted workdays, as far as they are known. */
  readonly calendar: readonly CalendarYear[];
  readonly roster: RosterSettings;
  /** Pages of other programs that are scraped beside the agents. */
  readonly scrape: readonly ScrapePage[];
  /** Absent: samples stay here. */
  readonly remoteWrite?: RemoteWriteSettings;
  /** Absent: PromQL is answered here. */
  readonly query?: QuerySettings;
}

export interface DeviceConfig {
  readonly device: SiteDevice;
  /** Interfaces whose failure is an alarm. */
  readonly uplinks: readonly string[];
  /** What the site's file says of the air in its room; absent where it says nothing. */
  readonly limits?: OwnLimits;
  readonly snmp?: SnmpAccess;
  /** The simulated device that answers; its address is given when the lab has started. */
  readonly lab?: string;
  /** This machine, read by the agent itself. */
  readonly isLocal: boolean;
  /** Whether it may be read every few seconds while it is on battery or alarmed. */
  readonly isFastAllowed: boolean;
  /** The network that it is in; the agent of that zone reads it. */
  readonly zone: string;
}

export interface CollectorSettings {
  readonly listen: string;
  readonly publicUrl?: string;
  readonly https: HttpsSettings;
  readonly scrapeIntervalMs: number;
  readonly evaluationIntervalMs: number;
  readonly headRetentionMs: number;
  /** Absent: nothing older is kept. */
  readonly history?: HistorySettings;
  /** How often new samples are written to disk. */
  readonly headFlushMs: number;
  /** How much older than the last sample of its series a pushed one may be. */
  readonly outOfOrderMs: number;
  readonly people: PeopleSettings;
  /** Absent: the agent that this machine's supervisor runs. */
  readonly agents?: readonly { readonly name: string; readonly url: string }[];
}

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the configuration in a folder.
 * @throws {ConfigError} listing every fault of every file at once.
 */
export function loadConfig(folder: string, env: Env): Config {
  const site = readYamlFile(join(folder, 'site.yaml'), SiteFile);
  const agent = readOptional(join(folder, 'agent.yaml'), AgentFile);
  const collector = readOptional(join(folder, 'collector.yaml'), CollectorFile);
  const notify = readOptional(join(folder, 'notify.yaml'), NotifyFile);
  const faults: Fault[] = [site, agent, collector, notify].flatMap((file) => file.faults);
  faults.push(
    ...siteFaults(site),
    ...programFaults(agent, collector),
    ...recordsFaults(collector),
    ...peopleFaults(collector),
    ...httpsFaults(collector, env),
  );
  const secret = secretReader(env, faults);
  const devices = (site.value?.devices ?? []).map((device, index) => {
    const faultAt = (field: readonly string[], message: string): Fault =>
      site.faultAt(['devices', index, 'snmp', ...field], message);
    const limits = site.value?.rooms.find(({ id }) => id === device.room)?.climate;
    return deviceConfig(device, limits, (reference, field) => {
      const known = faults.length;
      const value = secret(reference, (message) => faultAt(field, message));
      const fault = field.includes('password') && faults.length === known ? passwordFault(value) : undefined;
      if (fault !== undefined) faults.push(faultAt(field, fault));
      return value;
    });
  });
  const records = recordsSettings(collector, secret);
  const programs = otherPrograms(collector, secret, faults);
  const settings = notifySettings(notify, {
    zone: zoneOf(site.value),
    secret: (reference, path) => secret(reference, (message) => notify.faultAt(path, message)),
    faults,
  });
  const backup = backupSettings(collector, secret);
  const calendar = calendarOf(site.value, folder);
  faults.push(...backup.faults, ...calendar.faults);
  if (faults.length > 0 || site.value === undefined) throw new ConfigError(faults);
  return Object.freeze({
    folder,
    site: siteOf(site.value, devices),
    devices,
    agent: agentSettings(agent.value ?? {}, env, (reference, field) =>
      secret(reference, (message) => agent.faultAt(field, message)),
    ),
    collector: collectorSettings(collector.value ?? {}, env),
    notify: settings,
    records,
    retention: retentionOf(collector.value),
    ...(backup.settings === undefined ? {} : { backup: backup.settings }),
    calendar: calendar.years,
    roster: rosterSettings(collector.value?.roster),
    ...programs,
    profileFiles: shippedAndOwn('profiles', folder, (name) => name.endsWith('.yaml')),
    ruleFiles: shippedAndOwn(
      'rules',
      folder,
      (name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'),
    ),
  });
}

/** Whose samples come in, and to whom they go out. */
function otherPrograms(
  collector: YamlFile<CollectorFile>,
  secret: ReadSecret,
  faults: Fault[],
): Pick<Config, 'scrape' | 'remoteWrite' | 'query'> {
  return defined({
    scrape: scrapePages(collector, secret, faults),
    remoteWrite: remoteWriteSettings(collector, secret, faults),
    query: querySettings(collector, secret, faults),
  });
}

const zoneOf = (site: SiteFile | undefined): string => site?.time_zone ?? DEFAULT_ZONE;

function calendarOf(site: SiteFile | undefined, folder: string): ReturnType<typeof readCalendars> {
  const files = shippedAndOwn('calendars', folder, (name) => name.endsWith('.yaml'));
  return readCalendars(calendarName(site?.calendar, zoneOf(site)), files);
}

/** The shipped files of a folder, each replaced by the site's own of the same name, in the order of their names. */
function shippedAndOwn(
  subfolder: string,
  folder: string,
  accepts: (name: string) => boolean,
): readonly string[] {
  const byName = new Map<string, string>();
  for (const place of [join(SHIPPED_FOLDER, subfolder), join(folder, subfolder)]) {
    if (!existsSync(place)) continue;
    for (const name of readdirSync(place).filter(accepts)) byName.set(name, join(place, name));
  }
  return [...byName.keys()].sort().map((name) => byName.get(name) ?? name);
}

function readOptional<S extends typeof AgentFile | typeof CollectorFile | typeof NotifyFile>(
  file: string,
  schema: S,
): ReturnType<typeof readYamlFile<S>> {
  if (existsSync(file)) return readYamlFile(file, schema);
  return { file, value: undefined, faults: [], faultAt: (_path, message) => ({ file, message }) };
}

function secretReader(env: Env, faults: Fault[]): ReadSecret {
  return (reference, faultOf) => {
    const secret = readSecret(reference, env);
    if (secret instanceof Secret) return secret;
    faults.push(faultOf(secret.fault));
    return new Secret('');
  };
}

function siteOf(file: SiteFile, devices: readonly DeviceConfig[]): Site {
  return {
    name: localized(file.name),
    isDemonstration: file.demonstration ?? false,
    timeZone: zoneOf(file),
    rooms: file.rooms.map((room) => ({
      id: room.id,
      name: localized(room.name),
      rows: (room.rows ?? []).map((row) => ({
        id: row.id,
        racks: row.racks.map((rack) => ({ id: rack.id, units: rack.units ?? 42 })),
      })),
    })),
    devices: devices.map(({ device }) => device),
  };
}

/** Of all devices that name none. */
const NONE: readonly string[] = Object.freeze([]);

function siteDevice(file: DeviceFile): SiteDevice {
  const mount: Mount | undefined =
    file.rack === undefined ? undefined : { rack: file.rack, unit: file.unit ?? 1, height: file.height ?? 1 };
  return defined({
    id: file.id,
    name: localized(file.name),
    kind: file.kind,
    layer: file.layer ?? layerOf(file.kind),
    room: file.room,
    mount,
    place: file.place === undefined ? undefined : localized(file.place),
    feeds: file.feeds ?? NONE,
    behind: file.behind,
  });
}

function deviceConfig(file: DeviceFile, limits: OwnLimits | undefined, read: ReadField): DeviceConfig {
  return defined({
    device: siteDevice(file),
    uplinks: file.uplinks ?? NONE,
    limits,
    snmp: file.snmp && snmpAccess(file.snmp, read),
    lab: file.lab,
    isLocal: file.local ?? false,
    isFastAllowed: file.fast_polling ?? true,
    zone: file.zone ?? HOME_ZONE,
  });
}

function durationMs(text: string | undefined, defaultMs: number): number {
  return text === undefined ? defaultMs : (parseDurationMs(text) ?? defaultMs);
}

function collectorSettings(file: CollectorFile, env: Env): CollectorSettings {
  const listen = pagesListen(file, env);
  return defined({
    listen,
    publicUrl: file.public_url,
    https: httpsSettings(file.https, listen),
    scrapeIntervalMs: durationMs(file.scrape_interval, 5_000),
    evaluationIntervalMs: durationMs(file.evaluation_interval, 10_000),
    headRetentionMs: durationMs(file.head_retention, 3 * 3_600_000),
    // Another engine keeps it.
    history: file.query === undefined ? historySettings(file.history) : undefined,
    headFlushMs: durationMs(file.head_flush_interval, 10_000),
    outOfOrderMs: durationMs(file.out_of_order_window, 600_000),
    people: peopleSettings(file.people),
    agents: file.agents,
  });
}
