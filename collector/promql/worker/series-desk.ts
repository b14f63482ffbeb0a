import type { MessagePort } from 'node:worker_threads';
import { messageOf, WatchkeeperError } from '../../../config/model/errors.ts';
import type { SeriesSlice, SeriesSource } from '../../../config/model/series.ts';
import { monotonicMs } from '../../../config/runtime/system-clock.ts';
import { Column } from '../../series/gathered.ts';
import type { SeriesAnswer, SeriesAsk } from './messages.ts';

/** So long the main loop copies series for a worker; then others have their turn. */
const TURN_MS = 5;
const MAX_TURN_SAMPLES = 200_000;

/** Hands a worker the series that it asks for, a few at a time. */
export function serveSeries(source: SeriesSource, port: MessagePort, flag: SharedArrayBuffer): void {
  const raised = new Int32Array(flag);
  let rest: Iterator<SeriesSlice> = [][Symbol.iterator]();
  port.on('message', ({ selection }: SeriesAsk) => {
    let answer: SeriesAnswer;
    try {
      if (selection !== undefined) {
        rest = source.select(selection.matchers, selection.fromMs, selection.toMs)[Symbol.iterator]();
      }
      answer = someOf(rest);
    } catch (error) {
      for (const column of Object.values(gathered)) column.clear();
      const code = error instanceof WatchkeeperError ? error.code : 'internal';
      answer = { error: { code, message: messageOf(error) } };
    }
    port.postMessage(answer, 'error' in answer ? [] : [answer.timesMs.buffer, answer.values.buffer]);
    Atomics.store(raised, 0, 1);
    Atomics.notify(raised, 0);
  });
}

/** Used again for each answer: what a worker asks for leaves no garbage but the answer itself. */
const gathered = { timesMs: new Column(), values: new Column() };

function someOf(rest: Iterator<SeriesSlice>): SeriesAnswer {
  const endMs = monotonicMs() + TURN_MS;
  const labels: SeriesSlice['labels'][] = [];
  const counts: number[] = [];
  let isLast = false;
  while (gathered.values.length < MAX_TURN_SAMPLES && monotonicMs() < endMs) {
    const next = rest.next();
    if (next.done === true) {
      isLast = true;
      break;
    }
    const { labels: own, timesMs, values, start, end } = next.value;
    labels.push(own);
    counts.push(end - start);
    // Now: with the next append the arrays are no longer what they were.
    gathered.timesMs.copy(timesMs, start, end);
    gathered.values.copy(values, start, end);
  }
  return { labels, counts, timesMs: taken(gathered.timesMs), values: taken(gathered.values), isLast };
}

function taken(column: Column): Float64Array<ArrayBuffer> {
  const own = column.view().slice();
  column.clear();
  return own;
}
