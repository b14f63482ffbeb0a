import { join } from 'node:path';
import type { Config } from '../config/load.ts';
import type { Clock } from '../config/runtime/clock.ts';
import type { Log } from '../config/runtime/log.ts';
import type { OwnFigures } from './own-metrics.ts';
import { openElsewhere, type Elsewhere } from './promql/elsewhere/open.ts';
import { openHeadDisk, type HeadDisk } from './series/disk/head-disk.ts';
import { createHead, type Head } from './series/head.ts';
import { joinSeries, type JoinedSeries } from './series/history/joined.ts';
import { flushedTo, HISTORY_FOLDER, openHistory, type History } from './series/history/keep.ts';
import { openRemote, type Remote } from './series/remote/open.ts';
import type { SeriesWatcher } from './series/series.ts';

/** Where samples are kept: the last hours in memory and on disk, and history behind them. */
export interface Keeping {
  readonly head: Head;
  readonly disk: HeadDisk;
  /** Absent where it is off. */
  readonly history: History | undefined;
  /** Both as one. */
  readonly series: JoinedSeries;
  /** Who gets every sample as well, if anybody does. */
  readonly remote: Remote;
  /** Who answers PromQL instead of the history here; absent where it does itself. */
  readonly elsewhere: Elsewhere | undefined;
  /** Lets go of what is too old for memory. */
  dropOld(nowMs: number): void;
  faults(): readonly string[];
  figures(): OwnFigures['history'];
  stop(): Promise<void>;
}

export interface KeepingDeps {
  readonly config: () => Config;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly log: Log;
}

const REMOTE_FOLDER = 'remote-write';
/** Rules wait so long for the newest samples to be taken elsewhere. */
const DELIVERY_LIMIT_MS = 2_000;
/** As much as one query reads of history. */
const MAX_SAMPLES = 10_000_000;

/** Reads back what was known before the restart. */
export function openKeeping({ config, dataFolder, clock, log }: KeepingDeps): Keeping {
  const head = createHead();
  const nowMs = clock.nowMs();
  const { headRetentionMs, history: settings } = config().collector;
  // What is not in history yet is read back however old it is.
  const flushedToMs = settings === undefined ? undefined : flushedTo(dataFolder);
  const restoredFromMs = Math.min(nowMs - headRetentionMs, flushedToMs ?? Number.POSITIVE_INFINITY);
  let headFromMs = restoredFromMs;
  let history: History | undefined;
  let remote: Remote | undefined;
  const dropBeforeMs = (atMs: number): number =>
    history?.dropBeforeMs(atMs) ?? atMs - config().collector.headRetentionMs;
  const disk = openHeadDisk({
    head: watchedBy(head, (series, atMs) => {
      history?.late(series, atMs);
      remote?.late(series, atMs);
    }),
    folder: join(dataFolder, 'head'),
    log,
    nowMs,
    retentionMs: () =>
      history === undefined ? nowMs - restoredFromMs : clock.nowMs() - dropBeforeMs(clock.nowMs()),
  });
  // What could not be read back from the head may be in history.
  if (disk.restored.faults.length > 0) headFromMs = Math.max(headFromMs, flushedToMs ?? headFromMs);
  if (settings !== undefined) {
    history = openHistory({
      head,
      wasCut: !disk.restored.isWhole,
      folder: join(dataFolder, HISTORY_FOLDER),
      clock,
      log,
      settings: () => config().collector.history ?? settings,
      headRetentionMs: () => config().collector.headRetentionMs,
      outOfOrderMs: () => config().collector.outOfOrderMs,
    });
  }
  remote = remoteOf({ config, dataFolder, clock, log }, head);
  const elsewhere = elsewhereOf({ config, clock }, remote);
  const past = elsewhere?.past ?? history;
  const parts = { head, disk, history, remote, elsewhere };
  return {
    ...parts,
    series: joinSeries({ head, history: past, headFromMs: () => headFromMs, maxSamples: MAX_SAMPLES }),
    dropOld(atMs) {
      const beforeMs = dropBeforeMs(atMs);
      headFromMs = Math.max(headFromMs, beforeMs);
      head.dropBefore(beforeMs);
    },
    ...tellingOf(parts, clock),
    async stop() {
      elsewhere?.stop();
      await Promise.all([history?.stop(), remote.stop()]);
    },
  };
}

/** How they do. */
function tellingOf(
  { disk, history, remote, elsewhere }: Pick<Keeping, 'disk' | 'history' | 'remote' | 'elsewhere'>,
  clock: Clock,
): Pick<Keeping, 'faults' | 'figures'> {
  const parts = [disk, history, remote, elsewhere];
  return {
    faults: () => parts.flatMap((part) => part?.faults() ?? []),
    figures: () =>
      history && {
        state: history.state,
        faults: history.faults().length,
        behindMs: history.behindMs(clock.nowMs()),
      },
  };
}

/** As the settings were at the start. */
function elsewhereOf(
  { config, clock }: Pick<KeepingDeps, 'config' | 'clock'>,
  remote: Remote,
): Elsewhere | undefined {
  const { query: settings, remoteWrite } = config();
  if (settings === undefined) return undefined;
  return openElsewhere({
    settings,
    own: remoteWrite?.labels ?? {},
    memoryMs: () => config().collector.headRetentionMs,
    deliver: () => remote.deliver(DELIVERY_LIMIT_MS),
    clock,
  });
}

function remoteOf({ config, dataFolder, clock, log }: KeepingDeps, head: Head): Remote {
  const folder = join(dataFolder, REMOTE_FOLDER);
  return openRemote({ head, folder, clock, log, settings: () => config().remoteWrite });
}

/** The head, of which somebody else hears too what comes late. */
function watchedBy(head: Head, onLate: SeriesWatcher['late']): Pick<Head, keyof Head> {
  return {
    ...head,
    get isFull() {
      return head.isFull;
    },
    get size() {
      return head.size;
    },
    watch(watcher) {
      head.watch(
        watcher && {
          packed: (series, block) => watcher.packed(series, block),
          dropped: () => watcher.dropped(),
          late(series, atMs, value) {
            watcher.late(series, atMs, value);
            onLate(series, atMs, value);
          },
        },
      );
    },
  };
}
