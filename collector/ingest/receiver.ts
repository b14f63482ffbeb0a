import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import { formatLabels, type Labels } from '../../config/model/labels.ts';
import { isStale } from '../../config/model/sample.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import {
  decodeWrite,
  DEFAULT_WRITE_LIMITS,
  labelsOf,
  type IncomingSeries,
  type IncomingWrite,
  type WriteLimits,
} from '../../config/wire/remote-write.ts';
import type { Head } from '../series/head.ts';
import type { Series } from '../series/series.ts';

/** Who writes. */
export interface Writer {
  /** For the log; never its token. */
  readonly name: string;
  /** Set on each of its series in the place of its own: `job` and `instance` of an agent are what scraping it gives. */
  readonly labels?: Labels;
}

/** Takes what agents and other programs push by remote_write. */
export interface Receiver {
  /**
   * Takes one request. What can be taken is, whatever is wrong with the rest.
   * @throws {WatchkeeperError} `write_invalid`, `body_too_large`: it would be as wrong the next time.
   * `too_many_requests`: later it may be taken.
   */
  write(body: Uint8Array, writer: Writer): void;
  /**
   * Told, after each request, the labels of the series that got samples and the instant of the newest of those, until
   * the returned function is called.
   */
  onPush(listener: OnPush): () => void;
  /** Forgets the labels that nobody wrote since the call before the last: one that fills a gap leaves none behind. */
  forgetIdle(): void;
  readonly counters: Readonly<ReceiverCounters>;
}

export type OnPush = (pushed: readonly Labels[], newestAtMs: number) => void;

/** Since the start. */
export interface ReceiverCounters {
  requests: number;
  refusedRequests: number;
  samples: number;
  /** Of instants that the head had already. */
  duplicates: number;
  refusedSamples: number;
}

export interface ReceiverDeps {
  readonly head: Pick<Head, 'seriesOf' | 'isFull'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** How much older than the last sample of its series one may be. */
  readonly outOfOrderMs: () => number;
  readonly limits?: WriteLimits;
}

/** A sample dated further ahead would keep its series from taking others. */
const MAX_AHEAD_MS = 10 * 60_000;
/** So many sets of labels are remembered with their series; beyond them, those that are not written are forgotten. */
const MAX_KNOWN = 300_000;

/** What a request did, and the first thing that was wrong with it. */
interface Outcome {
  taken: number;
  newestTakenAtMs: number;
  duplicates: number;
  refused: number;
  fault: string | undefined;
  isFull: boolean;
}

