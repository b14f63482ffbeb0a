import { fastifyStatic } from '@fastify/static';
import type { FastifyReply } from 'fastify';
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Api } from './api.ts';

const NOT_BUILT = 'The pages have not been built yet. Run: npm run build\n';

/** Their names change with their content, so a browser may keep them for ever. */
const IMMUTABLE_FOLDER = 'assets';

/** The built pages. They are public, since one of them is the sign-in; what they show comes from routes that are not. */
export async function serveWebFiles(api: Api, folder: string): Promise<void> {
  await api.register(fastifyStatic, {
    root: folder,
    serve: false,
    cacheControl: false,
    dotfiles: 'deny',
    redirect: false,
    suppressWarning: true,
    setHeaders(reply, path) {
      const isImmutable = path.startsWith(join(folder, IMMUTABLE_FOLDER) + sep);
      reply.header('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  api.get('/*', (request, reply) => {
    const pathname = URL.parse(request.url, 'http://localhost')?.pathname;
    if (pathname === undefined || pathname.startsWith('/api/')) throw nothingThere();
    return isPageAddress(pathname) ? sendPage(reply, folder) : reply.sendFile(pathname);
  });
  // A file that is not there ends here, too.
  api.setNotFoundHandler(() => {
    throw nothingThere();
  });
}

function nothingThere(): WatchkeeperError {
  return new WatchkeeperError('not_found', 'There is nothing at this address.');
}

/** Addresses of pages have no dot in their last part; which page it is, the browser finds out. */
function isPageAddress(pathname: string): boolean {
  return !pathname.slice(pathname.lastIndexOf('/')).includes('.');
}

function sendPage(reply: FastifyReply, folder: string): FastifyReply {
  if (existsSync(join(folder, 'index.html'))) return reply.sendFile('index.html');
  return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
}
