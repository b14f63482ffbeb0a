import type { GrowthBody } from '../../config/model/growth-api.ts';
import type { Growth } from '../growth/growth.ts';
import type { ApiPlugin } from './api.ts';

/** What history takes, how long there is room, and what fills up. */
export function growthRoutes({ growth }: { readonly growth: Pick<Growth, 'body'> }): ApiPlugin {
  return (api) => {
    api.get('/api/growth', (): Promise<GrowthBody> => growth.body());
  };
}
