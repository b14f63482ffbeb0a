import { messageOf } from '../../config/model/errors.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { Log } from '../../config/runtime/log.ts';
import { encodeWrite, type OutgoingSeries } from '../../config/wire/remote-write.ts';
import type { Sender } from '../../config/wire/sender.ts';
import type { Spool } from '../../config/runtime/spool.ts';

/** Passes on what the agent reads to its collector, in order, at least once. */
export interface Pusher {
  /** Whether polls are wanted whole: where nobody scrapes, and while the collector is away. */
  readonly wantsAll: boolean;
  /** News go at once, the rest with the next batch. */
  push(series: readonly OutgoingSeries[], isNews: boolean): void;
  figures(): PushFigures;
  /** Sends what it can within a moment; the rest stays on disk. */
  stop(): Promise<void>;
}

export interface PushFigures {
  readonly isAway: boolean;
  readonly queued: number;
  readonly sent: number;
  readonly refused: number;
  readonly failed: number;
  readonly spoolRecords: number;
  readonly spoolBytes: number;
  readonly spoolDropped: number;
}

export interface PusherDeps {
  readonly sender: Sender;
  /** Absent: where the agent has no folder, what cannot be sent is lost. */
  readonly spool: Spool | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Nobody may reach the agent: all polls are pushed. */
  readonly isOnlyPush: boolean;
  /** When the disk must have what was spooled. */
  readonly sync: 'always' | 'interval' | 'never';
}

/** News that come together go together. */
const NEWS_AFTER_MS = 20;
const BATCH_AFTER_MS = 1_000;
const SYNC_EVERY_MS = 1_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** Batches in memory while one is on its way; more go to disk. */
const MAX_QUEUED = 32;
/** Series in one request. */
const MAX_SERIES = 20_000;

/** What stands between a poll and the collector. */
interface Line {
  open: OutgoingSeries[];
  readonly queue: Uint8Array[];
  isSending: boolean;
  isAway: boolean;
  isStopped: boolean;
  retryAfterMs: number;
  cancelFlush: (() => void) | undefined;
  flushAtMs: number;
  cancelRetry: (() => void) | undefined;
  cancelSync: (() => void) | undefined;
  sent: number;
  refused: number;
  failed: number;
  lost: number;
}

export function createPusher(deps: PusherDeps): Pusher {
  const { spool, isOnlyPush } = deps;
  const line: Line = {
    open: [],
    queue: [],
    isSending: false,
    isAway: false,
    isStopped: false,
    retryAfterMs: FIRST_RETRY_MS,
    cancelFlush: undefined,
    flushAtMs: Number.POSITIVE_INFINITY,
    cancelRetry: undefined,
    cancelSync: undefined,
    sent: 0,
    refused: 0,
    failed: 0,
    lost: 0,
  };
  // What an earlier run left is sent first.
  if (spool !== undefined && spool.records > 0) void drain(line, deps);
  return {
    get wantsAll() {
      return isOnlyPush || line.isAway || (spool?.records ?? 0) > 0;
    },
    push(series, isNews) {
      line.open.push(...series);
      if (line.open.length >= MAX_SERIES) flush(line, deps);
      else planFlush(line, deps, isNews ? NEWS_AFTER_MS : BATCH_AFTER_MS);
    },
    figures: () => ({
      isAway: line.isAway,
      queued: line.queue.length,
      sent: line.sent,
      refused: line.refused,
      failed: line.failed,
      spoolRecords: spool?.records ?? 0,
      spoolBytes: spool?.bytes ?? 0,
      spoolDropped: (spool?.dropped ?? 0) + line.lost,
    }),
    async stop() {
      line.isStopped = true;
      for (const cancel of [line.cancelFlush, line.cancelRetry, line.cancelSync]) cancel?.();
      if (line.open.length > 0) keep(line, deps, encodeWrite(line.open));
      for (const body of line.queue.splice(0)) keep(line, deps, body);
      deps.sender.close();
      await spool?.sync().catch(() => undefined);
      spool?.close();
    },
  };
}

