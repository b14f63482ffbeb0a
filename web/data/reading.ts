import type { ReadingView } from '../../config/model/api.ts';
import { formatLabels, without } from '../../config/model/labels.ts';
import { graver, levelOf } from '../../config/model/severity.ts';
import { metricOf } from '../../config/model/metrics.ts';
import { unitOf, type Format, type Quantity } from '../i18n/format.ts';
import type { Words } from '../i18n/words.ts';

/** What a reading is: a word for states and flags, else a quantity. */
export function readingText(reading: ReadingView, words: Words, format: Format): Quantity {
  if (reading.state !== undefined) return { number: words.state(reading.metric, reading.state), unit: '' };
  if (unitOf(reading.metric) === 'flag') {
    return { number: words.state(reading.metric, String(reading.value)), unit: '' };
  }
  return format.quantity(reading.value, unitOf(reading.metric));
}

/** Labels whose value says too little alone. */
const PREFIXES: Readonly<Record<string, string>> = { line: 'L', cpu: 'CPU ' };

/** What sets one reading apart from the others of its metric: `L1`, `eth0`. */
export function labelText(labels: ReadingView['labels']): string {
  return Object.entries(without(labels, 'device', 'job', 'instance', '__name__'))
    .filter(([, value]) => value !== '')
    .map(([name, value]) => (/^\d+$/.test(value) ? (PREFIXES[name] ?? '') + value : value))
    .join(' · ');
}

export function readingName(reading: Pick<ReadingView, 'metric' | 'labels'>, words: Words): string {
  const label = labelText(reading.labels);
  const name = words.metric(reading.metric);
  return label === '' ? name : `${name} · ${label}`;
}

/** Equal for the same quantity of a device, whatever its value. */
export function readingKey({ metric, labels }: Pick<ReadingView, 'metric' | 'labels'>): string {
  return metric + formatLabels(labels);
}

/** Whether a chart of it says anything: states, flags and descriptions have no curve. */
export function hasCurve(metric: string): boolean {
  const unit = unitOf(metric);
  return metricOf(metric)?.type !== 'state' && unit !== 'timestamp_seconds' && metric !== 'device_info';
}

function isTelling(a: ReadingView, b: ReadingView): boolean {
  if (a.severity !== b.severity) return graver(a.severity, b.severity) === a.severity;
  // Of ports and answers the one that fails tells more, of everything else the highest.
  return unitOf(a.metric) === 'flag' && a.metric.endsWith('_up') ? a.value < b.value : a.value > b.value;
}

/** What a tile shows of a headline: one reading for each metric, the most telling of its lines, ports or sensors. */
export function tileReadings(headline: readonly ReadingView[]): readonly ReadingView[] {
  const byMetric = new Map<string, ReadingView>();
  for (const reading of headline) {
    const present = byMetric.get(reading.metric);
    if (present === undefined || isTelling(reading, present)) byMetric.set(reading.metric, reading);
  }
  return [...byMetric.values()];
}

/** What is wrong first, else as the device told it, the lines of one metric together. */
export function inReadingOrder(readings: readonly ReadingView[]): readonly ReadingView[] {
  const metrics = [...new Set(readings.map(({ metric }) => metric))];
  const rank = ({ metric, severity }: ReadingView): number =>
    (severity === undefined ? 4 : levelOf(severity) - 1) * metrics.length + metrics.indexOf(metric);
  return [...readings].sort((a, b) => rank(a) - rank(b));
}
