import type { AlertInstance } from '../../config/model/alert.ts';
import { labelsKey, METRIC_NAME, type Labels } from '../../config/model/labels.ts';
import type { RuleSeriesSink } from '../ports.ts';

/** The series that a rule wrote last, by their key, so that those which are not written again can be ended. */
export type Written = ReadonlyMap<string, Labels>;

/** Series and their values at one instant. */
export type Output = readonly (readonly [labels: Labels, value: number])[];

/**
 * `ALERTS` and `ALERTS_FOR_STATE` as Prometheus writes them. A held alert stands as firing: it has not resolved, and
 * a dead band that looks at itself through `ALERTS` must find itself where it was.
 */
export function alertSeries(instances: Iterable<AlertInstance>): Output {
  const output: (readonly [Labels, number])[] = [];
  for (const { labels, phase } of instances) {
    if (phase.kind === 'resolved') continue;
    const alertstate = phase.kind === 'pending' ? 'pending' : 'firing';
    output.push([{ ...labels, [METRIC_NAME]: 'ALERTS', alertstate }, 1]);
    output.push([{ ...labels, [METRIC_NAME]: 'ALERTS_FOR_STATE' }, phase.sinceMs / 1000]);
  }
  return output;
}

/** Writes the output of a rule, and ends what it wrote before and does not write now. */
export function writeSeries(sink: RuleSeriesSink, output: Output, atMs: number, before: Written): Written {
  const written = new Map<string, Labels>();
  for (const [labels, value] of output) {
    const key = labelsKey(labels);
    const known = before.get(key) ?? labels;
    written.set(key, known);
    sink.append(known, atMs, value);
  }
  for (const [key, labels] of before) if (!written.has(key)) sink.end(labels, atMs);
  return written;
}
