import { labelsKey, type Labels } from '../../config/model/labels.ts';
import type { RouteSettings } from '../../config/notify-routes.ts';
import type { LabelTest } from '../../config/runtime/matchers.ts';

/** A node of the route tree, ready to be asked. */
export interface Route extends Omit<RouteSettings, 'matchers' | 'routes'> {
  /** The way to it from the root by its conditions; equal over restarts and reloads. */
  readonly id: string;
  readonly accepts: LabelTest;
  readonly routes: readonly Route[];
}

/**
 * The routes that tell of an alert with these labels: the deepest on each way that accepts it. The first child that
 * does counts, and the ones after it only where it says `continue` (Alertmanager, `dispatch.Route.Match`).
 */
export function routesOf(route: Route, labels: Labels): readonly Route[] {
  if (!route.accepts(labels)) return [];
  const found: Route[] = [];
  for (const child of route.routes) {
    const deeper = routesOf(child, labels);
    found.push(...deeper);
    if (deeper.length > 0 && !child.continues) break;
  }
  return found.length === 0 ? [route] : found;
}

/** The labels that all alerts of the group share by its route's `group_by`. */
export function groupLabelsOf({ groupBy }: Pick<Route, 'groupBy'>, labels: Labels): Labels {
  if (groupBy === 'all') return labels;
  return Object.fromEntries(
    groupBy.flatMap((name) => {
      const value = labels[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** Names a group; equal for equal routes and labels over restarts. */
export function groupKeyOf({ id }: Pick<Route, 'id'>, groupLabels: Labels): string {
  return `${id}:${labelsKey(groupLabels)}`;
}
