import type { AlertInstance } from '../../config/model/alert.ts';
import { labelsKey, type Labels } from '../../config/model/labels.ts';
import { levelOf } from '../../config/model/severity.ts';
import type { Site } from '../../config/model/site.ts';
import { roomOf } from './place.ts';

/**
 * Alerts that are told together: those of one name in one room, since one cause (the mains, the cooling) shows as the
 * same alert of several devices of a room, and one person goes there.
 */
export interface NotifyGroup {
  /** Equal for equal labels, across restarts. */
  readonly key: string;
  readonly labels: Labels;
  /** Firing, held and lately resolved; gravest first, then oldest. */
  readonly alerts: readonly AlertInstance[];
}

export function groupAlerts(instances: readonly AlertInstance[], site: Site): readonly NotifyGroup[] {
  const groups = new Map<string, { labels: Labels; alerts: AlertInstance[] }>();
  for (const instance of instances) {
    if (instance.phase.kind === 'pending') continue;
    const labels = {
      alertname: instance.labels['alertname'] ?? '',
      room: roomOf(site, instance.labels['device']),
    };
    const key = labelsKey(labels);
    const group = groups.get(key) ?? { labels, alerts: [] as AlertInstance[] };
    group.alerts.push(instance);
    groups.set(key, group);
  }
  return [...groups].map(([key, { labels, alerts }]) => ({ key, labels, alerts: alerts.sort(byUrgency) }));
}

function byUrgency(a: AlertInstance, b: AlertInstance): number {
  return levelOf(a.severity) - levelOf(b.severity) || firedAtMs(a) - firedAtMs(b);
}

/** When it fired; an instance that never did counts as the latest. */
export function firedAtMs({ phase }: AlertInstance): number {
  return phase.kind === 'pending' ? Number.POSITIVE_INFINITY : phase.firedAtMs;
}
