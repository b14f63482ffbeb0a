import { WatchkeeperError } from '../../config/model/errors.ts';
import { ROOT_PATHS, rootFile } from '../https/root-files.ts';
import type { ApiPlugin } from './api.ts';

/** The page that brings the root of the own authority to PCs and phones, inside as it is in the clear. */
export function rootRoutes({ root }: { readonly root: () => string | undefined }): ApiPlugin {
  return (api) => {
    for (const path of ROOT_PATHS) {
      api.get(path, async (request, reply) => {
        const pem = root();
        if (pem === undefined) throw new WatchkeeperError('not_found', 'There is no own authority here.');
        const { type, body, fileName } = await rootFile(pem, path, request.host);
        if (fileName !== undefined) reply.header('content-disposition', `attachment; filename="${fileName}"`);
        return reply.header('cache-control', 'no-store').type(type).send(body);
      });
    }
  };
}
