import { defined } from './model/defined.ts';
import { metricOf, type MetricName } from './model/metrics.ts';
import type { TrapCondition, TrapRule } from './model/profile.ts';
import { expression, type Check, type Path } from './profile-check.ts';
import type { TrapRuleFile } from './schema/profile-traps.ts';

/** What a trap means, held against the catalogue. */
export function trapRule(
  { oid, name, when = [], tells = [] }: TrapRuleFile,
  path: Path,
  check: Check,
): TrapRule {
  return {
    oid: check.oid(oid, [...path, 'oid']),
    name,
    conditions: when.map((one, index) => conditionOf(one, [...path, 'when', index], check)),
    tells: tells.map((one, index) => tellOf(one, [...path, 'tells', index], check)),
  };
}

function conditionOf(
  { oid, is, matches }: NonNullable<TrapRuleFile['when']>[number],
  path: Path,
  check: Check,
): TrapCondition {
  if (is === undefined && matches === undefined) check.fault(path, 'needs is or matches');
  return defined({
    oid: check.oid(oid, [...path, 'oid']),
    is: is?.map(String),
    matches: matches === undefined ? undefined : expression(matches, [...path, 'matches'], check),
  });
}

function tellOf(
  { metric, state, value, index_of: indexOf }: NonNullable<TrapRuleFile['tells']>[number],
  path: Path,
  check: Check,
): TrapRule['tells'][number] {
  const known = metricOf(metric);
  if (known === undefined) check.fault([...path, 'metric'], `${metric} is no metric of the catalogue`);
  else if (known.states === undefined) {
    if (value === undefined || state !== undefined)
      check.fault(path, `${metric} needs a value, and no state`);
  } else if (state === undefined || value !== undefined)
    check.fault(path, `${metric} needs a state, and no value`);
  else if (!Object.hasOwn(known.states, state))
    check.fault([...path, 'state'], `${metric} has no state ${state}`);
  return defined({
    metric: metric as MetricName,
    state,
    value,
    indexOf: indexOf && check.oid(indexOf, [...path, 'index_of']),
  });
}
