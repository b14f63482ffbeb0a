import type { ReadingView } from '../../config/model/api.ts';
import { defined } from '../../config/model/defined.ts';
import { labelsKey, METRIC_NAME, without } from '../../config/model/labels.ts';
import { METRICS, metricOf, severityOfState, SITE_FACTS } from '../../config/model/metrics.ts';
import { graver, type Severity } from '../../config/model/severity.ts';
import type { LatestSample } from '../series/series.ts';

/** The label that tells which state a series of a state set stands for. */
const STATE = 'state';

/** Flags that are an alarm by themselves. */
const ALARM_FLAGS: Readonly<Record<string, Severity>> = {
  leak_detected: 'critical',
  smoke_detected: 'critical',
};

const ORDER = new Map(Object.keys(METRICS).map((metric, index) => [metric, index]));

/** The samples of a device as a page shows them: a state set is one reading, the catalogue's order is theirs. */
export function readingsOf(samples: readonly LatestSample[]): readonly ReadingView[] {
  return samples
    .map(readingOf)
    .filter((reading) => reading !== undefined)
    .map((reading) => ({ reading, key: labelsKey(reading.labels) }))
    .sort((a, b) => compareMetrics(a.reading.metric, b.reading.metric) || (a.key < b.key ? -1 : 1))
    .map(({ reading }) => reading);
}

/** Series that bear a device's label without being told by the device: of the site's files, and of alert rules. */
const NOT_READINGS: ReadonlySet<string> = new Set([...Object.keys(SITE_FACTS), 'ALERTS', 'ALERTS_FOR_STATE']);

function readingOf({ labels, value, atMs }: LatestSample): ReadingView | undefined {
  const metric = labels[METRIC_NAME] ?? '';
  if (NOT_READINGS.has(metric)) return undefined;
  const own = without(labels, METRIC_NAME, 'device', 'job', 'instance');
  const states = metricOf(metric)?.states;
  if (states === undefined)
    return defined({ metric, labels: own, value, severity: flagSeverity(metric, value), atMs });
  const state = labels[STATE];
  if (state === undefined || value !== 1) return undefined;
  return defined({
    metric,
    labels: without(own, STATE),
    value: Object.keys(states).indexOf(state),
    state,
    severity: severityOfState(metric, state),
    atMs,
  });
}

function flagSeverity(metric: string, value: number): Severity | undefined {
  return value === 1 && Object.hasOwn(ALARM_FLAGS, metric) ? ALARM_FLAGS[metric] : undefined;
}

/** The gravest of what the readings say of themselves. */
export function severityOf(readings: readonly ReadingView[]): Severity | undefined {
  return readings.reduce<Severity | undefined>(
    (gravest, { severity }) => graver(gravest, severity),
    undefined,
  );
}

/** Those of the catalogue in its order, then the others by name. */
function compareMetrics(a: string, b: string): number {
  const byCatalogue = (ORDER.get(a) ?? ORDER.size) - (ORDER.get(b) ?? ORDER.size);
  if (byCatalogue !== 0) return byCatalogue;
  return a === b ? 0 : a < b ? -1 : 1;
}
