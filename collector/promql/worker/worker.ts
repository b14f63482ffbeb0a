import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { messageOf, WatchkeeperError } from '../../../config/model/errors.ts';
import type { Labels } from '../../../config/model/labels.ts';
import type { Detail, Matcher, SeriesSlice, SeriesSource } from '../../../config/model/series.ts';
import { systemClock } from '../../../config/runtime/system-clock.ts';
import { dryRun } from '../../rule-tests/dry-run.ts';
import { createEngine } from '../engine.ts';
import { createSharedSource } from '../shared-source.ts';
import type { Answer, Ask, Refusal, SeriesAnswer, SeriesAsk, Told, WorkerStart } from './messages.ts';

// Evaluates the queries of people and programs beside the main loop, which only hands it the series.

const { series, flag, limitMs, maxSamples } = workerData as WorkerStart;
const raised = new Int32Array(flag);

/** Asks the main loop and waits: nothing else happens in this thread. */
function askFor(port: MessagePort, ask: SeriesAsk): Exclude<SeriesAnswer, { error: Refusal }> {
  Atomics.store(raised, 0, 0);
  port.postMessage(ask);
  Atomics.wait(raised, 0, 0);
  const answer = receiveMessageOnPort(port)?.message as SeriesAnswer;
  if ('error' in answer) throw new WatchkeeperError(answer.error.code, answer.error.message);
  return answer;
}

/** Labels by the numbers that the desk gave them. */
const remembered: Labels[] = [];
/** Each text once: they come as copies of their own. */
const texts = new Map<string, string>();

function forget(): void {
  remembered.length = 0;
  texts.clear();
}

function interned(labels: Labels): Labels {
  const own: Record<string, string> = {};
  for (const name of Object.keys(labels)) {
    const value = labels[name] ?? '';
    const known = texts.get(value);
    if (known === undefined) texts.set(value, value);
    own[name] = known ?? value;
  }
  return own;
}

const source: SeriesSource = {
  *select(
    matchers: readonly Matcher[],
    fromMs: number,
    toMs: number,
    detail?: Detail,
  ): Iterable<SeriesSlice> {
    const selection = { matchers, fromMs, toMs };
    let ask: SeriesAsk = { selection: detail === undefined ? selection : { ...selection, detail } };
    for (;;) {
      const { numbers, fresh, isForgotten, counts, timesMs, values, coarse, isLast } = askFor(series, ask);
      if (isForgotten) forget();
      for (const labels of fresh) remembered.push(interned(labels));
      // Before the next answer, after which a number may be that of others.
      const own = numbers.map((number) => remembered[number] ?? {});
      let start = 0;
      for (const [index, labels] of own.entries()) {
        const end = start + (counts[index] ?? 0);
        const slice = { labels, timesMs, values, start, end };
        yield coarse === undefined ? slice : { ...slice, coarse };
        start = end;
      }
      if (isLast) return;
      ask = {};
    }
  },
};

/** Within one query, what it selects several times is handed over once. */
const shared = createSharedSource(source);
const engine = createEngine({ source: shared, maxSamples, deadline: { clock: systemClock, limitMs } });

function toldTo(ask: Ask): Told {
  switch (ask.kind) {
    case 'instant':
      return { result: engine.instant(ask.expression, ask.atMs) };
    case 'range':
      return { result: engine.range(ask.expression, ask.range) };
    case 'dry_run':
      return { dryRun: dryRun({ source, clock: systemClock, toMs: ask.toMs }, ask.request) };
    default:
      return ask satisfies never;
  }
}

function evaluated(ask: Ask): Told {
  try {
    return toldTo(ask);
  } finally {
    shared.forget();
  }
}

function answerTo(ask: Ask): Answer {
  try {
    return evaluated(ask);
  } catch (error) {
    const code = error instanceof WatchkeeperError ? error.code : 'internal';
    return { error: { code, message: messageOf(error) } };
  }
}

parentPort?.on('message', (ask: Ask) => parentPort?.postMessage(answerTo(ask)));