function planFlush(line: Line, deps: PusherDeps, afterMs: number): void {
  const atMs = deps.clock.nowMs() + afterMs;
  if (atMs >= line.flushAtMs) return;
  line.cancelFlush?.();
  line.flushAtMs = atMs;
  line.cancelFlush = deps.clock.after(afterMs, () => flush(line, deps));
}

/** Closes the open batch and sends it on its way. */
function flush(line: Line, deps: PusherDeps): void {
  line.cancelFlush?.();
  line.flushAtMs = Number.POSITIVE_INFINITY;
  const series = line.open;
  line.open = [];
  if (series.length === 0 || line.isStopped) return;
  const body = encodeWrite(series);
  // Behind what waits already: what comes later must not be sent before it.
  if (line.isAway || (deps.spool?.records ?? 0) > 0 || line.queue.length >= MAX_QUEUED)
    keep(line, deps, body);
  else line.queue.push(body);
  if (!line.isAway) void drain(line, deps);
}

/** Puts a batch on disk. */
function keep(line: Line, { spool, clock, log, sync }: PusherDeps, body: Uint8Array): void {
  if (spool === undefined) {
    line.lost += 1;
    return;
  }
  try {
    spool.append(body, clock.nowMs());
  } catch (error) {
    line.lost += 1;
    log.warn({ err: messageOf(error) }, 'what was read could not be kept on disk');
    return;
  }
  if (sync === 'never' || line.isStopped) return;
  const run = (): void => {
    line.cancelSync = undefined;
    spool.sync().catch((error: unknown) => log.warn({ err: messageOf(error) }, 'the disk failed to keep'));
  };
  if (sync === 'always') run();
  else line.cancelSync ??= clock.after(SYNC_EVERY_MS, run);
}

/** Sends one after the other, the oldest first, until there is nothing left or the collector takes nothing. */
async function drain(line: Line, deps: PusherDeps): Promise<void> {
  if (line.isSending) return;
  line.isSending = true;
  try {
    while (!line.isStopped && (await sendOldest(line, deps)));
  } catch (error) {
    leave(line, deps, messageOf(error));
  } finally {
    line.isSending = false;
  }
}

/** Whether there may be more to send. */
async function sendOldest(line: Line, deps: PusherDeps): Promise<boolean> {
  const { spool, clock, sender, log } = deps;
  // What is in the queue came before what is on disk.
  const [queued] = line.queue;
  const body = queued ?? spool?.first(clock.nowMs());
  if (body === undefined) return false;
  const verdict = await sender.send(body);
  if (verdict.kind === 'later') {
    leave(line, deps, verdict.message);
    return false;
  }
  if (verdict.kind === 'refused') {
    line.refused += 1;
    log.warn({ reason: verdict.message }, 'the collector refused what was pushed');
  } else line.sent += 1;
  comeBack(line, deps);
  if (queued === undefined) spool?.shift();
  else line.queue.shift();
  return true;
}

function comeBack(line: Line, { spool, log }: PusherDeps): void {
  if (line.isAway) log.info({ waiting: spool?.records ?? 0 }, 'the collector takes what is pushed again');
  line.isAway = false;
  line.retryAfterMs = FIRST_RETRY_MS;
}

/** The collector is away: what is in memory goes to disk, and it is asked again after a while. */
function leave(line: Line, deps: PusherDeps, message: string): void {
  line.failed += 1;
  if (line.isStopped) return;
  if (!line.isAway)
    deps.log.warn({ reason: message }, 'the collector takes nothing; what is read waits on disk');
  line.isAway = true;
  const waiting = line.queue.splice(0);
  // The queue is older than the disk only while the disk is empty, or holds what did not fit the queue.
  if ((deps.spool?.records ?? 0) === 0) for (const body of waiting) keep(line, deps, body);
  else line.queue.push(...waiting);
  line.cancelRetry?.();
  line.cancelRetry = deps.clock.after(line.retryAfterMs, () => void drain(line, deps));
  line.retryAfterMs = Math.min(line.retryAfterMs * 2, LONGEST_RETRY_MS);
}
