import { describe, expect, it } from 'vitest';
import { METRICS, type Metric } from '../../../../config/model/metrics.ts';

const ALL: readonly (readonly [string, Metric])[] = Object.entries(METRICS);

/** What Prometheus asks of a name: the base unit at its end, `_total` for counters and only for them. */
function lintMetric(name: string, { type, unit, help }: Metric): readonly string[] {
  const faults: string[] = [];
  const stem = name.replace(/_total$/, '');
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) faults.push('is no snake_case');
  if ((type === 'counter') !== name.endsWith('_total')) faults.push('_total is for counters');
  const hasUnit = !['none', 'state', 'flag', 'count'].includes(unit);
  if (hasUnit && !stem.endsWith(`_${unit}`)) faults.push(`does not end in ${unit}`);
  if (!help.endsWith('.') || help.length < 10) faults.push('has no sentence as help');
  return faults.map((fault) => `${name} ${fault}`);
}

describe('the catalogue', () => {
  it('names every metric as Prometheus asks, in base units', () => {
    expect(ALL.flatMap(([name, metric]) => lintMetric(name, metric))).toEqual([]);
    expect(ALL.length).toBeGreaterThan(150);
  });

  it('a name in a foreign unit would be told', () => {
    const metric: Metric = { type: 'gauge', unit: 'seconds', help: 'Time on battery.', labels: [] };
    expect(lintMetric('ups_runtime_minutes', metric)).toEqual([
      'ups_runtime_minutes does not end in seconds',
    ]);
    expect(lintMetric('ups_runtime_seconds_total', metric)).toHaveLength(1);
  });

  it('every state set has a state that is no alarm, and labels are told once', () => {
    for (const [name, { type, states, labels }] of ALL) {
      expect(type === 'state', name).toBe(states !== undefined);
      if (states !== undefined) expect(Object.values(states), name).toContain(undefined);
      expect(new Set(labels).size, name).toBe(labels.length);
    }
  });
});