export function createReceiver({
  head,
  clock,
  outOfOrderMs,
  limits = DEFAULT_WRITE_LIMITS,
}: ReceiverDeps): Receiver {
  const listeners = new Set<OnPush>();
  const counters: ReceiverCounters = {
    requests: 0,
    refusedRequests: 0,
    samples: 0,
    duplicates: 0,
    refusedSamples: 0,
  };
  const known = createKnownSeries(head, limits);

  const takeAll = (write: IncomingWrite, writer: Writer): Outcome => {
    const outcome: Outcome = {
      taken: 0,
      newestTakenAtMs: Number.NEGATIVE_INFINITY,
      duplicates: 0,
      refused: 0,
      fault: undefined,
      isFull: false,
    };
    const bounds = { newestMs: clock.nowMs() + MAX_AHEAD_MS, outOfOrderMs: outOfOrderMs() };
    const pushed: Labels[] = [];
    for (const each of write.series) {
      const series = known.seriesOf(each.key, writer);
      if (typeof series === 'string' || series === undefined) {
        outcome.refused += each.end - each.start;
        outcome.isFull ||= series === undefined;
        if (typeof series === 'string') outcome.fault ??= series;
      } else if (takeSamples(write, each, series, { bounds, outcome })) pushed.push(series.labels);
    }
    if (pushed.length > 0) for (const listener of listeners) listener(pushed, outcome.newestTakenAtMs);
    return outcome;
  };

  return {
    counters,
    onPush(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    forgetIdle: () => known.forgetIdle(),
    write(body, writer) {
      counters.requests += 1;
      try {
        const outcome = takeAll(decodeWrite(body, limits), writer);
        counters.samples += outcome.taken;
        counters.duplicates += outcome.duplicates;
        counters.refusedSamples += outcome.refused;
        refuseWhatIsLeft(outcome);
      } catch (error) {
        counters.refusedRequests += 1;
        throw error;
      }
    },
  };
}

function refuseWhatIsLeft({ taken, refused, fault, isFull }: Outcome): void {
  if (refused === 0) return;
  const counts = `${refused} samples were refused, ${taken} taken`;
  // The sender tries again, and by then old series may be gone.
  if (isFull) throw new WatchkeeperError('too_many_requests', `there are too many series; ${counts}`);
  throw new WatchkeeperError('write_invalid', `${fault ?? 'a sample cannot be taken'}; ${counts}`);
}

interface Taking {
  readonly bounds: { readonly newestMs: number; readonly outOfOrderMs: number };
  readonly outcome: Outcome;
}

/** Whether the series got a sample that it had not. */
function takeSamples(
  { timesMs, values }: IncomingWrite,
  { start, end }: IncomingSeries,
  series: Series,
  { bounds, outcome }: Taking,
): boolean {
  const before = outcome.taken;
  for (let index = start; index < end; index += 1) {
    const atMs = timesMs[index] ?? 0;
    const refusal = refusalOf(atMs, series, bounds);
    if (refusal !== undefined) {
      outcome.refused += 1;
      outcome.fault ??= `${formatLabels(series.labels)}: ${refusal}`;
    } else if (takeSample(series, atMs, values, index)) {
      outcome.taken += 1;
      outcome.newestTakenAtMs = Math.max(outcome.newestTakenAtMs, atMs);
    } else outcome.duplicates += 1;
  }
  return outcome.taken > before;
}

function takeSample(series: Series, atMs: number, values: Float64Array, index: number): boolean {
  if (isStale(values, index)) return series.end(atMs);
  const value = values[index] ?? Number.NaN;
  return series.append(atMs, value) || series.insert(atMs, value);
}

function refusalOf(
  atMs: number,
  { lastAtMs }: Series,
  { newestMs, outOfOrderMs }: Taking['bounds'],
): string | undefined {
  if (atMs > newestMs) return `a sample is dated ahead of the clock here (${new Date(atMs).toISOString()})`;
  if (atMs >= lastAtMs - outOfOrderMs) return undefined;
  return `a sample is more than ${outOfOrderMs / 1_000} s older than the last one`;
}

/** The series of the labels of requests, so that labels that were seen before are not read again. */
function createKnownSeries(head: Pick<Head, 'seriesOf'>, limits: WriteLimits) {
  let byWriter: ByWriter = new Map();
  /** Those that nobody wrote since `forgetIdle`. */
  let idle: ByWriter = new Map();
  let size = 0;
  const read = (key: string, own: Labels | undefined): Series | string | undefined => {
    const labels = labelsIn(key, limits);
    return typeof labels === 'string'
      ? labels
      : head.seriesOf(own === undefined ? labels : { ...labels, ...own });
  };
  const forgetIdle = (): void => {
    idle = byWriter;
    byWriter = new Map();
    size = 0;
  };
  const remember = (name: string, key: string, series: Series): void => {
    const own = byWriter.get(name) ?? new Map<string, Series>();
    byWriter.set(name, own.set(key, series));
    size += 1;
  };
  return {
    /** In words what is wrong with the labels; `undefined` when the head takes no more. */
    seriesOf(key: string, { name, labels }: Writer): Series | string | undefined {
      const series = byWriter.get(name)?.get(key);
      if (series?.isGone === false) return series;
      if (size >= MAX_KNOWN) forgetIdle();
      const before = idle.get(name)?.get(key);
      const found = before?.isGone === false ? before : read(key, labels);
      if (found === undefined || typeof found === 'string') return found;
      remember(name, key, found);
      return found;
    },
    forgetIdle,
  };
}

type ByWriter = Map<string, Map<string, Series>>;

function labelsIn(key: string, limits: WriteLimits): Labels | string {
  try {
    return labelsOf(key, limits);
  } catch (error) {
    return messageOf(error);
  }
}
