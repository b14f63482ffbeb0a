import { lengthMs, otherProgram, type OtherProgram } from './other-program.ts';
import type { CollectorFile } from './schema/collector.ts';
import type { Fault, ReadSecret, YamlFile } from './yaml-file.ts';

/** The engine that answers PromQL instead of the history here; its `url` is without `/api/v1`. */
export interface QuerySettings extends OtherProgram {
  /** How long a sample that was taken by remote_write may not be readable yet. */
  readonly visibleAfterMs: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_VISIBLE_AFTER_MS = 2_000;
const LONGEST_VISIBLE_AFTER_MS = 60_000;

/** What `query:` of `collector.yaml` says; faults go to the list. */
export function querySettings(
  file: YamlFile<CollectorFile>,
  secret: ReadSecret,
  faults: Fault[],
): QuerySettings | undefined {
  const said = file.value?.query;
  if (said === undefined) return undefined;
  const faultAt = (field: string, message: string): Fault => file.faultAt(['query', field], message);
  const usual = { like: 'http://HOST:PORT', timeoutMs: DEFAULT_TIMEOUT_MS };
  const program = otherProgram(said, { secret, faultAt, faults }, usual);
  const visibleAfterMs = lengthMs(said.visible_after, DEFAULT_VISIBLE_AFTER_MS);
  if (visibleAfterMs > LONGEST_VISIBLE_AFTER_MS)
    faults.push(faultAt('visible_after', `${said.visible_after} is too long; the longest is 1m`));
  faults.push(...companyFaults(file));
  return { ...program, visibleAfterMs };
}

/** What may not be without it, and not beside it. */
function companyFaults(file: YamlFile<CollectorFile>): readonly Fault[] {
  const { remote_write: remoteWrite, history = 'off' } = file.value ?? {};
  const faults: Fault[] = [];
  if (remoteWrite === undefined)
    faults.push(file.faultAt(['query'], 'the engine needs remote_write, which brings it the samples'));
  if (history !== 'off')
    faults.push(
      file.faultAt(['history'], 'query names an engine that keeps history instead; take one of them out'),
    );
  return faults;
}
