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
    const own = namesOf(labels);
    output.push([phase.kind === 'pending' ? own.pending : own.firing, 1]);
    output.push([own.since, phase.sinceMs / 1000]);
  }
  return output;
}

/** What the series of an instance are called; each made when it is first written: most alerts never wait. */
class Names {
  readonly since: Labels;
  readonly #labels: Labels;
  #pending: Labels | undefined;
  #firing: Labels | undefined;

  constructor(labels: Labels) {
    this.#labels = labels;
    this.since = { ...labels, [METRIC_NAME]: 'ALERTS_FOR_STATE' };
  }

  get pending(): Labels {
    this.#pending ??= { ...this.#labels, [METRIC_NAME]: 'ALERTS', alertstate: 'pending' };
    return this.#pending;
  }

  get firing(): Labels {
    this.#firing ??= { ...this.#labels, [METRIC_NAME]: 'ALERTS', alertstate: 'firing' };
    return this.#firing;
  }
}

const names = new WeakMap<Labels, Names>();

function namesOf(labels: Labels): Names {
  const known = names.get(labels) ?? new Names(labels);
  names.set(labels, known);
  return known;
}

/** Writes the output of a rule, and ends what it wrote before and does not write now. */
export function writeSeries(sink: RuleSeriesSink, output: Output, atMs: number, before: Written): Written {
  if (output.length === 0 && before.size === 0) return before;
  let isFresh = false;
  for (const [labels, value] of output) {
    const known = before.get(keyOf(labels));
    isFresh ||= known === undefined;
    sink.append(known ?? labels, atMs, value);
  }
  // No two of an output have the same labels: as many as before, and none that is new, are the same.
  if (!isFresh && output.length === before.size) return before;
  const written = new Map(output.map(([labels]) => [keyOf(labels), before.get(keyOf(labels)) ?? labels]));
  for (const [key, labels] of before) if (!written.has(key)) sink.end(labels, atMs);
  return written;
}

const keys = new WeakMap<Labels, string>();

/** Most labels are the very ones that were written before. */
function keyOf(labels: Labels): string {
  const known = keys.get(labels);
  if (known !== undefined) return known;
  const key = labelsKey(labels);
  keys.set(labels, key);
  return key;
}
