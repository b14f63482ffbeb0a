import { defined } from './model/defined.ts';
import { parseDurationMs } from './model/duration.ts';
import type { Secret, SecretReference } from './runtime/secret.ts';
import type { CollectorFile } from './schema/collector.ts';
import type { QueryFile } from './schema/query.ts';
import { urlFault, whyUnread } from './remote-write.ts';
import type { Fault, YamlFile } from './yaml-file.ts';

/** The engine that answers PromQL instead of the history here. */
export interface QuerySettings {
  /** Without `/api/v1`. */
  readonly url: string;
  readonly token?: Secret;
  readonly caFile?: string;
  readonly timeoutMs: number;
  /** How long a sample that was taken by remote_write may not be readable yet. */
  readonly visibleAfterMs: number;
}

type ReadSecret = (reference: SecretReference, faultOf: (message: string) => Fault) => Secret;

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_VISIBLE_AFTER_MS = 2_000;
const SHORTEST_TIMEOUT_MS = 100;
const LONGEST_VISIBLE_AFTER_MS = 60_000;

/** What `query:` of `collector.yaml` says; faults go to the list. */
export function querySettings(
  file: YamlFile<CollectorFile>,
  secret: ReadSecret,
  faults: Fault[],
): QuerySettings | undefined {
  const said = file.value?.query;
  if (said === undefined) return undefined;
  const { url, token, ca_file: caFile } = said;
  const faultAt = (field: string, message: string): Fault => file.faultAt(['query', field], message);
  const lengths = {
    timeoutMs: lengthMs(said.timeout, DEFAULT_TIMEOUT_MS),
    visibleAfterMs: lengthMs(said.visible_after, DEFAULT_VISIBLE_AFTER_MS),
  };
  for (const [field, message] of wrongIn(said, lengths))
    if (message !== undefined) faults.push(faultAt(field, message));
  faults.push(...companyFaults(file));
  return defined({
    url,
    token: token === undefined ? undefined : secret(token, (message) => faultAt('token', message)),
    caFile,
    ...lengths,
  });
}

function wrongIn(
  { url, timeout, visible_after: visibleAfter, ca_file: caFile }: QueryFile,
  { timeoutMs, visibleAfterMs }: Pick<QuerySettings, 'timeoutMs' | 'visibleAfterMs'>,
): readonly (readonly [field: string, message: string | undefined])[] {
  const isShort = timeoutMs < SHORTEST_TIMEOUT_MS;
  const isLong = visibleAfterMs > LONGEST_VISIBLE_AFTER_MS;
  return [
    ['url', urlFault(url, 'http://HOST:PORT')],
    ['timeout', isShort ? `${timeout} is too short; the shortest is 100ms` : undefined],
    ['visible_after', isLong ? `${visibleAfter} is too long; the longest is 1m` : undefined],
    ['ca_file', caFile === undefined ? undefined : whyUnread(caFile)],
  ];
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

function lengthMs(text: string | undefined, otherwiseMs: number): number {
  return (text === undefined ? undefined : parseDurationMs(text)) ?? otherwiseMs;
}
