import { chainBlock, closeBlock, type Block } from '../block.ts';
import { ByteWriter } from '../bytes.ts';
import { ByteColumn, Column } from '../gathered.ts';
import type { Series } from '../series.ts';
import type { SeriesSet } from '../series-set.ts';
import type { Pieces } from './pieces.ts';

const writer = new ByteWriter();

/** Gathers samples of series as they are in memory, some at a time: packed blocks stay packed, and open samples become one. */
export class PieceGatherer {
  readonly #fresh: (readonly [number, Series['labels']])[] = [];
  readonly #ids = new Column();
  readonly #lengths = new Column();
  readonly #counts = new Column();
  readonly #bytes = new ByteColumn();
  /** Whose labels the other side has. */
  readonly #told: SeriesSet;

  constructor(told: SeriesSet) {
    this.#told = told;
  }

  /** Roughly. */
  get bytes(): number {
    return 24 * this.#ids.length + this.#bytes.length;
  }

  /** What the series has of `fromMs < t <= toMs`; blocks at the ends come whole. */
  add(series: Series, fromMs: number, toMs: number): void {
    const begin = this.#bytes.length;
    let beforeMs = 0;
    let samples = 0;
    const put = (block: Block): void => {
      chainBlock(writer, block, beforeMs);
      this.#bytes.add(writer.written());
      beforeMs = block.toMs;
      samples += block.count;
    };
    series.visitPacked({ fromMs: fromMs + 1, toMs }, put);
    const openFromMs = Math.max(fromMs, series.packedToMs);
    if (openFromMs < toMs) {
      const open = series.slice(openFromMs + 1, toMs);
      if (open.end > open.start) put(closeBlock(open));
    }
    if (samples === 0) return;
    this.#ids.push(series.id);
    this.#lengths.push(this.#bytes.length - begin);
    this.#counts.push(samples);
    if (this.#told.has(series)) return;
    this.#told.add(series);
    this.#fresh.push([series.id, series.labels]);
  }

  /** What was gathered, and begins anew. Its columns hold until something is added. */
  take(): Pieces {
    const taken = {
      fresh: this.#fresh.splice(0),
      ids: this.#ids.view(),
      lengths: this.#lengths.view(),
      counts: this.#counts.view(),
      bytes: this.#bytes.view(),
    };
    for (const column of [this.#ids, this.#lengths, this.#counts, this.#bytes]) column.clear();
    return taken;
  }
}
