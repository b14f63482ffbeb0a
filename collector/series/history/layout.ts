import { TIER_MS, type CoarseTier, type Tier } from '../../../config/model/tiers.ts';

export const DAY_MS = 86_400_000;

/** Of what is written now; a folder of a higher one is of a newer program. */
export const HISTORY_VERSION = 1;

/**
 * `part`: of one flush or one day. `late`: what came after its day was written, over what the others say. `whole`: a
 * day (raw) or a month (coarse) that is finished.
 */
export type FileKind = 'part' | 'late' | 'whole';

/** A finished Parquet file. Its rows are sorted by series and instant. */
export interface HistoryFile {
  /** Below the folder of history: `raw/2026-11-27.000012.part.parquet`. */
  readonly name: string;
  readonly tier: Tier;
  readonly kind: FileKind;
  /** Higher for what was written later: of two samples of one series and instant its own counts. */
  readonly seq: number;
  /** The first day (UTC) that it holds, and the instant after the last one. */
  readonly spanFromMs: number;
  readonly spanToMs: number;
  /** The oldest and the newest instant in it. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly firstSeries: number;
  readonly lastSeries: number;
  readonly rows: number;
  readonly bytes: number;
  readonly crc: number;
}

/** A file that cannot be read, and what is known of it. */
export interface SetAside {
  readonly name: string;
  readonly why: string;
  readonly atMs: number;
}

/** All that history knows of itself beside the samples and the names of series. */
export interface Manifest {
  readonly version: number;
  /** Every sample up to it is in the files; `undefined` before the first flush. */
  readonly flushedToMs?: number;
  readonly lastSeq: number;
  readonly files: readonly HistoryFile[];
  readonly aside: readonly SetAside[];
  /** For each day whose coarse lines are made: the highest `seq` of the raw files that they are made of. */
  readonly coarseDays: Readonly<Record<string, number>>;
  /** How many files went before their time, to make room. */
  readonly gaveWay: number;
}

export const EMPTY_MANIFEST: Manifest = {
  version: HISTORY_VERSION,
  lastSeq: 0,
  files: [],
  aside: [],
  coarseDays: {},
  gaveWay: 0,
};

/** The day (UTC) that an instant belongs to: midnight is the end of the day before, as lines end at their instant. */
export function dayOf(atMs: number): number {
  return Math.floor((atMs - 1) / DAY_MS) * DAY_MS;
}

/** The first day of the month of a day. */
export function monthOf(dayMs: number): number {
  const date = new Date(dayMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

/** The first day of the next month. */
export function monthEnd(dayMs: number): number {
  const date = new Date(dayMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

export function fileName(
  file: Pick<HistoryFile, 'tier' | 'kind' | 'seq' | 'spanFromMs' | 'spanToMs'>,
): string {
  const { tier, kind, seq, spanFromMs, spanToMs } = file;
  const day = new Date(spanFromMs).toISOString().slice(0, 10);
  const span = spanToMs - spanFromMs > DAY_MS ? day.slice(0, 7) : day;
  return `${tier}/${span}.${String(seq).padStart(6, '0')}.${kind}.parquet`;
}

/** A span of time in one detail; both ends count. */
export interface ReadSegment {
  readonly tier: Tier;
  readonly fromMs: number;
  readonly toMs: number;
  readonly files: readonly HistoryFile[];
}

const INSTEAD: Readonly<Record<Tier, readonly Tier[]>> = {
  raw: ['raw', '5m', '1h'],
  '5m': ['5m', 'raw', '1h'],
  '1h': ['1h', '5m', 'raw'],
};

/**
 * Which files answer a span in the wanted detail: day by day the best that is kept, the wanted one first. Days that
 * follow each other in one detail are read together.
 */
export function planRead(
  { files, coarseDays }: Pick<Manifest, 'files' | 'coarseDays'>,
  { fromMs, toMs, tier: wanted }: { readonly fromMs: number; readonly toMs: number; readonly tier: Tier },
): readonly ReadSegment[] {
  const near = files.filter((file) => file.toMs >= fromMs - TIER_MS[file.tier] && file.fromMs <= toMs);
  const days = new Map<Tier, Set<number>>();
  for (const file of near) {
    const own = days.get(file.tier) ?? new Set<number>();
    days.set(file.tier, own);
    for (let day = file.spanFromMs; day < file.spanToMs; day += DAY_MS) own.add(day);
  }
  const has = (tier: Tier, day: number): boolean =>
    days.get(tier)?.has(day) === true && (tier === 'raw' || coarseDays[day] !== undefined);
  const runs: { tier: Tier; fromMs: number; toMs: number }[] = [];
  const firstMs = Math.max(fromMs, Math.min(...near.map((file) => file.fromMs)));
  const lastMs = Math.min(toMs, Math.max(...near.map((file) => file.toMs)));
  for (let day = dayOf(firstMs); day < lastMs; day += DAY_MS) {
    const tier = INSTEAD[wanted].find((each) => has(each, day));
    if (tier === undefined) continue;
    const last = runs.at(-1);
    const end = Math.min(toMs, day + DAY_MS);
    if (last?.tier === tier && last.toMs >= day) last.toMs = end;
    else runs.push({ tier, fromMs: Math.max(fromMs, day + 1), toMs: end });
  }
  // The first line may stand for an instant after it.
  const [first] = runs;
  if (first !== undefined) first.fromMs -= TIER_MS[first.tier];
  return runs.map((run) => ({
    ...run,
    files: near
      .filter((file) => file.tier === run.tier && file.toMs >= run.fromMs && file.fromMs <= run.toMs)
      .sort((a, b) => a.spanFromMs - b.spanFromMs || a.seq - b.seq),
  }));
}

/** How far back the coarse lines of a read reach into it: up to there a value may be as old as its line is long. */
export function coarseReach(
  segments: readonly ReadSegment[],
): { readonly toMs: number; readonly resolutionMs: number } | undefined {
  const coarse = segments.filter(({ tier }) => tier !== 'raw');
  if (coarse.length === 0) return undefined;
  return {
    toMs: Math.max(...coarse.map(({ toMs }) => toMs)),
    resolutionMs: Math.max(...coarse.map(({ tier }) => TIER_MS[tier])),
  };
}

export const COARSE_TIERS: readonly CoarseTier[] = ['5m', '1h'];
