import { defined } from '../../../config/model/defined.ts';
import { messageOf } from '../../../config/model/errors.ts';
import type { RemoteWriteSettings } from '../../../config/remote-write.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { every } from '../../../config/runtime/every.ts';
import type { Log } from '../../../config/runtime/log.ts';
import { openSpool, type Spool } from '../../../config/runtime/spool.ts';
import { connectTo } from '../../../config/wire/connection.ts';
import { encodeWrite } from '../../../config/wire/remote-write.ts';
import { createSender, type Sender } from '../../../config/wire/sender.ts';
import type { Head } from '../head.ts';
import type { Series } from '../series.ts';
import { RemoteGatherer, type Batch } from './gather.ts';

/** Sends every sample to a receiver of remote_write, in order; what it does not take waits on disk. */
export interface RemoteWriter {
  /** A sample has taken its place among older ones. */
  late(series: Series, atMs: number): void;
  /** Puts onto the queue what came since for the time of which all was gathered: a restart would take it for gathered. */
  gatherLate(): Promise<void>;
  /** Sends at once all that is in the head; whether the receiver has it all within so long. */
  deliver(limitMs: number): Promise<boolean>;
  figures(): RemoteFigures;
  /** What is lost, or is about to be, in words. */
  faults(): readonly string[];
  /** What is still to be sent is on disk then. */
  stop(): Promise<void>;
}

export interface RemoteFigures {
  readonly queueBytes: number;
  readonly maxQueueBytes: number;
  /** Requests: taken, lost, and tried in vain. */
  readonly sent: number;
  readonly dropped: number;
  readonly failed: number;
  /** The age of the oldest that waits; 0 where nothing does. */
  readonly behindSeconds: number;
}

export interface RemoteWriterDeps {
  readonly head: Head;
  readonly settings: RemoteWriteSettings;
  /** Of the queue; made if it is not there. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
}

const GATHER_EVERY_MS = 5_000;
/**
 * Samples are gathered so long after their instant: a scrape is over by then, and a restart knows by one instant what was gathered. What
 * is pushed later than that is gathered before the head writes it to disk (`gatherLate`), so that no crash leaves it there alone.
 */
const LAG_MS = 5_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** A receiver may start anew without anybody being told. */
const AWAY_TOLD_AFTER_MS = 120_000;
const DROPS_TOLD_FOR_MS = 3_600_000;
const MAX_SEGMENT_BYTES = 4 << 20;

/** Whether the receiver takes what is sent. */
type Way =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'away';
      readonly sinceMs: number;
      readonly retryAfterMs: number;
      readonly reason: string;
    };

interface Line {
  way: Way;
  isStopped: boolean;
  draining: Promise<void> | undefined;
  cancelRetry: (() => void) | undefined;
  /** The oldest record may have been taken without an answer: then it is refused as known, and nothing is lost. */
  mayBeKnown: boolean;
  sent: number;
  failed: number;
  refused: number;
  lastDrop: { readonly atMs: number; readonly reason: string } | undefined;
  diskFault: string | undefined;
}

interface Parts extends Pick<RemoteWriterDeps, 'clock' | 'log'> {
  readonly spool: Spool;
  readonly sender: Sender;
  readonly gatherer: RemoteGatherer;
}

