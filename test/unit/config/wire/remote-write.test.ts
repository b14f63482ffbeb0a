import { array, assert, dictionary, double, integer, nat, property, record, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METRIC_NAME } from '../../../../config/model/labels.ts';
import { isStale, markStale } from '../../../../config/model/sample.ts';
import {
  decodeWrite,
  DEFAULT_WRITE_LIMITS,
  encodeWrite,
  labelsOf,
  type IncomingWrite,
  type OutgoingSeries,
} from '../../../../config/wire/remote-write.ts';
import { snappyPack } from '../../../../config/wire/snappy.ts';
import { PROMETHEUS_WRITES } from '../../../support/prometheus-writes.ts';

/** `name value@time`, a line for each sample; `stale` for the marker. */
function told({ series, timesMs, values }: IncomingWrite): readonly string[] {
  return series.flatMap(({ key, start, end }) => {
    const labels = labelsOf(key, DEFAULT_WRITE_LIMITS);
    const name = typeof labels === 'string' ? labels : (labels[METRIC_NAME] ?? '');
    return Array.from({ length: end - start }, (_, offset) => {
      const value = isStale(values, start + offset) ? 'stale' : values[start + offset];
      return `${name} ${value}@${timesMs[start + offset]}`;
    });
  });
}

function write(labels: Record<string, string>, ...values: number[]): OutgoingSeries {
  return { labels, timesMs: values.map((_, index) => index * 1_000), values: Float64Array.from(values) };
}

/** The bytes of a request before they are packed. */
const raw = (...bytes: number[]): Uint8Array => snappyPack(Uint8Array.from(bytes));

describe('what a real Prometheus wrote', () => {
  it('is read with its labels, times and values', () => {
    const first = decodeWrite(PROMETHEUS_WRITES.first);
    expect(told(first).slice(0, 5)).toEqual([
      'room_temperature_celsius 21.5@1795809702649',
      'gone_total 7@1795809702649',
      'odd_value NaN@1795809702649',
      'big_value Infinity@1795809702649',
      'neg_value -0.0000325@1795809702649',
    ]);
    expect(labelsOf(first.series[0]?.key ?? '', DEFAULT_WRITE_LIMITS)).toEqual({
      [METRIC_NAME]: 'room_temperature_celsius',
      device: '机房-1',
      instance: '127.0.0.1:19391',
      job: 'room',
      place: 'a"b',
    });
  });

  it('keeps the staleness marker apart from a NaN that was measured', () => {
    const lines = told(decodeWrite(PROMETHEUS_WRITES.second));
    expect(lines.filter((line) => line.includes('stale')).map((line) => line.split(' ')[0])).toEqual([
      'gone_total',
    ]);
    expect(lines.some((line) => line.startsWith('odd_value NaN@'))).toBe(true);
  });

  it('may be metadata alone, which is passed over', () => {
    expect(decodeWrite(PROMETHEUS_WRITES.metadata).series).toEqual([]);
  });
});

describe('a write of our own', () => {
  it('is read back as it was, whatever the labels and numbers', () => {
    const text = string({ unit: 'binary', minLength: 1, maxLength: 300 });
    const labels = dictionary(text, text, { maxKeys: 5, noNullPrototype: true });
    const sample = tuple(integer({ min: -(2 ** 50), max: 2 ** 50 }), double());
    const series = record({ labels, samples: array(sample, { maxLength: 20 }) });
    assert(
      property(array(series, { maxLength: 5 }), (all) => {
        const sent = all.map(({ labels: own, samples }) => ({
          labels: { ...own, [METRIC_NAME]: 'm' },
          timesMs: samples.map(([atMs]) => atMs),
          values: Float64Array.from(samples, ([, value]) => value),
        }));
        const got = decodeWrite(encodeWrite(sent));
        const back = got.series.map(({ key, start, end }) => ({
          labels: labelsOf(key, DEFAULT_WRITE_LIMITS),
          timesMs: [...got.timesMs.subarray(start, end)],
          values: got.values.slice(start, end),
        }));
        expect(back).toEqual(sent);
      }),
      { seed: 4 },
    );
  });

  it('keeps the bits of a staleness marker', () => {
    const values = new Float64Array(2);
    markStale(values, 1);
    const sent = decodeWrite(encodeWrite([{ labels: { [METRIC_NAME]: 'm' }, timesMs: [1, 2], values }]));
    expect(told(sent)).toEqual(['m 0@1', 'm stale@2']);
  });

  it('has one key for equal labels and another for others', () => {
    const { series } = decodeWrite(
      encodeWrite([
        write({ [METRIC_NAME]: 'm', a: '1' }, 1),
        write({ a: '1', [METRIC_NAME]: 'm' }, 2),
        write({ [METRIC_NAME]: 'm', a: '2' }, 3),
      ]),
    );
    expect(series[0]?.key).toBe(series[1]?.key);
    expect(series[0]?.key).not.toBe(series[2]?.key);
  });
});

