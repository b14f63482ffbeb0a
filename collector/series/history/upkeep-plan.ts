import type { HistorySettings } from '../../../config/history.ts';
import { TIERS, type CoarseTier } from '../../../config/model/tiers.ts';
import { COARSE_TIERS, DAY_MS, monthEnd, monthOf, type HistoryFile, type Manifest } from './layout.ts';

/** The next thing that history does with its files; one at a time, so that a crash costs one of them at most. */
export type UpkeepStep =
  /** Files whose time is over. */
  | { readonly kind: 'expire'; readonly files: readonly HistoryFile[] }
  /** Files that go before their time: there is no room. */
  | { readonly kind: 'give_way'; readonly files: readonly HistoryFile[]; readonly reason: 'disk' | 'bound' }
  /** The parts of a day or month into one file. */
  | {
      readonly kind: 'merge';
      readonly files: readonly HistoryFile[];
      readonly spanFromMs: number;
      readonly spanToMs: number;
    }
  /** The lines of 5 minutes and of hours of a day. */
  | { readonly kind: 'coarsen'; readonly dayMs: number; readonly files: readonly HistoryFile[] };

export interface Room {
  readonly freeBytes: number;
  readonly settings: HistorySettings;
  readonly nowMs: number;
  /** Nothing else is done now. */
  readonly isMakingRoom?: boolean;
}

/** So many second files of a day are read beside it; with one more they are made one. */
const MAX_LATE = 3;
/** The youngest raw days never give way: without them nobody can say what happened last night. */
const KEPT_DAYS = 2;
/** An hour after its end a day is finished: what spools bring mostly has come by then. */
const SETTLE_MS = 3_600_000;

export function nextStep(manifest: Manifest, room: Room): UpkeepStep | undefined {
  const making = expiry(manifest, room) ?? givingWay(manifest, room);
  if (making !== undefined || room.isMakingRoom === true) return making;
  return rawMerge(manifest, room) ?? coarsening(manifest) ?? monthMerge(manifest);
}

function expiry({ files }: Manifest, { settings, nowMs }: Room): UpkeepStep | undefined {
  const gone = files.filter(({ tier, spanToMs }) => spanToMs <= nowMs - settings.keepMs[tier]);
  return gone.length === 0 ? undefined : { kind: 'expire', files: gone };
}

/**
 * What gives way first: the oldest raw day whose coarse lines are there, then the oldest lines of 5 minutes, then those
 * of hours.
 */
function givingWay(manifest: Manifest, { freeBytes, settings, nowMs }: Room): UpkeepStep | undefined {
  const { files } = manifest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const isFull = freeBytes < settings.keepFreeBytes;
  if (!isFull && !(settings.maxBytes !== undefined && bytes > settings.maxBytes)) return undefined;
  for (const tier of TIERS) {
    const candidates = files.filter(
      (file) =>
        file.tier === tier &&
        file.spanToMs <= nowMs - KEPT_DAYS * DAY_MS &&
        (tier !== 'raw' || manifest.coarseDays[file.spanFromMs] !== undefined),
    );
    const oldestMs = Math.min(...candidates.map(({ spanFromMs }) => spanFromMs));
    const gone = candidates.filter(({ spanFromMs }) => spanFromMs === oldestMs);
    if (gone.length > 0) return { kind: 'give_way', files: gone, reason: isFull ? 'disk' : 'bound' };
  }
  return undefined;
}

function rawMerge({ files, flushedToMs = 0 }: Manifest, { nowMs }: Room): UpkeepStep | undefined {
  const raw = files.filter(({ tier }) => tier === 'raw');
  const unfinished = raw.filter(({ kind }) => kind !== 'whole').map(({ spanFromMs }) => spanFromMs);
  for (const dayMs of [...new Set(unfinished)].sort((a, b) => a - b)) {
    const own = raw.filter(({ spanFromMs }) => spanFromMs === dayMs);
    const isOver = flushedToMs >= dayMs + DAY_MS && nowMs >= dayMs + DAY_MS + SETTLE_MS;
    const late = own.filter(({ kind }) => kind === 'late').length;
    const isDue = own.some(({ kind }) => kind === 'part') || late > MAX_LATE;
    if (isOver && isDue) return { kind: 'merge', files: own, spanFromMs: dayMs, spanToMs: dayMs + DAY_MS };
  }
  return undefined;
}

/** Whether a raw file has something that the coarse lines of its day have not. */
function coarsening({ files, coarseDays }: Manifest): UpkeepStep | undefined {
  const raw = files.filter(({ tier }) => tier === 'raw');
  const days = new Set(raw.filter(({ kind }) => kind === 'whole').map(({ spanFromMs }) => spanFromMs));
  for (const dayMs of [...days].sort((a, b) => a - b)) {
    const own = raw.filter(({ spanFromMs }) => spanFromMs === dayMs);
    const newest = Math.max(...own.map(({ seq }) => seq));
    if ((coarseDays[dayMs] ?? -1) < newest) return { kind: 'coarsen', dayMs, files: own };
  }
  return undefined;
}

function monthMerge({ files, flushedToMs = 0, coarseDays }: Manifest): UpkeepStep | undefined {
  for (const tier of COARSE_TIERS) {
    const step = monthMergeOf({ tier, files, flushedToMs, coarseDays });
    if (step !== undefined) return step;
  }
  return undefined;
}

function monthMergeOf({
  tier,
  files,
  flushedToMs,
  coarseDays,
}: Pick<Manifest, 'files' | 'coarseDays'> & { tier: CoarseTier; flushedToMs: number }):
  | UpkeepStep
  | undefined {
  const own = files.filter((file) => file.tier === tier);
  const months = new Set(own.filter(({ kind }) => kind === 'part').map((file) => monthOf(file.spanFromMs)));
  // Days whose raw samples are not yet one file still add to their month.
  const open = files.filter(({ tier: each, kind }) => each === 'raw' && kind === 'part');
  for (const month of [...months].sort((a, b) => a - b)) {
    const end = monthEnd(month);
    const isOpen = open.some(({ spanFromMs }) => spanFromMs >= month && spanFromMs < end);
    const lastDay = coarseDays[end - DAY_MS] !== undefined || flushedToMs >= end + DAY_MS;
    const parts = own.filter(({ spanFromMs }) => spanFromMs >= month && spanFromMs < end);
    if (!isOpen && lastDay && flushedToMs >= end && parts.length > 1) {
      return { kind: 'merge', files: parts, spanFromMs: month, spanToMs: end };
    }
  }
  return undefined;
}
