import { METRIC_NAME, type Labels } from '../../config/model/labels.ts';
import { metricOf } from '../../config/model/metrics.ts';
import type { OutgoingSeries } from '../../config/wire/remote-write.ts';
import type { FoundReading } from '../snmp/rows.ts';
import type { DeviceState, Known, Polling } from '../snmp/device.ts';

/**
 * The series of a poll as the page shows them: `device_up`, and the readings that changed or, with `isWhole`, all that are known.
 */
export function outgoingSeries(
  device: string,
  polling: Polling,
  isWhole: boolean,
): readonly OutgoingSeries[] {
  const { state, changed, wasUp, atMs } = polling;
  const one = (labels: Labels, value: number): OutgoingSeries => ({
    labels,
    timesMs: [atMs],
    values: Float64Array.of(value),
  });
  const series: OutgoingSeries[] = [];
  const isNews = wasUp !== state.isUp || changed.length > 0;
  if (isWhole || isNews) series.push(one({ [METRIC_NAME]: 'device_up', device }, state.isUp ? 1 : 0));
  if (!state.isUp || state.known === undefined) return series;
  const { readings } = state.known;
  const indexes = isWhole ? [...readings.keys()] : changed;
  const lines = [
    ...indexes.flatMap((index) => readingLines(device, state.known, index)),
    ...(isWhole ? deviceLines(device, state) : []),
  ];
  return [...series, ...lines.map(([labels, value]) => one(labels, value))];
}

type SeriesLine = readonly [labels: Labels, value: number];

/** What is told of the device itself beside whether it is up. */
function deviceLines(device: string, { known, pollDurationMs }: DeviceState): readonly SeriesLine[] {
  const duration = [
    { [METRIC_NAME]: 'device_poll_duration_seconds', device },
    pollDurationMs / 1000,
  ] as const;
  const info = known?.info ?? {};
  if (Object.keys(info).length === 0) return [duration];
  return [duration, [{ [METRIC_NAME]: 'device_info', device, ...info }, 1]];
}

function readingLines(device: string, known: Known | undefined, index: number): readonly SeriesLine[] {
  const reading = known?.readings[index];
  const value = known?.values[index] ?? Number.NaN;
  return reading === undefined || Number.isNaN(value) ? [] : linesOf(device, reading, value);
}

function linesOf(
  device: string,
  { metric, labels, states }: FoundReading,
  value: number,
): readonly SeriesLine[] {
  const own = { [METRIC_NAME]: metric, device, ...labels };
  if (states === undefined) return [[own, value]];
  const told = new Set(states.values());
  return Object.keys(metricOf(metric)?.states ?? {})
    .filter((state) => told.has(state))
    .map((state) => [{ ...own, state }, states.get(value) === state ? 1 : 0] as const);
}
