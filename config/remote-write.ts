import { readFileSync } from 'node:fs';
import { defined } from './model/defined.ts';
import { parseDurationMs } from './model/duration.ts';
import { messageOf } from './model/errors.ts';
import type { Secret, SecretReference } from './runtime/secret.ts';
import type { CollectorFile } from './schema/collector.ts';
import type { Fault, YamlFile } from './yaml-file.ts';

/** Who gets every sample as well. */
export interface RemoteWriteSettings {
  readonly url: string;
  readonly token?: Secret;
  readonly caFile?: string;
  readonly timeoutMs: number;
  /** What waits on disk, at most. */
  readonly maxQueueBytes: number;
  /** On every series that has no such label. */
  readonly labels: Readonly<Record<string, string>>;
}

type ReadSecret = (reference: SecretReference, faultOf: (message: string) => Fault) => Secret;

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_QUEUE_MEGABYTES = 1_024;
const SHORTEST_TIMEOUT_MS = 100;

/** What `remote_write:` of `collector.yaml` says; faults go to the list. */
export function remoteWriteSettings(
  file: YamlFile<CollectorFile>,
  secret: ReadSecret,
  faults: Fault[],
): RemoteWriteSettings | undefined {
  const said = file.value?.remote_write;
  if (said === undefined) return undefined;
  const {
    url,
    token,
    ca_file: caFile,
    timeout,
    max_queue_megabytes: megabytes = DEFAULT_QUEUE_MEGABYTES,
  } = said;
  const faultAt = (field: string, message: string): Fault => file.faultAt(['remote_write', field], message);
  const timeoutMs = timeoutOf(timeout);
  const wrong: readonly (readonly [field: string, message: string | undefined])[] = [
    ['url', urlFault(url)],
    [
      'timeout',
      timeoutMs < SHORTEST_TIMEOUT_MS ? `${timeout} is too short; the shortest is 100ms` : undefined,
    ],
    ['ca_file', caFile === undefined ? undefined : whyUnread(caFile)],
  ];
  for (const [field, message] of wrong) if (message !== undefined) faults.push(faultAt(field, message));
  return defined({
    url,
    token: token === undefined ? undefined : secret(token, (message) => faultAt('token', message)),
    caFile,
    timeoutMs,
    maxQueueBytes: megabytes * 1_000_000,
    labels: said.labels ?? {},
  });
}

function timeoutOf(text: string | undefined): number {
  return (text === undefined ? undefined : parseDurationMs(text)) ?? DEFAULT_TIMEOUT_MS;
}

/** What is wrong with the address of another program; `like` shows a right one. */
export function urlFault(url: string, like = 'http://HOST:PORT/api/v1/write'): string | undefined {
  const address = URL.parse(url);
  if (address === null || !/^https?:$/.test(address.protocol))
    return `${url} is no address of the web (${like})`;
  if (address.username === '' && address.password === '') return undefined;
  return 'it holds a password; name a token instead';
}

/** Why a file cannot be read; `undefined` when it can. */
export function whyUnread(file: string): string | undefined {
  try {
    readFileSync(file);
    return undefined;
  } catch (error) {
    return `the file ${file} cannot be read: ${messageOf(error)}`;
  }
}
