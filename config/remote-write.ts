import { otherProgram, type OtherProgram } from './other-program.ts';
import type { CollectorFile } from './schema/collector.ts';
import type { Fault, ReadSecret, YamlFile } from './yaml-file.ts';

/** Who gets every sample as well. */
export interface RemoteWriteSettings extends OtherProgram {
  /** What waits on disk, at most. */
  readonly maxQueueBytes: number;
  /** On every series that has no such label. */
  readonly labels: Readonly<Record<string, string>>;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_QUEUE_MEGABYTES = 1_024;

/** What `remote_write:` of `collector.yaml` says; faults go to the list. */
export function remoteWriteSettings(
  file: YamlFile<CollectorFile>,
  secret: ReadSecret,
  faults: Fault[],
): RemoteWriteSettings | undefined {
  const said = file.value?.remote_write;
  if (said === undefined) return undefined;
  const faultAt = (field: string, message: string): Fault => file.faultAt(['remote_write', field], message);
  const usual = { like: 'http://HOST:PORT/api/v1/write', timeoutMs: DEFAULT_TIMEOUT_MS };
  return {
    ...otherProgram(said, { secret, faultAt, faults }, usual),
    maxQueueBytes: (said.max_queue_megabytes ?? DEFAULT_QUEUE_MEGABYTES) * 1_000_000,
    labels: said.labels ?? {},
  };
}
