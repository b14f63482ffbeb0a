import type { Labels } from '../../config/model/labels.ts';
import { metricOf } from '../../config/model/metrics.ts';
import { formatValue, linePrefix, type PageSource } from './text.ts';

/** A series that a source has for as long as its block lives. */
export interface BlockSeries {
  readonly metric: string;
  readonly labels: Labels;
  /** Of a state set: the number that the device tells → its state. */
  readonly states?: ReadonlyMap<number, string>;
}

interface Line {
  /** Where its value is. */
  readonly index: number;
  readonly prefix: string;
  /** Of a state set: the numbers that mean this line's state. */
  readonly numbers?: ReadonlySet<number>;
}

/**
 * The lines of series whose values come anew with each poll: prefixes are written once. A series whose value is NaN is
 * absent. A state set has one line for each state that the device can tell, 1 for the present one.
 */
export function createBlock(
  device: string,
  series: readonly BlockSeries[],
): (values: Float64Array) => PageSource {
  const byMetric = new Map<string, Line[]>();
  series.forEach((one, index) => {
    const lines = byMetric.get(one.metric) ?? [];
    lines.push(...linesOf(device, one, index));
    byMetric.set(one.metric, lines);
  });
  return (values) => ({
    write(append) {
      for (const [metric, lines] of byMetric) append(metric, textOf(lines, values));
    },
  });
}

function textOf(lines: readonly Line[], values: Float64Array): string {
  let text = '';
  for (const { index, prefix, numbers } of lines) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (numbers === undefined) text += `${prefix}${formatValue(value)}\n`;
    else text += numbers.has(value) ? `${prefix}1\n` : `${prefix}0\n`;
  }
  return text;
}

function linesOf(device: string, { metric, labels, states }: BlockSeries, index: number): readonly Line[] {
  if (states === undefined) return [{ index, prefix: linePrefix(metric, { device, ...labels }) }];
  const told = new Set(states.values());
  const names = Object.keys(metricOf(metric)?.states ?? {}).filter((state) => told.has(state));
  return names.map((state) => ({
    index,
    prefix: linePrefix(metric, { device, ...labels, state }),
    numbers: new Set([...states].filter(([, name]) => name === state).map(([number]) => number)),
  }));
}
