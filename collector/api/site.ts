import type { SiteBody } from '../../config/model/api.ts';
import type { ApiPlugin } from './api.ts';

/** The site as its files describe it. */
export function siteRoutes({ site }: { readonly site: () => SiteBody }): ApiPlugin {
  return (api) => {
    api.get('/api/site', (): SiteBody => site());
  };
}
