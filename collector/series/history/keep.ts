import { join } from 'node:path';
import type { HistorySettings } from '../../../config/history.ts';
import { messageOf, WatchkeeperError } from '../../../config/model/errors.ts';
import { labelsKey, type Labels } from '../../../config/model/labels.ts';
import type { Matcher } from '../../../config/model/series.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import { every } from '../../../config/runtime/every.ts';
import type { Log } from '../../../config/runtime/log.ts';
import type { Head } from '../head.ts';
import type { Series } from '../series.ts';
import { Flusher } from './flusher.ts';
import { createHistoryLink, type HistoryLink } from './link.ts';
import { readManifest } from './manifest.ts';
import type { HistoryState, ReadPart } from './messages.ts';
import type { HistoryAnswer, HistoryAsk, HistoryLines } from './store.ts';

/** What is kept behind the head, as the collector uses it. */
export interface History {
  /** Everything up to it is in history; `undefined` before the first write. */
  readonly flushedToMs: number | undefined;
  /** How history stood when it was last asked; `undefined` before. */
  readonly state: HistoryState | undefined;
  faults(): readonly string[];
  /** How much of what is due is not written. */
  behindMs(nowMs: number): number;
  /** Before that the head need not keep anything. */
  dropBeforeMs(nowMs: number): number;
  /** A sample came that belongs to what is written already. */
  late(series: Series, atMs: number): void;
  read(ask: HistoryAsk): Promise<HistoryAnswer>;
  /** The labels of every series that all matchers accept and that may have samples in the span. */
  names(matchers: readonly Matcher[], fromMs: number, toMs: number): Promise<readonly Labels[]>;
  labelNames(): Promise<readonly string[]>;
  labelValues(name: string): Promise<readonly string[]>;
  /** How many samples each series has in a span. */
  counts(fromMs: number, toMs: number): Promise<readonly SeriesCount[]>;
  /** Writes what is due, and does what the files need. A failure is a fault, never thrown. */
  work(nowMs: number): Promise<void>;
  stop(): Promise<void>;
}

export interface SeriesCount {
  readonly labels: Labels;
  readonly samples: number;
}

export interface HistoryDeps {
  readonly head: Pick<Head, 'all'>;
  /** The head was not closed in order: what came late may not have been written. */
  readonly wasCut: boolean;
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: () => HistorySettings;
  readonly headRetentionMs: () => number;
  /** What may still come for the time before. */
  readonly outOfOrderMs: () => number;
}

export const HISTORY_FOLDER = 'history';
/** What comes a little later than it may is waited for. */
const GRACE_MS = 60_000;
const WORK_EACH_MS = 60_000;
const IDLE_MS = 5 * 60_000;
/** While nothing can be written the head keeps more, up to so many times what it should; then the oldest is lost. */
const MAX_HEAD_TIMES = 4;
/** Steps of one turn: after a long time away there may be many. */
const MAX_STEPS = 100;

/** @returns everything up to the instant is in the history of this data folder; `undefined` where there is none. */
export function flushedTo(dataFolder: string): number | undefined {
  return readManifest(join(dataFolder, HISTORY_FOLDER)).manifest.flushedToMs;
}

/** The end of what is due to be written; what is younger may still change. */
export function dueTo(nowMs: number, { writeIntervalMs }: HistorySettings, outOfOrderMs: number): number {
  return Math.floor((nowMs - outOfOrderMs - GRACE_MS) / writeIntervalMs) * writeIntervalMs;
}

/** @throws {WatchkeeperError} `data_folder_unusable` when a newer program wrote the folder. */
export function openHistory(deps: HistoryDeps): History {
  const { manifest, faults } = readManifest(deps.folder);
  return new Keeper(deps, manifest.flushedToMs, [
    ...faults,
    ...manifest.aside.map(({ name, why }) => `history: ${name} ${why}; it was set aside`),
  ]);
}

class Keeper implements History {
  flushedToMs: number | undefined;
  state: HistoryState | undefined;
  readonly #deps: HistoryDeps;
  readonly #link: HistoryLink;
  readonly #flusher: Flusher;
  readonly #loop: ReturnType<typeof every>;
  #read: readonly string[];
  #fault: string | undefined;
  #isReconciled: boolean;
  #working: Promise<void> | undefined;
  #overToMs: number | undefined;
  #isStopping = false;