describe('a write that is broken', () => {
  const limits = { ...DEFAULT_WRITE_LIMITS, maxSeries: 2, maxSamples: 3, maxBytes: 1_000 };
  const series = write({ [METRIC_NAME]: 'm' }, 1);

  it.each([
    ['claims 4 GB', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0), 'body_too_large', /4294967295 bytes/],
    ['claims what it cannot hold', Uint8Array.of(0xe7, 7, 0), 'write_invalid', /more bytes than it can hold/],
    ['has no length', Uint8Array.of(), 'write_invalid', /does not say how long/],
    ['ends early', Uint8Array.of(3, 8, 65), 'write_invalid', /middle of an element/],
    ['is shorter than it says', Uint8Array.of(2, 0, 65), 'write_invalid', /fewer bytes than it claims/],
    ['is longer than it says', Uint8Array.of(1, 4, 65, 66), 'write_invalid', /more bytes than it claims/],
    ['copies from nowhere', Uint8Array.of(5, 0, 65, 1, 2), 'write_invalid', /before its beginning/],
    // The length of this literal is −6 when it is read with a sign: the library goes round for ever.
    [
      'leads backwards',
      Uint8Array.of(9, 252, 249, 255, 255, 255),
      'write_invalid',
      /more bytes than it claims/,
    ],
    ['is no protobuf', raw(10, 5, 1), 'write_invalid', /series 1: .*longer than what it stands in/],
    ['has a number without end', raw(10, ...Array<number>(12).fill(255)), 'write_invalid', /does not end/],
    ['has a field 0', raw(2, 0), 'write_invalid', /number 0/],
    ['has a text where a series belongs', raw(8, 1), 'write_invalid', /the wrong way/],
    ['has a field of an unknown kind', raw(0x7b), 'write_invalid', /not known/],
    ['has a series without labels', raw(10, 0), 'write_invalid', /it has no labels/],
    ['has too many series', encodeWrite([series, series, series]), 'body_too_large', /more than 2 series/],
    [
      'has too many samples',
      encodeWrite([write(series.labels, 1, 2, 3, 4)]),
      'body_too_large',
      /than 3 samples/,
    ],
  ])('%s: refused in words', (_, body, code, message) => {
    expect(() => decodeWrite(body, limits)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it.each([
    [{ [METRIC_NAME]: 'm', a: 'x'.repeat(5_000) }, /the label a is longer than 4096 bytes/],
    [{ a: 'x' }, /the metric has no name/],
    [Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, 'x'])), /more than 64 labels/],
  ])('labels that may not be are told', (labels, message) => {
    const { series: got } = decodeWrite(encodeWrite([write(labels, 1)]));
    expect(labelsOf(got[0]?.key ?? '', DEFAULT_WRITE_LIMITS)).toMatch(message);
  });

  it('never hangs and never throws anything but a refusal, whatever bytes are changed', () => {
    const bytes = array(tuple(nat(), nat(255)), { minLength: 1, maxLength: 8 });
    assert(
      property(bytes, (changes) => {
        const body = Uint8Array.from(PROMETHEUS_WRITES.second);
        for (const [at, byte] of changes) body[at % body.length] = byte;
        try {
          for (const { key } of decodeWrite(body).series) labelsOf(key, DEFAULT_WRITE_LIMITS);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(write_invalid|body_too_large)$/) });
        }
      }),
      { seed: 4, numRuns: 2_000 },
    );
  });
});
