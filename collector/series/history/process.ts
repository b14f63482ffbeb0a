import { setPriority } from 'node:os';
import { messageOf, WatchkeeperError } from '../../../config/model/errors.ts';
import { TIERS, type Tier } from '../../../config/model/tiers.ts';
import { systemClock } from '../../../config/runtime/system-clock.ts';
import type { Asked, HistoryState, Question, ReadPart, Reply, Result, TierState } from './messages.ts';
import { Batch } from './pieces.ts';
import { freeBytes, openStore, type HistoryLines, type HistoryStore } from './store.ts';

// The process that history is read and written in: DuckDB's memory, and what a broken file may do to it, stay here.

/** So many lines go in one message. */
const PART_LINES = 100_000;
/** Watching goes before writing history. */
const NICE = 5;

let store: HistoryStore | undefined;
let folder = '';
let batch: Batch | undefined;
/** Which series the ids of the other side are. */
const numbers = new Map<number, number>();

const reply = (message: Reply): void => void process.send?.(message);

function opened(): HistoryStore {
  if (store === undefined) throw new Error('history is not open');
  return store;
}

type Answers = {
  readonly [K in Question['kind']]: (question: Extract<Question, { kind: K }>, id: number) => Promise<Result>;
};

/** So many messages of samples come until what is left of them is cleared away. */
const PIECES_PER_SWEEP = 32;
let pieceCount = 0;

function sweep(): void {
  const { gc } = globalThis as { readonly gc?: () => void };
  gc?.();
}

const DONE: Result = { kind: 'done' };

const ANSWERS: Answers = {
  async open(question) {
    folder = question.folder;
    store = await openStore(folder, () => systemClock.nowMs());
    return DONE;
  },
  async pieces({ pieces }) {
    batch ??= new Batch(opened().catalogue, numbers);
    batch.add(pieces);
    pieceCount += 1;
    if (pieceCount % PIECES_PER_SWEEP === 0) sweep();
    return DONE;
  },
  async flush(span) {
    const own = batch ?? new Batch(opened().catalogue, numbers);
    batch = undefined;
    sweep();
    await opened().flush(own, span);
    return DONE;
  },
  async give_up() {
    batch = undefined;
    return DONE;
  },
  async read({ ask }, id) {
    const { series, coarse } = await opened().read(ask);
    for (const part of partsOf(series)) reply({ id, part });
    return coarse === undefined ? { kind: 'read' } : { kind: 'read', coarse };
  },
  async names({ matchers }) {
    const found = opened().catalogue.find(matchers);
    return { kind: 'names', labels: found.map(({ labels }) => labels) };
  },
  label_values: async ({ name }) => ({ kind: 'texts', texts: opened().catalogue.labelValues(name) }),
  label_names: async () => ({ kind: 'texts', texts: opened().catalogue.labelNames() }),
  counts: async (span) => countsOf(await opened().samplesOfSeries(span)),
  async upkeep(room) {
    const step = await opened().upkeep(room);
    return step === undefined ? { kind: 'upkeep' } : { kind: 'upkeep', step: step.kind };
  },
  async close() {
    await store?.close();
    return DONE;
  },
};

async function answer(id: number, question: Question): Promise<Result> {
  const own = ANSWERS[question.kind] as (question: Question, id: number) => Promise<Result>;
  return own(question, id);
}

function countsOf(bySeries: ReadonlyMap<number, number>): Result {
  const known = [...bySeries].flatMap(([number, count]) => {
    const series = opened().catalogue.byNumber(number);
    return series === undefined ? [] : [{ labels: series.labels, count }];
  });
  return {
    kind: 'counts',
    labels: known.map(({ labels }) => labels),
    counts: known.map(({ count }) => count),
  };
}

function* partsOf(series: readonly HistoryLines[]): Generator<ReadPart> {
  let own: HistoryLines[] = [];
  let lines = 0;
  for (const each of series) {
    own.push(each);
    lines += each.timesMs.length;
    if (lines < PART_LINES) continue;
    yield partOf(own);
    own = [];
    lines = 0;
  }
  if (own.length > 0) yield partOf(own);
}

function partOf(series: readonly HistoryLines[]): ReadPart {
  const together = (columns: readonly Float64Array[]): Float64Array => {
    const all = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const column of columns) {
      all.set(column, at);
      at += column.length;
    }
    return all;
  };
  return {
    labels: series.map(({ labels }) => labels),
    counts: series.map(({ timesMs }) => timesMs.length),
    timesMs: together(series.map(({ timesMs }) => timesMs)),
    columns: (series[0]?.columns ?? []).map((_, at) =>
      together(series.map(({ columns }) => columns[at] ?? new Float64Array(0))),
    ),
  };
}

function stateNow(): HistoryState {
  const { files, gaveWay, flushedToMs } = opened().manifest();
  const tierState = (tier: Tier): TierState => {
    const own = files.filter((file) => file.tier === tier);
    const total = (of: 'bytes' | 'rows'): number => own.reduce((sum, file) => sum + file[of], 0);
    const state = { bytes: total('bytes'), rows: total('rows'), files: own.length };
    return own.length === 0 ? state : { ...state, fromMs: Math.min(...own.map(({ fromMs }) => fromMs)) };
  };
  const tiers = Object.fromEntries(TIERS.map((tier) => [tier, tierState(tier)])) as HistoryState['tiers'];
  const state = { faults: opened().faults(), tiers, gaveWay };
  const more = { series: opened().catalogue.size, freeBytes: freeBytes(folder) };
  return flushedToMs === undefined ? { ...state, ...more } : { ...state, ...more, flushedToMs };
}

process.on('message', ({ id, question }: Asked) => {
  answer(id, question).then(
    (result) => {
      reply({ id, result, state: stateNow() });
      if (question.kind === 'close') process.disconnect?.();
    },
    (error: unknown) => {
      const code = error instanceof WatchkeeperError ? error.code : 'internal';
      reply({ id, error: { code, message: messageOf(error) } });
    },
  );
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C goes to all of the terminal's programs; the collector ends this one when it has written what is left.
process.on('SIGINT', () => undefined);
setPriority(NICE);
