import { metricOf } from './model/metrics.ts';
import { TOLD_UNITS } from './model/told-units.ts';
import type { Check, Path } from './profile-check.ts';

/** What a rule says of its reading's meaning. */
export interface Meaning {
  readonly metric: string;
  readonly unit?: string;
  readonly states?: Readonly<Record<string, string>>;
}

/** Holds a rule against the catalogue: the metric, its labels, its states. */
export function checkMeaning(file: Meaning, labels: readonly string[], path: Path, check: Check): void {
  const metric = metricOf(file.metric);
  if (metric === undefined) {
    check.fault([...path, 'metric'], `${file.metric} is no metric of the catalogue`);
    return;
  }
  for (const label of labels.filter((name) => !metric.labels.includes(name)))
    check.fault([...path, 'labels', label], `${file.metric} has no label ${label}`);
  checkUnit(file, metric.unit, path, check);
  if ((metric.states === undefined) !== (file.states === undefined))
    check.fault(path, metric.states === undefined ? `${file.metric} has no states` : 'needs states');
  for (const [number, name] of Object.entries(file.states ?? {}))
    if (metric.states !== undefined && !Object.hasOwn(metric.states, name))
      check.fault([...path, 'states', number], `${file.metric} has no state ${name}`);
}

/** Powers are told in watts even where a reactive or apparent one is meant; nothing else is mixed up. */
function checkUnit({ metric, unit }: Meaning, base: string, path: Path, check: Check): void {
  if (unit === undefined) return;
  const told = TOLD_UNITS[unit];
  if (told === undefined) check.fault([...path, 'unit'], `${unit} is no unit that is known here`);
  else if (told.unit !== base)
    check.fault([...path, 'unit'], `${metric} is in ${base}, ${unit} in ${told.unit}`);
}
