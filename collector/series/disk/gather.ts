import type { SeriesSlice } from '../../../config/model/series.ts';
import type { Block } from '../block.ts';
import type { Series } from '../series.ts';
import type { FrameContent } from './frames.ts';
import type { FileKind } from './restore.ts';

/** Gathers what goes into the next frame of a file. */
export interface Gatherer {
  readonly isEmpty: boolean;
  /** Roughly, so that nobody lets it grow without bound. */
  readonly bytes: number;
  addSamples(series: Series, slice: SeriesSlice): void;
  addSample(series: Series, atMs: number, value: number): void;
  addBlock(series: Series, block: Block): void;
  /** What was gathered, for the file of this number; and begins anew. */
  take(file: number, isEnd?: boolean): FrameContent;
}

export function createGatherer(kind: FileKind): Gatherer {
  let gathered = nothing();
  return {
    get isEmpty() {
      return gathered.bytes === 0;
    },
    get bytes() {
      return gathered.bytes;
    },
    addSamples(series, { timesMs, values, start, end }) {
      gathered.owners.push(series);
      gathered.columns.push([timesMs.slice(start, end), values.slice(start, end)]);
      gathered.bytes += 8 + 16 * (end - start);
    },
    addSample(series, atMs, value) {
      gathered.owners.push(series);
      gathered.columns.push([Float64Array.of(atMs), Float64Array.of(value)]);
      gathered.bytes += 24;
    },
    addBlock(series, block) {
      gathered.blockOwners.push(series);
      gathered.blocks.push(block);
      gathered.bytes += 28 + block.bytes.length;
    },
    take(file, isEnd = false) {
      const { owners, columns, blockOwners, blocks } = gathered;
      gathered = nothing();
      return {
        series: newTo(file, kind, [...owners, ...blockOwners]),
        samples: sampleColumns(owners, columns),
        blocks: blockColumns(blockOwners, blocks),
        isEnd,
      };
    },
  };
}

type Columns = readonly [timesMs: Float64Array, values: Float64Array];

interface Gathered {
  bytes: number;
  readonly owners: Series[];
  readonly columns: Columns[];
  readonly blockOwners: Series[];
  readonly blocks: Block[];
}

function nothing(): Gathered {
  return { bytes: 0, owners: [], columns: [], blockOwners: [], blocks: [] };
}

/** The series whose labels the file has not yet; from now on it has. */
function newTo(file: number, kind: FileKind, owners: readonly Series[]): FrameContent['series'] {
  const fresh: (readonly [number, Series['labels']])[] = [];
  for (const { id, labels, definedIn } of owners) {
    if (definedIn[kind] === file) continue;
    definedIn[kind] = file;
    fresh.push([id, labels]);
  }
  return fresh;
}

function sampleColumns(owners: readonly Series[], columns: readonly Columns[]): FrameContent['samples'] {
  const total = columns.reduce((sum, [{ length }]) => sum + length, 0);
  const timesMs = new Float64Array(total);
  const values = new Float64Array(total);
  let at = 0;
  for (const [ownTimes, ownValues] of columns) {
    timesMs.set(ownTimes, at);
    values.set(ownValues, at);
    at += ownTimes.length;
  }
  return {
    ids: Uint32Array.from(owners, ({ id }) => id),
    counts: Uint32Array.from(columns, ([{ length }]) => length),
    timesMs,
    values,
  };
}

function blockColumns(owners: readonly Series[], blocks: readonly Block[]): FrameContent['blocks'] {
  const bytes = new Uint8Array(blocks.reduce((sum, block) => sum + block.bytes.length, 0));
  let at = 0;
  for (const block of blocks) {
    bytes.set(block.bytes, at);
    at += block.bytes.length;
  }
  return {
    ids: Uint32Array.from(owners, ({ id }) => id),
    counts: Uint32Array.from(blocks, ({ count }) => count),
    lengths: Uint32Array.from(blocks, (block) => block.bytes.length),
    fromMs: Float64Array.from(blocks, ({ fromMs }) => fromMs),
    toMs: Float64Array.from(blocks, ({ toMs }) => toMs),
    bytes,
  };
}
