import type { MessagePort } from 'node:worker_threads';
import { messageOf, WatchkeeperError } from '../../../config/model/errors.ts';
import type { SeriesSlice, SeriesSource } from '../../../config/model/series.ts';
import { monotonicMs } from '../../../config/runtime/system-clock.ts';
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
      const code = error instanceof WatchkeeperError ? error.code : 'internal';
      answer = { error: { code, message: messageOf(error) } };
    }
    port.postMessage(answer);
    Atomics.store(raised, 0, 1);
    Atomics.notify(raised, 0);
  });
}

function someOf(rest: Iterator<SeriesSlice>): SeriesAnswer {
  const endMs = monotonicMs() + TURN_MS;
  const labels: SeriesSlice['labels'][] = [];
  const counts: number[] = [];
  const columns: (readonly [Float64Array, Float64Array])[] = [];
  let total = 0;
  let isLast = false;
  while (total < MAX_TURN_SAMPLES && monotonicMs() < endMs) {
    const next = rest.next();
    if (next.done === true) {
      isLast = true;
      break;
    }
    const { labels: own, timesMs, values, start, end } = next.value;
    labels.push(own);
    counts.push(end - start);
    // Now: with the next append the arrays are no longer what they were.
    columns.push([timesMs.slice(start, end), values.slice(start, end)]);
    total += end - start;
  }
  return { labels, counts, ...joined(columns, total), isLast };
}

function joined(columns: readonly (readonly [Float64Array, Float64Array])[], total: number) {
  const timesMs = new Float64Array(total);
  const values = new Float64Array(total);
  let at = 0;
  for (const [ownTimes, ownValues] of columns) {
    timesMs.set(ownTimes, at);
    values.set(ownValues, at);
    at += ownTimes.length;
  }
  return { timesMs, values };
}
