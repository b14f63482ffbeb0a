import { nothingWritten } from '../../alerting/engine/alert-series.ts';
import type { RuleRun } from '../../alerting/engine/group.ts';
import { instance } from './alerts.ts';

/** A rule at work whose one alert, `abc123`, is held. */
export function heldRun(): RuleRun {
  const held = instance({
    fingerprint: 'abc123',
    labels: { alertname: 'TooHot', severity: 'critical', device: 'climate-1' },
    phase: { kind: 'held', sinceMs: 1, firedAtMs: 1, heldSinceMs: 2 },
  });
  return {
    rule: {
      kind: 'alert',
      id: 'TooHot',
      file: '',
      line: 1,
      name: 'TooHot',
      query: '1',
      expression: { evaluate: () => [], unfiltered: () => [] },
      forMs: 0,
      keepFiringForMs: 0,
      labels: {},
      annotations: {},
      holds: true,
    },
    instances: new Map([[held.fingerprint, held]]),
    written: nothingWritten({ kind: 'alert', name: 'TooHot' }),
    awaited: new Set(),
    health: 'ok',
  };
}
