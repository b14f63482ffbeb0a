import type { AlertInstance } from '../../config/model/alert.ts';
import { levelOf } from '../../config/model/severity.ts';
import { isDangerToLife } from '../danger.ts';
import type { Route } from '../route/route.ts';

/** Whether it must not wait long, though it may have to wait: in a flood it takes the next word along. */
export function isPressing(alert: AlertInstance, { urgent }: Pick<Route, 'urgent'>): boolean {
  return alert.severity === 'critical' || urgent.includes(alert.severity) || isDangerToLife(alert);
}

/** Gravest first, then oldest. */
export function byUrgency(a: AlertInstance, b: AlertInstance): number {
  return levelOf(a.severity) - levelOf(b.severity) || firedAtMs(a) - firedAtMs(b);
}

/** When it fired; an instance that never did counts as the latest. */
export function firedAtMs({ phase }: AlertInstance): number {
  return phase.kind === 'pending' ? Number.POSITIVE_INFINITY : phase.firedAtMs;
}
