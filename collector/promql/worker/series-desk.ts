import type { MessagePort } from 'node:worker_threads';
import { messageOf, WatchkeeperError } from '../../../config/model/errors.ts';
import type { Labels } from '../../../config/model/labels.ts';
import type { CoarseReach, SeriesSlice } from '../../../config/model/series.ts';
import { monotonicMs } from '../../../config/runtime/system-clock.ts';
import { Column } from '../../series/gathered.ts';
import type { JoinedSeries } from '../../series/history/joined.ts';
import type { SeriesAnswer, SeriesAsk } from './messages.ts';

/** So long the main loop copies series for a worker; then others have their turn. */
const TURN_MS = 5;
const MAX_TURN_SAMPLES = 200_000;

/** Where the series come from: at once, or when history has been read. */
export type LaterSeries = Pick<JoinedSeries, 'select'>;

/** Hands a worker the series that it asks for, a few at a time. */
export function serveSeries(source: LaterSeries, port: MessagePort, flag: SharedArrayBuffer): void {
  const raised = new Int32Array(flag);
  let rest: Iterator<SeriesSlice> = [][Symbol.iterator]();
  const labels = createLabelNumbers();
  const answerTo = async ({ selection }: SeriesAsk): Promise<void> => {
    let answer: SeriesAnswer;
    try {
      if (selection !== undefined) {
        const { matchers, fromMs, toMs, detail } = selection;
        const found = source.select(matchers, fromMs, toMs, detail);
        rest = (found instanceof Promise ? await found : found)[Symbol.iterator]();
      }
      answer = someOf(rest, labels);
    } catch (error) {
      // What was numbered for this answer does not arrive.
      labels.forget();
      for (const column of Object.values(gathered)) column.clear();
      const code = error instanceof WatchkeeperError ? error.code : 'internal';
      answer = { error: { code, message: messageOf(error) } };
    }
    port.postMessage(answer, 'error' in answer ? [] : [answer.timesMs.buffer, answer.values.buffer]);
    Atomics.store(raised, 0, 1);
    Atomics.notify(raised, 0);
  };
  port.on('message', (ask: SeriesAsk) => void answerTo(ask));
}

/** Used again for each answer: what a worker asks for leaves no garbage but the answer itself. */
const gathered = { timesMs: new Column(), values: new Column() };

function someOf(rest: Iterator<SeriesSlice>, labels: LabelNumbers): SeriesAnswer {
  const endMs = monotonicMs() + TURN_MS;
  const told = labels.begin();
  const numbers: number[] = [];
  const counts: number[] = [];
  let coarse: CoarseReach | undefined;
  let isLast = false;
  while (gathered.values.length < MAX_TURN_SAMPLES && monotonicMs() < endMs) {
    const next = rest.next();
    if (next.done === true) {
      isLast = true;
      break;
    }
    const { labels: own, timesMs, values, start, end } = next.value;
    coarse = next.value.coarse ?? coarse;
    numbers.push(labels.numberOf(own));
    counts.push(end - start);
    // Now: with the next append the arrays are no longer what they were.
    gathered.timesMs.copy(timesMs, start, end);
    gathered.values.copy(values, start, end);
  }
  const samples = { timesMs: taken(gathered.timesMs), values: taken(gathered.values) };
  const answer = { numbers, ...told, counts, ...samples, isLast };
  return coarse === undefined ? answer : { ...answer, coarse };
}

/** So many labels the worker remembers: those of the pages that people have open. */
const MAX_REMEMBERED = 50_000;

type LabelNumbers = ReturnType<typeof createLabelNumbers>;

/** The labels that the worker has, by number: most queries ask for the same series again and again. */
function createLabelNumbers() {
  const known = new Map<Labels, number>();
  let fresh: Labels[] = [];
  let isForgotten = true;
  const forget = (): void => {
    known.clear();
    isForgotten = true;
  };
  return {
    forget,
    /** What the next answer tells of labels; `fresh` grows with `numberOf`. */
    begin(): { readonly fresh: readonly Labels[]; readonly isForgotten: boolean } {
      if (known.size >= MAX_REMEMBERED) forget();
      fresh = [];
      const told = { fresh, isForgotten };
      isForgotten = false;
      return told;
    },
    numberOf(labels: Labels): number {
      const before = known.get(labels);
      if (before !== undefined) return before;
      const number = known.size;
      known.set(labels, number);
      fresh.push(labels);
      return number;
    },
  };
}

function taken(column: Column): Float64Array<ArrayBuffer> {
  const own = column.view().slice();
  column.clear();
  return own;
}
