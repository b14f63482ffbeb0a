import { readFileSync } from 'node:fs';
import { messageOf } from './model/errors.ts';
import { defined } from './model/defined.ts';
import { parseDurationMs } from './model/duration.ts';
import { Secret, type SecretReference } from './runtime/secret.ts';
import type { CollectorFile } from './schema/collector.ts';
import type { ScrapeJobs } from './schema/scrape.ts';
import type { Fault, ReadSecret, YamlFile } from './yaml-file.ts';

/** A page to scrape that `collector.yaml` names. */
export interface ScrapePage {
  readonly job: string;
  readonly instance: string;
  readonly url: string;
  /** Absent: that of the collector. */
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
  /** On all its series, beside `job` and `instance`. */
  readonly labels: Readonly<Record<string, string>>;
  /** The value of the header `Authorization`. */
  readonly authorization?: Secret;
  readonly tls?: { readonly ca?: string; readonly isUnchecked: boolean };
  readonly honorsLabels: boolean;
  readonly honorsTimes: boolean;
  /** Each is the scraper's own when absent. */
  readonly limits: {
    readonly maxBytes?: number;
    readonly maxSamples?: number;
    readonly maxLabels?: number;
    readonly maxLabelChars?: number;
  };
}

type Job = ScrapeJobs[number];

/** What `scrape:` of `collector.yaml` says; faults go to the list. */
export function scrapePages(
  file: YamlFile<CollectorFile>,
  secret: ReadSecret,
  faults: Fault[],
): readonly ScrapePage[] {
  const jobs = file.value?.scrape ?? [];
  return jobs.flatMap((job, index) => {
    const faultAt = (field: string, message: string): Fault =>
      file.faultAt(['scrape', index, field], message);
    faults.push(...jobFaults(job, jobs.slice(0, index), faultAt));
    const authorization = authorizationOf(job, (reference, field) =>
      secret(reference, (message) => faultAt(field, message)),
    );
    const tls = tlsOf(job, (message) => void faults.push(faultAt('ca_file', message)));
    return job.targets.flatMap((target) => pageOf(job, target, defined({ authorization, tls })));
  });
}

function jobFaults(
  { job, targets, scheme = 'http', interval, timeout, basic, bearer }: Job,
  before: readonly Job[],
  faultAt: (field: string, message: string) => Fault,
): readonly Fault[] {
  const intervalMs = durationMs(interval);
  const timeoutMs = durationMs(timeout);
  const checks: readonly (readonly [boolean, string, string])[] = [
    [job === 'agent' || job === 'collector', 'job', `${job} is the job of this program's own series`],
    [before.some((other) => other.job === job), 'job', `another job is called ${job}`],
    [new Set(targets).size < targets.length, 'targets', 'a target is there twice'],
    [targets.some((target) => !isAddress(target, scheme)), 'targets', 'a target is HOST:PORT'],
    [intervalMs !== undefined && intervalMs < 100, 'interval', 'the shortest interval is 100ms'],
    [
      timeoutMs !== undefined && intervalMs !== undefined && timeoutMs > intervalMs,
      'timeout',
      'it is longer than the interval',
    ],
    [basic !== undefined && bearer !== undefined, 'bearer', 'it says basic as well; leave one of the two'],
  ];
  return checks.filter(([isWrong]) => isWrong).map(([, field, message]) => faultAt(field, message));
}

function isAddress(target: string, scheme: string): boolean {
  const url = URL.parse(`${scheme}://${target}/`);
  return url !== null && url.pathname === '/' && url.username === '' && !/[/?#]/.test(target);
}

function authorizationOf(
  { basic, bearer }: Job,
  secret: (reference: SecretReference, field: string) => Secret,
): Secret | undefined {
  if (bearer !== undefined) return new Secret(`Bearer ${secret(bearer, 'bearer').reveal()}`);
  if (basic === undefined) return undefined;
  const pair = `${basic.user}:${secret(basic.password, 'basic').reveal()}`;
  return new Secret(`Basic ${Buffer.from(pair).toString('base64')}`);
}

function tlsOf(
  { ca_file: caFile, insecure_skip_verify: isUnchecked = false }: Job,
  tell: (message: string) => void,
): ScrapePage['tls'] {
  if (caFile === undefined) return isUnchecked ? { isUnchecked } : undefined;
  try {
    return { ca: readFileSync(caFile, 'utf8'), isUnchecked };
  } catch (error) {
    tell(`the file ${caFile} cannot be read: ${messageOf(error)}`);
    return undefined;
  }
}

function pageOf(
  job: Job,
  target: string,
  access: Pick<ScrapePage, 'authorization' | 'tls'>,
): readonly ScrapePage[] {
  const { scheme = 'http', path = '/metrics', params = {} } = job;
  const url = URL.parse(`${scheme}://${target}${path}`);
  if (url === null) return [];
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  return [
    defined({
      job: job.job,
      instance: target,
      url: url.href,
      intervalMs: durationMs(job.interval),
      timeoutMs: durationMs(job.timeout),
      labels: job.labels ?? {},
      ...access,
      honorsLabels: job.honor_labels ?? false,
      honorsTimes: job.honor_timestamps ?? true,
      limits: defined({
        maxBytes: job.body_size_limit,
        maxSamples: job.sample_limit,
        maxLabels: job.label_limit,
        maxLabelChars: job.label_length_limit,
      }),
    }),
  ];
}

function durationMs(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDurationMs(text);
}
