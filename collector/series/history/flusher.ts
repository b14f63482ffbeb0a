import { setImmediate as nextTurn } from 'node:timers/promises';
import { monotonicMs } from '../../../config/runtime/system-clock.ts';
import { labelsKey as keyOf } from '../../../config/model/labels.ts';
import type { Head } from '../head.ts';
import type { Series } from '../series.ts';
import { SeriesSet } from '../series-set.ts';
import { PieceGatherer } from './gather-pieces.ts';
import type { HistoryLink } from './link.ts';

/** So long samples are gathered in one go; then others have their turn. */
const TURN_MS = 3;
/** Of one message; its room is used again for the next. */
const PIECES_BYTES = 256 * 1024;

/** Brings samples from the head into history. */
export class Flusher {
  readonly #head: Pick<Head, 'all'>;
  readonly #link: HistoryLink;
  /** Since when each of these has samples that history has not, or has otherwise. */
  #late = new Map<Series, number>();
  /** Series that history knows to be there, up to where everything was written. */
  readonly #settled = new SeriesSet();
  readonly #told = new SeriesSet();
  #generation = -1;

  constructor(head: Pick<Head, 'all'>, link: HistoryLink) {
    this.#head = head;
    this.#link = link;
    for (const series of head.all()) this.#settled.add(series);
  }

  /** A sample came that belongs to what was written already. */
  late(series: Series, atMs: number): void {
    this.#late.set(series, Math.min(this.#late.get(series) ?? atMs, atMs));
  }

  /** Writes all samples of `fromMs < t <= toMs`, then those that came late for what was written before. */
  async flush(fromMs: number, toMs: number): Promise<void> {
    await this.#link.ask({ kind: 'give_up' });
    this.#meet();
    const gatherer = new PieceGatherer(this.#told);
    const seen: Series[] = [];
    await this.#walk(this.#head.all(), gatherer, (series) => {
      seen.push(series);
      // What begins with samples that are older than the last flush came late with them.
      if (!this.#settled.has(series)) this.late(series, 0);
      gatherer.add(series, fromMs, toMs);
    });
    await this.#link.ask({ kind: 'flush', fromMs, toMs, isLate: false });
    for (const series of seen) this.#settled.add(series);
    await this.#flushLate(fromMs);
  }

  /** Writes all samples of the span over those that there are: the clock was set back. */
  async flushOver(fromMs: number, toMs: number): Promise<void> {
    await this.#link.ask({ kind: 'give_up' });
    this.#meet();
    const gatherer = new PieceGatherer(this.#told);
    await this.#walk(this.#head.all(), gatherer, (series) => gatherer.add(series, fromMs, toMs));
    await this.#link.ask({ kind: 'flush', fromMs, toMs, isLate: true });
  }

  async #flushLate(toMs: number): Promise<void> {
    const late = this.#late;
    if (late.size === 0) return;
    this.#late = new Map();
    try {
      const gatherer = new PieceGatherer(this.#told);
      let fromMs = toMs;
      await this.#walk(late.keys(), gatherer, (series) => {
        const firstMs = series.slice(late.get(series) ?? 0, toMs);
        if (firstMs.end === firstMs.start) return;
        const own = (firstMs.timesMs[firstMs.start] ?? toMs) - 1;
        fromMs = Math.min(fromMs, own);
        gatherer.add(series, own, toMs);
      });
      if (fromMs < toMs) await this.#link.ask({ kind: 'flush', fromMs, toMs, isLate: true });
    } catch (error) {
      for (const [series, atMs] of late) this.late(series, atMs);
      throw error;
    }
  }

  async #walk(all: Iterable<Series>, gatherer: PieceGatherer, add: (series: Series) => void): Promise<void> {
    let turnEndsMs = monotonicMs() + TURN_MS;
    for (const series of all) {
      if (!series.isGone) add(series);
      if (gatherer.bytes > PIECES_BYTES) await this.#link.ask({ kind: 'pieces', pieces: gatherer.take() });
      else if (monotonicMs() < turnEndsMs) continue;
      else await nextTurn();
      turnEndsMs = monotonicMs() + TURN_MS;
    }
    await this.#link.ask({ kind: 'pieces', pieces: gatherer.take() });
  }

  /** Another process knows nothing of what the one before was told. */
  #meet(): void {
    if (this.#generation === this.#link.generation) return;
    this.#generation = this.#link.generation;
    this.#told.clear();
  }

  /** Finds the series of which history has not all that the head has of a span, after the program was ended. */
  async reconcile(fromMs: number, toMs: number): Promise<void> {
    const result = await this.#link.ask({ kind: 'counts', fromMs, toMs });
    if (result.kind !== 'counts') return;
    const counts = new Map(result.labels.map((labels, at) => [keyOf(labels), result.counts[at] ?? 0]));
    let turnEndsMs = monotonicMs() + TURN_MS;
    for (const series of this.#head.all()) {
      const { start, end } = series.slice(fromMs, toMs);
      if (end - start > (counts.get(keyOf(series.labels)) ?? 0)) this.late(series, fromMs);
      if (monotonicMs() < turnEndsMs) continue;
      await nextTurn();
      turnEndsMs = monotonicMs() + TURN_MS;
    }
  }
}
