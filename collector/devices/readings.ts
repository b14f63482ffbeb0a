import type { ReadingView } from '../../config/model/api.ts';
import { defined } from '../../config/model/defined.ts';
import { labelsKey, METRIC_NAME, without, type Labels } from '../../config/model/labels.ts';
import { METRICS, metricOf, severityOfState } from '../../config/model/metrics.ts';
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

/** What the labels of a series say of the reading that it is; the same for its whole life. */
export interface ReadingKind {
  readonly metric: string;
  /** Without those that every series of a device has, and without the state's. */
  readonly labels: Labels;
  /** Of a state set: the state that the series stands for, its place among the states and how grave it is. */
  readonly state?: { readonly name: string; readonly index: number; readonly severity: Severity | undefined };
  /** How grave it is when it is 1. */
  readonly flagSeverity?: Severity;
}

/** Devices of a kind have readings of the same kinds: each is made once. */
const kinds = new Map<string, ReadingKind>();
const MAX_KINDS = 20_000;

export function readingKind(labels: Labels): ReadingKind {
  const made = kindOf(labels);
  const key = `${made.metric} ${made.state?.name ?? ''} ${labelsKey(made.labels)}`;
  const known = kinds.get(key);
  if (known !== undefined) return known;
  if (kinds.size >= MAX_KINDS) kinds.clear();
  kinds.set(key, made);
  return made;
}

function kindOf(labels: Labels): ReadingKind {
  const metric = labels[METRIC_NAME] ?? '';
  const states = metricOf(metric)?.states;
  const name = labels[STATE] ?? '';
  return defined({
    metric,
    labels: without(
      labels,
      METRIC_NAME,
      'device',
      'job',
      'instance',
      ...(states === undefined ? [] : [STATE]),
    ),
    state: states && {
      name,
      index: Object.keys(states).indexOf(name),
      severity: severityOfState(metric, name),
    },
    flagSeverity: flagSeverity(metric),
  });
}

/** Whether readings of the metric can be an alarm by themselves. */
export function canAlarm(metric: string): boolean {
  return metricOf(metric)?.states !== undefined || flagSeverity(metric) !== undefined;
}

function flagSeverity(metric: string): Severity | undefined {
  return Object.hasOwn(ALARM_FLAGS, metric) ? ALARM_FLAGS[metric] : undefined;
}

/** A sample as a page shows it; `undefined` for a series of a state set that is not the present state. */
export function readingOf(
  { metric, labels, state, flagSeverity: grave }: ReadingKind,
  { value, atMs }: LatestSample,
): ReadingView | undefined {
  if (state !== undefined) {
    if (value !== 1 || state.index < 0) return undefined;
    return defined({ metric, labels, value: state.index, state: state.name, severity: state.severity, atMs });
  }
  const reading = { metric, labels, value, atMs };
  return grave === undefined || value !== 1 ? reading : { ...reading, severity: grave };
}

/** The gravest of what the readings say of themselves. */
export function severityOf(readings: readonly ReadingView[]): Severity | undefined {
  return readings.reduce<Severity | undefined>(
    (gravest, { severity }) => graver(gravest, severity),
    undefined,
  );
}

/** Those of the catalogue in its order, then the others by name. */
export function inOrder(readings: readonly ReadingView[]): readonly ReadingView[] {
  return readings
    .map((reading) => ({
      reading,
      order: ORDER.get(reading.metric) ?? ORDER.size,
      key: labelsKey(reading.labels),
    }))
    .sort(
      (a, b) =>
        a.order - b.order || compareTexts(a.reading.metric, b.reading.metric) || compareTexts(a.key, b.key),
    )
    .map(({ reading }) => reading);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
