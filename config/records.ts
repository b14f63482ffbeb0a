import { defined } from './model/defined.ts';
import type { Secret, SecretReference } from './runtime/secret.ts';
import type { CollectorFile } from './schema/collector.ts';
import type { Fault, YamlFile } from './yaml-file.ts';

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
  readonly schema?: string;
}

/** Absent `postgres`: a file in the data folder. */
export interface RecordsSettings {
  readonly postgres?: PostgresSettings;
}

type PostgresFile = NonNullable<CollectorFile['records']>['postgres'];
type ReadSecret = (reference: SecretReference, faultOf: (message: string) => Fault) => Secret;

const DEFAULTS = { host: '127.0.0.1', port: 5432, database: 'watchkeeper', user: 'watchkeeper' };

/** What `records:` of `collector.yaml` says. */
export function recordsSettings(file: YamlFile<CollectorFile>, secret: ReadSecret): RecordsSettings {
  const postgres = file.value?.records?.postgres;
  if (postgres === undefined) return {};
  const { password, ca_file: caFile, schema } = postgres;
  const place = { ...DEFAULTS, ...placeOf(postgres) };
  return {
    postgres: defined({
      ...place,
      password:
        password === undefined
          ? undefined
          : secret(password, (message) => file.faultAt(['records', 'postgres', 'password'], message)),
      caFile,
      isTls: caFile !== undefined || !isOnThisMachine(place.host),
      schema,
    }),
  };
}

/** What the schema cannot see: an address that is none, one that holds the password, a place that is told twice. */
export function recordsFaults(file: YamlFile<CollectorFile>): readonly Fault[] {
  const postgres = file.value?.records?.postgres;
  if (postgres?.url === undefined) return [];
  const fault = urlFault(postgres.url) ?? toldTwice(postgres);
  return fault === undefined ? [] : [file.faultAt(['records', 'postgres', 'url'], fault)];
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