  constructor(deps: HistoryDeps, flushedToMs: number | undefined, faults: readonly string[]) {
    this.#deps = deps;
    this.flushedToMs = flushedToMs;
    this.#read = faults;
    this.#isReconciled = !deps.wasCut;
    this.#link = createHistoryLink({
      folder: deps.folder,
      idleMs: IDLE_MS,
      onState: (state) => {
        this.state = state;
        this.flushedToMs = state.flushedToMs;
        this.#read = state.faults;
      },
    });
    this.#flusher = new Flusher(deps.head, this.#link);
    const onError = (err: unknown): void => deps.log.error({ err }, 'keeping history failed');
    this.#loop = every(deps.clock, { intervalMs: WORK_EACH_MS, onError }, (slotMs) => this.work(slotMs));
  }

  faults(): readonly string[] {
    return this.#fault === undefined ? this.#read : [...this.#read, this.#fault];
  }

  behindMs(nowMs: number): number {
    const { settings, outOfOrderMs } = this.#deps;
    return Math.max(
      0,
      dueTo(nowMs, settings(), outOfOrderMs()) - (this.flushedToMs ?? Number.POSITIVE_INFINITY),
    );
  }

  dropBeforeMs(nowMs: number): number {
    const retentionMs = this.#deps.headRetentionMs();
    const wantedMs = nowMs - retentionMs;
    return Math.max(nowMs - MAX_HEAD_TIMES * retentionMs, Math.min(wantedMs, this.flushedToMs ?? wantedMs));
  }

  late(series: Series, atMs: number): void {
    if (this.flushedToMs !== undefined && atMs <= this.flushedToMs) this.#flusher.late(series, atMs);
  }

  async read(ask: HistoryAsk): Promise<HistoryAnswer> {
    const series: HistoryLines[] = [];
    const result = await this.#link.ask({ kind: 'read', ask }, (part) => series.push(...linesOf(part)));
    return result.kind === 'read' && result.coarse !== undefined
      ? { series, coarse: result.coarse }
      : { series };
  }

  async names(matchers: readonly Matcher[]): Promise<readonly Labels[]> {
    const result = await this.#link.ask({ kind: 'names', matchers });
    return result.kind === 'names' ? result.labels : [];
  }

  async labelNames(): Promise<readonly string[]> {
    const result = await this.#link.ask({ kind: 'label_names' });
    return result.kind === 'texts' ? result.texts : [];
  }

  async labelValues(name: string): Promise<readonly string[]> {
    const result = await this.#link.ask({ kind: 'label_values', name });
    return result.kind === 'texts' ? result.texts : [];
  }

  async counts(fromMs: number, toMs: number): Promise<readonly SeriesCount[]> {
    const result = await this.#link.ask({ kind: 'counts', fromMs, toMs });
    if (result.kind !== 'counts') return [];
    return result.labels.map((labels, at) => ({ labels, samples: result.counts[at] ?? 0 }));
  }

  work(nowMs: number): Promise<void> {
    this.#working ??= this.#work(nowMs).finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all([this.#loop.stop(), this.#link.stop(), this.#working]);
  }

  async #work(nowMs: number): Promise<void> {
    const { log, settings, outOfOrderMs, headRetentionMs } = this.#deps;
    const toMs = dueTo(nowMs, settings(), outOfOrderMs());
    const fromMs = this.flushedToMs ?? firstFlushFrom(toMs, headRetentionMs());
    if (toMs <= fromMs && !this.#isSetBack(fromMs, toMs)) return;
    try {
      if (!this.#isReconciled) await this.#flusher.reconcile(nowMs - headRetentionMs(), fromMs);
      this.#isReconciled = true;
      await this.#upkeep(nowMs, { isMakingRoom: true });
      this.#checkRoom();
      if (toMs > fromMs) await this.#flusher.flush(fromMs, toMs);
      else await this.#flusher.flushOver(toMs - settings().writeIntervalMs, toMs);
      this.#overToMs = toMs;
      await this.#upkeep(nowMs);
      if (this.#fault !== undefined) log.info('history is written again');
      this.#fault = undefined;
    } catch (error) {
      if (this.#isStopping) return;
      if (this.#fault === undefined) log.error({ err: error }, 'history cannot be written');
      this.#fault = `history cannot be written: ${messageOf(error)}`;
    }
  }

  /** The clock was set back by more than waiting for late samples explains: what comes now lies over what is written. */
  #isSetBack(flushedToMs: number, toMs: number): boolean {
    return flushedToMs - toMs >= 2 * this.#deps.settings().writeIntervalMs && toMs !== this.#overToMs;
  }

  /** Before the disk is full others need what is left of it: the records and the last hours go before history. */
  #checkRoom(): void {
    const { keepFreeBytes } = this.#deps.settings();
    const free = this.state?.freeBytes ?? Number.POSITIVE_INFINITY;
    if (free >= keepFreeBytes) return;
    const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
    throw new WatchkeeperError(
      'internal',
      `the disk has ${gigabytes(free)} GB left, and ${gigabytes(keepFreeBytes)} GB are kept free; nothing old is left to give way`,
    );
  }

  async #upkeep(nowMs: number, { isMakingRoom = false } = {}): Promise<void> {
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      const settings = this.#deps.settings();
      const result = await this.#link.ask({ kind: 'upkeep', settings, nowMs, isMakingRoom });
      const step = result.kind === 'upkeep' ? result.step : undefined;
      if (step === undefined) return;
      if (step === 'give_way')
        this.#deps.log.warn('the oldest history went before its time: there is no room');
    }
  }
}

function firstFlushFrom(toMs: number, headRetentionMs: number): number {
  return toMs - Math.max(2 * headRetentionMs, 86_400_000);
}

function linesOf({ labels, counts, timesMs, columns }: ReadPart): readonly HistoryLines[] {
  let start = 0;
  return labels.map((own, at) => {
    const end = start + (counts[at] ?? 0);
    const lines = {
      labels: own,
      timesMs: timesMs.subarray(start, end),
      columns: columns.map((column) => column.subarray(start, end)),
    };
    start = end;
    return lines;
  });
}

/** By labels, for those who put history before what the head has. */
export function byKey(series: readonly HistoryLines[]): Map<string, HistoryLines> {
  return new Map(series.map((lines) => [labelsKey(lines.labels), lines]));
}