/** @throws {Error} when the folder of the queue cannot be written, or the certificate cannot be read. */
export function startRemoteWriter(deps: RemoteWriterDeps): RemoteWriter {
  const { head, settings, folder, clock, log } = deps;
  const { url, token, caFile, timeoutMs, maxQueueBytes, labels } = settings;
  const connection = { ...connectTo(defined({ url, caFile })), deadlineMs: timeoutMs };
  const { pathname, search } = new URL(url);
  const sender = createSender({ connection, path: pathname + search, credential: async () => token });
  const spool = openSpool({
    folder,
    maxBytes: maxQueueBytes,
    maxAgeMs: Number.POSITIVE_INFINITY,
    segmentBytes: Math.min(MAX_SEGMENT_BYTES, maxQueueBytes / 8),
    keepsPlace: true,
  });
  const gatheredToMs = Number.isFinite(spool.newestMs) ? spool.newestMs : undefined;
  const gatherer = new RemoteGatherer({ head, gatheredToMs, labels });
  const line = newLine();
  const parts = { clock, log, spool, sender, gatherer };
  const gathered = gathering(line, parts, gatheredToMs ?? clock.nowMs());
  const onError = (err: unknown): void => log.error({ err }, 'remote_write failed');
  const loop = every(clock, { intervalMs: GATHER_EVERY_MS, onError }, async (slotMs) => {
    await gathered.to(slotMs - LAG_MS, slotMs - LAG_MS);
    if (line.way.kind === 'open') drain(line, parts);
  });
  if (spool.records > 0) drain(line, parts);
  return {
    late: (series, atMs) => gatherer.late(series, atMs),
    gatherLate: () => gathered.again(),
    async deliver(limitMs) {
      if (line.isStopped || line.way.kind === 'away') return false;
      // What is pushed may be of a clock that is ahead.
      if (!(await gathered.to(Number.POSITIVE_INFINITY, clock.nowMs()))) return false;
      drain(line, parts);
      return isDrained(line, clock, limitMs);
    },
    figures: () => ({
      queueBytes: spool.bytes,
      maxQueueBytes,
      sent: line.sent,
      dropped: droppedBy(line, parts),
      failed: line.failed,
      behindSeconds: Math.max(0, (clock.nowMs() - (spool.oldestMs ?? clock.nowMs())) / 1_000),
    }),
    faults: () => faultsOf(line, clock.nowMs(), droppedBy(line, parts)),
    async stop() {
      await loop.stop();
      line.isStopped = true;
      line.cancelRetry?.();
      sender.close();
      await line.draining;
      await gathered.to(Number.POSITIVE_INFINITY, clock.nowMs());
      spool.close();
    },
  };
}

/** Gathers one time after the other: each goes on where the one before has come to. */
function gathering(line: Line, parts: Parts, startMs: number) {
  let toMs = startMs;
  let last: Promise<unknown> = Promise.resolve();
  const gatherTo = async (nextMs: number, markMs: number): Promise<boolean> => {
    const marks = { beforeMs: toMs, afterMs: Math.max(toMs, markMs) };
    const isKept = await gather(line, parts, nextMs, marks);
    if (isKept) toMs = marks.afterMs;
    return isKept;
  };
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const own = last.then(work);
    last = own;
    return own;
  };
  return {
    to: (nextMs: number, markMs: number) => inTurn(() => gatherTo(nextMs, markMs)),
    /** What there is by now of the time up to the mark. */
    again: () =>
      inTurn(async () => {
        await gatherTo(toMs, toMs);
      }),
  };
}

function newLine(): Line {
  return {
    way: { kind: 'open' },
    isStopped: false,
    draining: undefined,
    cancelRetry: undefined,
    mayBeKnown: true,
    sent: 0,
    failed: 0,
    refused: 0,
    lastDrop: undefined,
    diskFault: undefined,
  };
}

function droppedBy(line: Line, { spool, gatherer }: Parts): number {
  return line.refused + spool.dropped + gatherer.lateLost;
}

function faultsOf({ way, lastDrop, diskFault }: Line, nowMs: number, dropped: number): readonly string[] {
  const faults: string[] = [];
  if (diskFault !== undefined) faults.push(`remote_write cannot keep its queue on disk: ${diskFault}`);
  if (way.kind === 'away' && nowMs - way.sinceMs >= AWAY_TOLD_AFTER_MS)
    faults.push(`remote_write waits, its receiver takes nothing: ${way.reason}`);
  if (lastDrop !== undefined && nowMs - lastDrop.atMs < DROPS_TOLD_FOR_MS)
    faults.push(`remote_write has lost ${dropped} requests since the start: ${lastDrop.reason}`);
  return faults;
}

