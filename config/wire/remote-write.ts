import { messageOf, WatchkeeperError } from '../model/errors.ts';
import { METRIC_NAME, type Labels } from '../model/labels.ts';
import { createWireWriter, WireReader } from './protobuf.ts';
import { snappyPack, snappyUnpack } from './snappy.ts';

/** Headers that a remote_write 1.0 request carries beside its authorization. */
export const REMOTE_WRITE_HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
} as const;

/** Samples of one series to be written, oldest first; `timesMs[i]` belongs to `values[i]`. */
export interface OutgoingSeries {
  /** With `__name__`. */
  readonly labels: Labels;
  readonly timesMs: ArrayLike<number>;
  /** May hold staleness markers (`markStale`): their bits are kept. */
  readonly values: Float64Array;
}

/** Bounds for one request. */
export interface WriteLimits {
  readonly maxBytes: number;
  readonly maxSeries: number;
  readonly maxSamples: number;
  readonly maxLabels: number;
  /** Of a name or a value, in bytes of UTF-8. */
  readonly maxLabelBytes: number;
}

export const DEFAULT_WRITE_LIMITS: WriteLimits = {
  maxBytes: 32 * 1024 * 1024,
  maxSeries: 100_000,
  maxSamples: 1_000_000,
  maxLabels: 64,
  maxLabelBytes: 4_096,
};

/** One series of a request: its samples are `start <= i < end` of the request's columns. */
export interface IncomingSeries {
  /** The labels as they came, a character for each byte: equal texts are equal labels. `labelsOf` reads them. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

export interface IncomingWrite {
  readonly series: readonly IncomingSeries[];
  readonly timesMs: Float64Array;
  /** May hold staleness markers (`isStale`). */
  readonly values: Float64Array;
}

/** A request of remote_write 1.0: protobuf, packed with snappy. */
export function encodeWrite(series: readonly OutgoingSeries[]): Uint8Array {
  const writer = createWireWriter();
  for (const { labels, timesMs, values } of series) {
    let index = 0;
    const writeSample = (): void => {
      writer.double(SAMPLE_VALUE, values, index);
      writer.integer(SAMPLE_TIME, timesMs[index] ?? 0);
    };
    writer.message(WRITE_SERIES, () => {
      for (const name of Object.keys(labels).sort()) {
        writer.message(SERIES_LABELS, () => {
          writer.text(LABEL_NAME, name);
          writer.text(LABEL_VALUE, labels[name] ?? '');
        });
      }
      for (; index < values.length; index += 1) writer.message(SERIES_SAMPLES, writeSample);
    });
  }
  return snappyPack(writer.bytes());
}

/**
 * Reads a request of remote_write 1.0. Metadata, exemplars and native histograms are passed over.
 * @throws {WatchkeeperError} `body_too_large` or `write_invalid`, saying what is wrong and in which series.
 */
export function decodeWrite(body: Uint8Array, limits: WriteLimits = DEFAULT_WRITE_LIMITS): IncomingWrite {
  const reader = new WireReader(snappyUnpack(body, limits.maxBytes));
  const columns = createColumns(limits.maxSamples);
  const series: IncomingSeries[] = [];
  try {
    for (let field = reader.next(reader.length); field > 0; field = reader.next(reader.length)) {
      if (field !== WRITE_SERIES) reader.skip(reader.length);
      else if (series.length >= limits.maxSeries) throw tooMany(limits.maxSeries, 'series');
      else series.push(readSeries(reader, reader.enter(reader.length), { columns, limits }));
    }
  } catch (cause) {
    if (!(cause instanceof WatchkeeperError)) throw cause;
    throw new WatchkeeperError(cause.code, `series ${series.length + 1}: ${messageOf(cause)}`, { cause });
  }
  return { series, ...columns.take() };
}

/**
 * The labels of a key, checked.
 * @returns them, or in words what is wrong with them.
 */
export function labelsOf(key: string, { maxLabels, maxLabelBytes }: WriteLimits): Labels | string {
  const reader = new WireReader(Buffer.from(key, 'latin1'));
  const labels = new Map<string, string>();
  while (reader.next(reader.length) > 0) {
    if (labels.size >= maxLabels) return `there are more than ${maxLabels} labels`;
    const [name, value] = readLabel(reader, reader.enter(reader.length));
    if (Math.max(Buffer.byteLength(name), Buffer.byteLength(value)) > maxLabelBytes) {
      return `the label ${name.slice(0, TOLD_CHARS)} is longer than ${maxLabelBytes} bytes`;
    }
    if (name === '') return 'a label has no name';
    if (labels.has(name)) return `the label ${name} is there twice`;
    labels.set(name, value);
  }
  if ((labels.get(METRIC_NAME) ?? '') === '') return 'the metric has no name';
  return Object.fromEntries([...labels].filter(([, value]) => value !== ''));
}

