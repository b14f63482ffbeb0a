import { maySend } from '../../config/model/access.ts';
import type { Topic } from '../../config/model/api.ts';
import type { Route } from './route.ts';
import type { Account } from './session.ts';

/** What a page follows at the live socket beside the overview; nothing that its reader may not see. */
export function topicsOf(route: Route, { roles, isDisplay }: Account): readonly Topic[] {
  const topics = wantedBy(route);
  return !isDisplay && maySend(roles, { type: 'subscribe', topics }) ? topics : [];
}

function wantedBy(route: Route): readonly Topic[] {
  if (route.page === 'device') return [`device:${route.device}`];
  return route.page === 'watch' || route.page === 'handover' ? ['board'] : [];
}
