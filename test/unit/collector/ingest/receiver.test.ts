import { describe, expect, it } from 'vitest';
import { createReceiver } from '../../../../collector/ingest/receiver.ts';
import { createHead, type Head } from '../../../../collector/series/head.ts';
import { METRIC_NAME, type Labels } from '../../../../config/model/labels.ts';
import { isStale, markStale } from '../../../../config/model/sample.ts';
import { encodeWrite } from '../../../../config/wire/remote-write.ts';
import { manualClock } from '../../../support/manual-clock.ts';

const AGENT = { name: 'local', labels: { job: 'agent', instance: 'local' } };
const OTHER = { name: 'prometheus' };
const MINUTE = 60_000;

function receiving(maxSeries = 100) {
  const clock = manualClock();
  const head = createHead({ maxSeries });
  const receiver = createReceiver({ head, clock, outOfOrderMs: () => 10 * MINUTE });
  const nowMs = clock.nowMs();
  /** Samples at so many seconds from now. */
  const push = (labels: Labels, samples: readonly (readonly [number, number])[], writer = OTHER): void =>
    receiver.write(
      encodeWrite([
        {
          labels,
          timesMs: samples.map(([seconds]) => nowMs + seconds * 1_000),
          values: Float64Array.from(samples, ([, value]) => value),
        },
      ]),
      writer,
    );
  return { head, receiver, push, nowMs };
}

/** Seconds from now and values of the one series that has the name. */
function samplesOf(
  head: Head,
  name: string,
  nowMs: number,
): readonly (readonly [number, number | 'stale'])[] {
  const [slice, ...others] = head.select([{ name: METRIC_NAME, op: '=', value: name }], 0, Infinity);
  expect(others).toEqual([]);
  if (slice === undefined) return [];
  const { timesMs, values, start, end } = slice;
  return Array.from({ length: end - start }, (_, offset) => {
    const at = start + offset;
    const value = isStale(values, at) ? 'stale' : (values[at] ?? 0);
    return [((timesMs[at] ?? 0) - nowMs) / 1_000, value] as const;
  });
}

describe('pushed samples', () => {
  it('go to the same series however long their writer was idle', () => {
    const { head, receiver, push, nowMs } = receiving();
    for (const [second, forgets] of [0, 1, 2, 3].entries()) {
      push({ [METRIC_NAME]: 'm', a: '1' }, [[second, second]]);
      for (let time = 0; time < forgets; time += 1) receiver.forgetIdle();
    }
    expect(samplesOf(head, 'm', nowMs)).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });

  it('are in the head', () => {
    const { head, push, nowMs } = receiving();
    push({ [METRIC_NAME]: 'm', device: 'a' }, [
      [-2, 1],
      [-1, 2],
    ]);
    expect(samplesOf(head, 'm', nowMs)).toEqual([
      [-2, 1],
      [-1, 2],
    ]);
  });

  it('of an agent belong to the series that scraping it gives', () => {
    const { head, push, nowMs } = receiving();
    const series = head.seriesOf({ [METRIC_NAME]: 'device_up', device: 'a', ...AGENT.labels });
    series?.append(nowMs - 5_000, 1);
    push({ [METRIC_NAME]: 'device_up', device: 'a', job: 'forged' }, [[-1, 0]], AGENT);
    expect(samplesOf(head, 'device_up', nowMs)).toEqual([
      [-5, 1],
      [-1, 0],
    ]);
  });

  it('that are there already are ignored, and the sender need not send them again', () => {
    const { head, receiver, push, nowMs } = receiving();
    push({ [METRIC_NAME]: 'm' }, [
      [-2, 1],
      [-1, 2],
    ]);
    push({ [METRIC_NAME]: 'm' }, [
      [-2, 7],
      [-1, 2],
      [0, 3],
    ]);
    expect(samplesOf(head, 'm', nowMs)).toEqual([
      [-2, 1],
      [-1, 2],
      [0, 3],
    ]);
    expect(receiver.counters).toMatchObject({ samples: 3, duplicates: 2, refusedSamples: 0 });
  });

  it('that come late take their place among the others, in open and in closed blocks', () => {
    const { head, push, nowMs } = receiving();
    const even = Array.from({ length: 250 }, (_, index) => [-500 + index * 2, index * 2] as const);
    const odd = even.map(([seconds, value]) => [seconds + 1, value + 1] as const);
    push({ [METRIC_NAME]: 'm' }, even);
    push({ [METRIC_NAME]: 'm' }, odd.toReversed());
    expect(samplesOf(head, 'm', nowMs)).toEqual(
      Array.from({ length: 500 }, (_, index) => [-500 + index, index]),
    );
  });

  it('may end a series', () => {
    const { head, receiver, push, nowMs } = receiving();
    push({ [METRIC_NAME]: 'm' }, [[-2, 1]]);
    const values = new Float64Array(1);
    markStale(values, 0);
    receiver.write(
      encodeWrite([{ labels: { [METRIC_NAME]: 'm' }, timesMs: [nowMs - 1_000], values }]),
      OTHER,
    );
    expect(samplesOf(head, 'm', nowMs)).toEqual([
      [-2, 1],
      [-1, 'stale'],
    ]);
  });

  it('tell who listens which series got news and of when, and say nothing where there is none', () => {
    const { receiver, push, nowMs } = receiving();
    const heard: unknown[] = [];
    receiver.onPush((series, newestAtMs) => heard.push([series, newestAtMs - nowMs]));
    push({ [METRIC_NAME]: 'm', device: 'a' }, [
      [-1, 1],
      [-3, 1],
    ]);
    push({ [METRIC_NAME]: 'm', device: 'a' }, [[-1, 1]]);
    expect(heard).toEqual([[[{ [METRIC_NAME]: 'm', device: 'a' }], -1_000]]);
  });
});

describe('what cannot be taken is told, and the rest is taken', () => {
  it.each([
    [
      'older than the window',
      [
        [-1, 2],
        [-700, 1],
      ],
      /^\{__name__="m"\}: a sample is more than 600 s older than the last one; 1 samples were refused, 1 taken/,
    ],
    [
      'from the future',
      [
        [-1, 2],
        [3_600, 1],
      ],
      /ahead of the clock here.*; 1 samples were refused, 1 taken/,
    ],
  ] as const)('a sample %s', (_, samples, message) => {
    const { head, push, nowMs } = receiving();
    expect(() => push({ [METRIC_NAME]: 'm' }, samples)).toThrow(
      expect.objectContaining({ code: 'write_invalid', message: expect.stringMatching(message) }),
    );
    expect(samplesOf(head, 'm', nowMs)).toEqual([[-1, 2]]);
  });

  it('labels that may not be', () => {
    const { push } = receiving();
    expect(() => push({ device: 'a' }, [[-1, 2]])).toThrow(/the metric has no name; 1 samples were refused/);
  });

  it('more series than the head holds: the sender may try later', () => {
    const { push } = receiving(1);
    push({ [METRIC_NAME]: 'm' }, [[-1, 2]]);
    expect(() => push({ [METRIC_NAME]: 'n' }, [[-1, 2]])).toThrow(
      expect.objectContaining({ code: 'too_many_requests' }),
    );
    push({ [METRIC_NAME]: 'm' }, [[0, 3]]);
  });
});
