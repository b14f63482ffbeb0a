import type { Site } from '../../config/model/site.ts';
import type { Route } from '../data/route.ts';
import { Loading } from '../parts/notice.tsx';

export function WallPage(_props: {
  readonly site: Site;
  readonly route?: Route;
  readonly room?: string | undefined;
}) {
  return <Loading />;
}
