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
  const { url, token, ca_file: caFile, timeout, max_queue_megabytes: megabytes, labels = {} } = said;
  const faultAt = (field: string, message: string): Fault => file.faultAt(['remote_write', field], message);
  const timeoutMs = (timeout === undefined ? undefined : parseDurationMs(timeout)) ?? DEFAULT_TIMEOUT_MS;
  const address = URL.parse(url);
  if (address === null || !/^https?:$/.test(address.protocol))
    faults.push(faultAt('url', `${url} is no address of the web (http://HOST:PORT/api/v1/write)`));
  else if (address.username !== '' || address.password !== '')
    faults.push(faultAt('url', 'it holds a password; name a token instead'));
  if (timeoutMs < SHORTEST_TIMEOUT_MS)
    faults.push(faultAt('timeout', `${timeout} is too short; the shortest is ${SHORTEST_TIMEOUT_MS}ms`));
  const unread = caFile === undefined ? undefined : whyUnread(caFile);
  if (unread !== undefined) faults.push(faultAt('ca_file', unread));
  return defined({
    url,
    token: token === undefined ? undefined : secret(token, (message) => faultAt('token', message)),
    caFile,
    timeoutMs,
    maxQueueBytes: (megabytes ?? DEFAULT_QUEUE_MEGABYTES) * 1_000_000,
    labels,
  });
}

function whyUnread(file: string): string | undefined {
  try {
    readFileSync(file);
    return undefined;
  } catch (error) {
    return `the file ${file} cannot be read: ${messageOf(error)}`;
  }
}