interface Marks {
  /** Up to where all was gathered before, and is when the last batch is kept. */
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** Puts what is new up to the instant onto the queue; whether all of it is there. */
async function gather(
  line: Line,
  parts: Parts,
  toMs: number,
  { beforeMs, afterMs }: Marks,
): Promise<boolean> {
  const waiting: { batch: Batch; body: Uint8Array }[] = [];
  try {
    for (const batch of parts.gatherer.batches(toMs)) {
      waiting.push({ batch, body: encodeWrite(batch.series) });
      // Only the last carries the new mark: it says that all before is there.
      if (waiting.length > 1) await keepFirst(line, parts, waiting, beforeMs);
    }
    if (waiting.length > 0) await keepFirst(line, parts, waiting, afterMs);
    line.diskFault = undefined;
    return true;
  } catch (error) {
    // The newest first: of a series that is in two, the older mark counts.
    for (const { batch } of waiting.reverse()) batch.undo();
    const reason = messageOf(error);
    if (line.diskFault === undefined)
      parts.log.error({ reason }, 'remote_write cannot keep its queue on disk');
    line.diskFault = reason;
    return false;
  }
}

async function keepFirst(
  line: Line,
  { spool, clock, log }: Parts,
  waiting: { batch: Batch; body: Uint8Array }[],
  markMs: number,
): Promise<void> {
  const [first] = waiting;
  if (first === undefined) return;
  const { dropped } = spool;
  spool.append(first.body, markMs);
  waiting.shift();
  if (spool.dropped > dropped) {
    const reason = 'the queue is full, the oldest went';
    line.lastDrop = { atMs: clock.nowMs(), reason };
    log.warn({ requests: spool.dropped - dropped }, 'the queue of remote_write is full; the oldest went');
  }
  await spool.sync();
}

/** Sends one after the other, the oldest first, until there is nothing left or the receiver takes nothing. */
function drain(line: Line, parts: Parts): void {
  const run = async (): Promise<void> => {
    try {
      while (!line.isStopped && (await sendOldest(line, parts)));
    } catch (error) {
      leave(line, parts, messageOf(error));
    } finally {
      line.draining = undefined;
    }
  };
  line.draining ??= run();
}

/** Waits until nothing is left to send, or the receiver takes nothing; whether it was the first, in so long. */
function isDrained(line: Line, clock: Clock, limitMs: number): Promise<boolean> {
  return new Promise((done) => {
    const cancel = clock.after(limitMs, () => done(false));
    void Promise.resolve(line.draining).then(() => {
      cancel();
      done(line.way.kind === 'open' && !line.isStopped);
    });
  });
}

/** Whether there may be more to send. */
async function sendOldest(line: Line, parts: Parts): Promise<boolean> {
  const { spool, sender, clock, log } = parts;
  const body = spool.first(clock.nowMs());
  if (body === undefined) return false;
  const verdict = await sender.send(body);
  if (verdict.kind === 'later') {
    if (!verdict.isAnswered) line.mayBeKnown = true;
    leave(line, parts, verdict.message);
    return false;
  }
  if (verdict.kind === 'taken') line.sent += 1;
  else if (line.mayBeKnown) log.info({ reason: verdict.message }, 'a request was refused that may be known');
  else {
    line.refused += 1;
    line.lastDrop = { atMs: clock.nowMs(), reason: verdict.message };
    log.warn({ reason: verdict.message }, 'the receiver of remote_write refused a request');
  }
  if (line.way.kind === 'away') log.info({ waiting: spool.records }, 'remote_write is taken again');
  line.way = { kind: 'open' };
  line.mayBeKnown = false;
  spool.shift();
  return true;
}

/** The receiver is asked again after a while, each time a longer one. */
function leave(line: Line, { clock, log, ...parts }: Parts, reason: string): void {
  if (line.isStopped) return;
  line.failed += 1;
  const { way } = line;
  const retryAfterMs =
    way.kind === 'open' ? FIRST_RETRY_MS : Math.min(way.retryAfterMs * 2, LONGEST_RETRY_MS);
  if (way.kind === 'open') log.warn({ reason }, 'the receiver of remote_write takes nothing; samples wait');
  line.way = {
    kind: 'away',
    sinceMs: way.kind === 'away' ? way.sinceMs : clock.nowMs(),
    retryAfterMs,
    reason,
  };
  line.cancelRetry = clock.after(retryAfterMs, () => drain(line, { ...parts, clock, log }));
}
