import type { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createQueries } from '../../../../../collector/promql/worker/queries.ts';
import { createHead } from '../../../../../collector/series/head.ts';

const never = new AbortController().signal;
/** Takes many minutes: for each second of a day the median of a day's seconds. */
const ENDLESS = 'sum_over_time(quantile_over_time(0.5, vector(time())[1d:1s])[1d:1s])';

function asking({ series = 3, limitMs = 20_000, maxSamples = 1e12, restsMs = 60_000 } = {}) {
  const head = createHead();
  for (let index = 0; index < series; index += 1) {
    for (let atMs = 0; atMs <= 60_000; atMs += 15_000) {
      head.append({ __name__: 'm', item: String(index) }, atMs, index);
    }
  }
  const queries = createQueries({ source: head, limitMs, maxSamples, restsMs });
  onTestFinished(() => queries.stop());
  return { head, queries };
}

describe('queries in a worker', () => {
  it('read what is in the head when they are asked', async () => {
    const { head, queries } = asking();
    const total = async (atMs: number) => (await queries.instant('sum(m)', atMs, never)).value;
    expect(await total(60_000)).toMatchObject({ type: 'vector', elements: [{ value: 3 }] });
    head.append({ __name__: 'm', item: '2' }, 75_000, 10);
    expect(await total(75_000)).toMatchObject({ elements: [{ value: 11 }] });
    const range = { startMs: 0, endMs: 60_000, stepMs: 30_000 };
    expect((await queries.range('m{item="1"}', range, never)).value).toMatchObject({
      type: 'matrix',
      series: [{ labels: { item: '1' } }],
    });
  });

  it('tell the labels of series that were asked for before, and of those that are new or gone', async () => {
    const { head, queries } = asking();
    const items = async (expression: string) => {
      const { value } = await queries.instant(expression, 60_000, never);
      return value.type === 'vector'
        ? value.elements.map(({ labels, value: own }) => [labels['item'], own])
        : value;
    };
    expect(await items('m{item="1"}')).toEqual([['1', 1]]);
    expect(await items('m')).toEqual([
      ['0', 0],
      ['1', 1],
      ['2', 2],
    ]);
    await expect(items('m{item=~"("}')).rejects.toMatchObject({ code: 'query_invalid' });
    head.append({ __name__: 'm', item: 'new' }, 60_000, 9);
    expect(await items('m > 0')).toEqual([
      ['1', 1],
      ['2', 2],
      ['new', 9],
    ]);
  });

  it('let a worker go that nobody asks any more, and start another for the next', async () => {
    const ended: Promise<void>[] = [];
    const onWorker = (worker: Worker): void => {
      ended.push(new Promise((done) => worker.once('exit', () => done())));
    };
    process.on('worker', onWorker);
    onTestFinished(() => void process.off('worker', onWorker));
    const { queries } = asking({ restsMs: 1 });
    const dear = async () => (await queries.instant('sum(sum_over_time(m[1m]))', 60_000, never)).value;
    const first = await dear();
    await ended[0];
    expect(await dear()).toEqual(first);
    await ended[1];
    expect(ended).toHaveLength(2);
  });

  it('read more series than are handed over in one go', async () => {
    const { queries } = asking({ series: 20_000 });
    expect((await queries.instant('count(m)', 60_000, never)).value).toMatchObject({
      elements: [{ value: 20_000 }],
    });
  });

  it('say what is wrong as the engine does', async () => {
    const { queries } = asking();
    await expect(queries.instant('rate(m)', 0, never)).rejects.toMatchObject({
      code: 'query_invalid',
      message: expect.stringContaining('expected type range vector'),
    });
    await expect(queries.instant('m{a=~"("}', 0, never)).rejects.toMatchObject({ code: 'query_invalid' });
    expect(await queries.instant('1', 0, never)).toMatchObject({ value: { value: 1 } });
  });

  it('tell what a rule would have done, and end that too when nobody waits for it', async () => {
    const { queries } = asking();
    const hour = { hours: 1 };
    expect(await queries.dryRun({ query: 'm > 1', ...hour }, 60_000, never)).toMatchObject({
      fired: 1,
      episodes: [{ labels: { item: '2' }, value: 2 }],
    });
    await expect(queries.dryRun({ query: 'rate(m)', ...hour }, 0, never)).rejects.toMatchObject({
      code: 'query_invalid',
    });
    const gone = new AbortController();
    const endless = queries.dryRun({ query: ENDLESS, ...hour }, 60_000, gone.signal);
    gone.abort();
    await expect(endless).rejects.toMatchObject({ message: 'the query was cancelled' });
    expect(await queries.instant('1', 0, never)).toMatchObject({ value: { value: 1 } });
  });

  it('end when nobody waits for them any more, and the next is answered', async () => {
    const { queries } = asking();
    const gone = new AbortController();
    const endless = queries.instant(ENDLESS, 60_000, gone.signal);
    const after = queries.instant('1', 0, never);
    gone.abort();
    await expect(endless).rejects.toMatchObject({ message: 'the query was cancelled' });
    expect(await after).toMatchObject({ value: { value: 1 } });
  });

  it('end at their deadline', async () => {
    const { queries } = asking({ limitMs: 100 });
    await expect(queries.instant(ENDLESS, 60_000, never)).rejects.toMatchObject({
      code: 'query_limit',
      message: expect.stringContaining('takes longer than 0.1 s'),
    });
  });

  it('end at their bound of samples', async () => {
    const { queries } = asking({ maxSamples: 5 });
    await expect(queries.instant('sum(m) + sum(m) + sum(m)', 60_000, never)).rejects.toMatchObject({
      code: 'query_limit',
    });
  });
});
