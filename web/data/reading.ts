import type { ReadingView } from '../../config/model/api.ts';
import { formatLabels, without } from '../../config/model/labels.ts';
import { graver } from '../../config/model/severity.ts';
import { metricOf } from '../../config/model/metrics.ts';
import type { Quantity } from '../../config/model/quantity.ts';
import { unitOf, type Format } from '../i18n/format.ts';
import type { Words } from '../i18n/words.ts';

/** What a reading is: a word for states and flags, else a quantity. */
export function readingText(reading: ReadingView, words: Words, format: Format): Quantity {
  if (isDescription(reading.metric)) return { number: labelText(reading.labels), unit: '' };
  if (reading.state !== undefined) return { number: words.state(reading.metric, reading.state), unit: '' };
  if (unitOf(reading.metric) === 'flag') {
    return { number: words.state(reading.metric, String(reading.value)), unit: '' };
  }
  return format.quantity(reading.value, unitOf(reading.metric));
}

/** Labels whose value says too little alone. */
const PREFIXES: Readonly<Record<string, string>> = { line: 'L', phase: 'L', cpu: 'CPU ' };

/** Metrics that say something by their labels alone; their value is always 1. */
function isDescription(metric: string): boolean {
  return metric.endsWith('_info');
}

/** Whether a device told it: what it is, and what the site says of it, stand elsewhere on its page. */
export function isTold({ metric }: ReadingView): boolean {
  return metric !== 'device_info' && !metric.startsWith('site_');
}

/** What names a thing comes before what describes it. */
const FIRST_LABELS: readonly string[] = ['interface', 'sensor', 'storage', 'outlet'];

/** What sets one reading apart from the others of its metric: `L1`, `eth0`. */
export function labelText(labels: ReadingView['labels']): string {
  return Object.entries(without(labels, 'device', 'job', 'instance', '__name__'))
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => Number(FIRST_LABELS.includes(b)) - Number(FIRST_LABELS.includes(a)))
    .map(([name, value]) => (/^\d+$/.test(value) ? (PREFIXES[name] ?? '') + value : value))
    .join(' · ');
}

export function readingName(reading: Pick<ReadingView, 'metric' | 'labels'>, words: Words): string {
  const label = isDescription(reading.metric) ? '' : labelText(reading.labels);
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
  return (
    metricOf(metric)?.type !== 'state' &&
    unit !== 'flag' &&
    unit !== 'timestamp_seconds' &&
    !isDescription(metric)
  );
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