/** So much of a name that is too long is told. */
const TOLD_CHARS = 40;

// Field numbers of prometheus/prompb remote.proto and types.proto.
const WRITE_SERIES = 1;
const SERIES_LABELS = 1;
const SERIES_SAMPLES = 2;
const LABEL_NAME = 1;
const LABEL_VALUE = 2;
const SAMPLE_VALUE = 1;
const SAMPLE_TIME = 2;

function readSeries(
  reader: WireReader,
  end: number,
  { columns, limits }: { readonly columns: Columns; readonly limits: WriteLimits },
): IncomingSeries {
  const start = columns.count();
  const maxKey = limits.maxLabels * 2 * (limits.maxLabelBytes + 8);
  let key = '';
  // Labels stand behind each other, mostly: read in one piece, the key is in one piece.
  let labels = { from: reader.at, to: reader.at };
  const endLabels = (): void => {
    if (labels.to > labels.from) key += reader.latin1(labels.from, labels.to);
    if (key.length > maxKey) throw invalid('its labels are too long');
  };
  for (
    let from = reader.at, field = reader.next(end);
    field > 0;
    from = reader.at, field = reader.next(end)
  ) {
    if (field === SERIES_LABELS) {
      reader.skip(end);
      // With its tag and its length: the labels can be read again, and no two sets have one key.
      if (labels.to !== from) {
        endLabels();
        labels = { from, to: from };
      }
      labels.to = reader.at;
    } else if (field === SERIES_SAMPLES) readSample(reader, reader.enter(end), columns);
    else reader.skip(end);
  }
  endLabels();
  if (key === '') throw invalid('it has no labels');
  return { key, start, end: columns.count() };
}

function readSample(reader: WireReader, end: number, columns: Columns): void {
  // Zero is not written: a field that is absent is 0.
  const at = columns.add();
  for (let field = reader.next(end); field > 0; field = reader.next(end)) {
    if (field === SAMPLE_VALUE) reader.copyDouble(end, columns.valueBytes(), 8 * at);
    else if (field === SAMPLE_TIME) columns.setTime(at, reader.integer(end));
    else reader.skip(end);
  }
}

function readLabel(reader: WireReader, end: number): readonly [name: string, value: string] {
  let name = '';
  let value = '';
  for (let field = reader.next(end); field > 0; field = reader.next(end)) {
    if (field === LABEL_NAME) name = reader.text(end);
    else if (field === LABEL_VALUE) value = reader.text(end);
    else reader.skip(end);
  }
  return [name, value];
}

interface Columns {
  count(): number;
  /** Makes room for one more sample, at the instant 0 with the value 0, and says where. */
  add(): number;
  setTime(at: number, atMs: number): void;
  valueBytes(): Uint8Array;
  take(): Pick<IncomingWrite, 'timesMs' | 'values'>;
}

function createColumns(maxSamples: number): Columns {
  let timesMs = new Float64Array(1_024);
  let values = new Float64Array(1_024);
  let bytes = new Uint8Array(values.buffer);
  let count = 0;
  const grow = (): void => {
    const [olderTimes, olderValues] = [timesMs, values];
    timesMs = new Float64Array(count * 2);
    values = new Float64Array(count * 2);
    bytes = new Uint8Array(values.buffer);
    timesMs.set(olderTimes);
    values.set(olderValues);
  };
  return {
    count: () => count,
    add() {
      if (count >= maxSamples) throw tooMany(maxSamples, 'samples');
      if (count === timesMs.length) grow();
      count += 1;
      return count - 1;
    },
    setTime(at, atMs) {
      timesMs[at] = atMs;
    },
    valueBytes: () => bytes,
    take: () => ({ timesMs: timesMs.subarray(0, count), values: values.subarray(0, count) }),
  };
}

function tooMany(limit: number, what: string): WatchkeeperError {
  return new WatchkeeperError('body_too_large', `there are more than ${limit} ${what}`);
}

function invalid(message: string): WatchkeeperError {
  return new WatchkeeperError('write_invalid', message);
}
