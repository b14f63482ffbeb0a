import { defined } from './model/defined.ts';
import { parseDurationMs } from './model/duration.ts';
import type { Secret } from './runtime/secret.ts';
import type { CollectorFile } from './schema/collector.ts';
import type { Fault, ReadSecret, YamlFile } from './yaml-file.ts';

/** A PostgreSQL that holds the records. */
export interface PostgresSettings {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: Secret;
  readonly caFile?: string;
  /** Only what stays on this machine goes unencrypted. */
  readonly isTls: boolean;
  /** A schema of our own: a restore puts another in its place. */
  readonly schema: string;
}

/** Absent `postgres`: a file in the data folder. */
export interface RecordsSettings {
  readonly postgres?: PostgresSettings;
  /** Seals what must not lie in the records in clear; a file of the data folder when absent. */
  readonly key?: Secret;
}

/** How long is kept what nobody signed. */
export interface Retention {
  readonly historyMs: number;
  /** What the audit says of people; never less than 400 days. */
  readonly peopleMs: number;
}

type PostgresFile = NonNullable<NonNullable<CollectorFile['records']>['postgres']>;

const DEFAULTS = { host: '127.0.0.1', port: 5432, database: 'watchkeeper', user: 'watchkeeper' };
const DEFAULT_SCHEMA = 'watchkeeper';

/** What `records:` of `collector.yaml` says. */
export function recordsSettings(file: YamlFile<CollectorFile>, secret: ReadSecret): RecordsSettings {
  const { postgres, key } = file.value?.records ?? {};
  return defined({
    postgres: postgres && postgresSettings(postgres, file, secret),
    key: key === undefined ? undefined : secret(key, (message) => file.faultAt(['records', 'key'], message)),
  });
}

function postgresSettings(
  postgres: PostgresFile,
  file: YamlFile<CollectorFile>,
  secret: ReadSecret,
): PostgresSettings {
  const { password, ca_file: caFile, schema = DEFAULT_SCHEMA } = postgres;
  const place = { ...DEFAULTS, ...placeOf(postgres) };
  return defined({
    ...place,
    password:
      password === undefined
        ? undefined
        : secret(password, (message) => file.faultAt(['records', 'postgres', 'password'], message)),
    caFile,
    isTls: caFile !== undefined || !isOnThisMachine(place.host),
    schema,
  });
}

const DAY_MS = 86_400_000;
/** More than GB/T 22239 level 3 and 网络安全法 art. 21 ask (six months). */
export const SHORTEST_RETENTION_MS = 400 * DAY_MS;
const DEFAULT_PEOPLE_MS = 1_100 * DAY_MS;

export function retentionOf(file: CollectorFile | undefined): Retention {
  const { keep_history: history, keep_people: people } = file?.records ?? {};
  const durationMs = (text: string | undefined, defaultMs: number): number =>
    (text === undefined ? undefined : parseDurationMs(text)) ?? defaultMs;
  return {
    historyMs: durationMs(history, SHORTEST_RETENTION_MS),
    peopleMs: durationMs(people, DEFAULT_PEOPLE_MS),
  };
}

function retentionFaults(file: YamlFile<CollectorFile>): readonly Fault[] {
  return (['keep_history', 'keep_people'] as const).flatMap((name) => {
    const text = file.value?.records?.[name];
    if (text === undefined || (parseDurationMs(text) ?? 0) >= SHORTEST_RETENTION_MS) return [];
    return [file.faultAt(['records', name], `${text} is too short; the shortest is 400d`)];
  });
}

/** What the schema cannot see: an address that is none, one that holds the password, a place that is told twice, a time too short. */
export function recordsFaults(file: YamlFile<CollectorFile>): readonly Fault[] {
  const postgres = file.value?.records?.postgres;
  const fault = postgres?.url === undefined ? undefined : (urlFault(postgres.url) ?? toldTwice(postgres));
  return [
    ...(fault === undefined ? [] : [file.faultAt(['records', 'postgres', 'url'], fault)]),
    ...retentionFaults(file),
  ];
}

/** What it says is not repeated: it may hold a password. */
function urlFault(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '') {
    return 'this is not postgres://USER@HOST:PORT/DATABASE';
  }
  if (url.password !== '') return 'a password does not belong here; name it under `password`';
  if (url.search === '') return undefined;
  return 'parameters are not taken here; `ca_file` and `schema` are fields of their own';
}

function toldTwice(postgres: PostgresFile): string | undefined {
  const fields = ['host', 'port', 'database', 'user'] as const;
  const twice = fields.filter((name) => postgres[name] !== undefined);
  return twice.length === 0 ? undefined : `it says ${twice.join(', ')} as well; leave one of the two`;
}

function placeOf({ url: text, host, port, database, user }: PostgresFile) {
  const url = text === undefined ? null : URL.parse(text);
  if (url === null) return defined({ host, port, database, user });
  return defined({
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? undefined : Number(url.port),
    database: decodeURIComponent(url.pathname.slice(1)) || undefined,
    user: decodeURIComponent(url.username) || undefined,
  });
}

function isOnThisMachine(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || host.startsWith('127.');
}
