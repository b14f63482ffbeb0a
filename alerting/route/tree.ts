import type { RouteSettings } from '../../config/notify-routes.ts';
import { compileMatchers, formatMatchers } from '../../config/runtime/matchers.ts';
import type { Route } from './route.ts';

/** Makes the route tree of its settings, whose conditions the loader has checked. */
export function treeOf(settings: RouteSettings): Route {
  return node(settings, formatMatchers(settings.matchers));
}

function node(settings: RouteSettings, id: string): Route {
  const ids = settings.routes.map(({ matchers }) => `${id}/${formatMatchers(matchers)}`);
  return {
    ...settings,
    id,
    accepts: compileMatchers(settings.matchers),
    routes: settings.routes.map((child, index) => {
      const own = ids[index] ?? id;
      const before = ids.slice(0, index).filter((other) => other === own).length;
      // Siblings of equal conditions differ in who they tell; the order tells them apart.
      return node(child, before === 0 ? own : `${own}#${before}`);
    }),
  };
}
