import { fastifyCookie } from '@fastify/cookie';
import { fastifyHelmet } from '@fastify/helmet';
import { fastifyRateLimit } from '@fastify/rate-limit';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { fastify } from 'fastify';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  isEveryAddress,
  listenAddress,
  listenFailure,
  parseListen,
  urlHost,
} from '../../config/model/listen.ts';
import { defined } from '../../config/model/defined.ts';
import { maskAddresses } from '../../config/model/mask.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { Log } from '../../config/runtime/log.ts';
import type { Certificate } from '../https/certificate.ts';
import { createDoor } from '../https/door.ts';
import { answerPlainly } from '../https/plain.ts';
import { checkAccess, requireAdmission, type Door } from './access.ts';
import type { Api, ApiPlugin } from './api.ts';
import { guardUpgrades, type LiveEntrance } from './live-door.ts';
import type { OwnSite } from './own-site.ts';
import { refuseWith } from './refusals.ts';
import { serveWebFiles } from './web-files.ts';

const MAX_BODY_BYTES = 64 * 1024;
const REQUEST_DEADLINE_MS = 20_000;
const IDLE_CONNECTION_MS = 60_000;

/** Of one address; a wall of screens behind one address stays far below it. */
const REQUESTS_PER_MINUTE = 1_200;

const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'"],
    'manifest-src': ["'self'"],
    'media-src': ["'self'"],
    'worker-src': ["'self'"],
    // The preview of a mail, a document under a policy of its own.
    'frame-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  },
};

export interface ServerDeps {
  readonly log: Log;
  /** `HOST:PORT`; port 0 lets the system choose. */
  readonly listen: string;
  readonly publicUrl?: string;
  /** Only HTTPS is spoken, by this certificate; absent: in the clear. */
  readonly certificate?: Certificate;
  /** What else the machine is called by. */
  readonly names?: () => readonly string[];
  /** Where the built pages are. */
  readonly webFolder: string;
  readonly door: Door;
  readonly plugins: readonly ApiPlugin[];
  readonly live: LiveEntrance;
  /** What is wrong with this collector; with nothing wrong `/healthz` says that it works. */
  faults(): readonly string[];
}

/** A server that answers. */
export interface Server {
  /** `http://127.0.0.1:8480`, `https://…` */
  readonly page: string;
  /** Where the agent on this machine pushes: in the clear, as it never leaves the machine. */
  readonly push: string;
  stop(): Promise<void>;
}

/**
 * Opens the pages, the interface and the live socket.
 * @throws {WatchkeeperError} `config_invalid` for an address that is none, `port_in_use`.
 */
export async function startServer(deps: ServerDeps): Promise<Server> {
  const address = listenAddress(deps.listen);
  const api = await buildApi(deps);
  try {
    await api.listen(address);
  } catch (error) {
    await api.close();
    throw listenFailure(deps.listen, error);
  }
  const { port } = api.server.address() as AddressInfo;
  const scheme = deps.certificate === undefined ? 'http' : 'https';
  const near = isEveryAddress(address.host) ? '127.0.0.1' : address.host;
  return {
    page: `${scheme}://${urlHost(address.host)}:${port}`,
    push: `http://${urlHost(near)}:${port}`,
    stop: () => api.close(),
  };
}

/** Most routes are hardly ever asked for: what checks their requests is made with the first that comes. */
const compiledWhenAsked: typeof TypeBoxValidatorCompiler = (route) => {
  let check: ReturnType<typeof TypeBoxValidatorCompiler> | undefined;
  return (value) => {
    check ??= TypeBoxValidatorCompiler(route);
    return check(value);
  };
};

/** The server with all its routes, not yet listening. */
export async function buildApi(deps: ServerDeps): Promise<Api> {
  const { log, webFolder, door, plugins, live } = deps;
  const site = siteOf(deps);
  const refuse = refuseWith(log);
  const api: Api = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_DEADLINE_MS,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    forceCloseConnections: true,
    ...(deps.certificate === undefined ? {} : { serverFactory: securedBy(deps.certificate, site) }),
    frameworkErrors: (error, request, reply) => {
      void refuse(error, request, reply);
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  api.setValidatorCompiler(compiledWhenAsked);
  api.setErrorHandler(refuse);
  // A form of another site can send plain text without asking; JSON it cannot.
  api.removeContentTypeParser('text/plain');
  api.decorateRequest('signedIn', undefined);
  api.addHook('onRoute', requireAdmission);
  await api.register(fastifyCookie, { hook: false });
  await api.register(fastifyHelmet, {
    contentSecurityPolicy: CONTENT_SECURITY_POLICY,
    strictTransportSecurity: mayBindBrowsers(deps),
    referrerPolicy: { policy: 'no-referrer' },
  });
  await api.register(fastifyRateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: 60_000,
    cache: 5_000,
    errorResponseBuilder: () =>
      new WatchkeeperError('too_many_requests', 'Too many requests; wait a minute.'),
  });
  api.addHook('onRequest', checkAccess(site, door));
  api.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  });
  // What everybody sees who passes by a screen on the wall.
  api.addHook('onSend', async ({ signedIn }, _reply, payload) =>
    signedIn?.account.isDisplay === true && typeof payload === 'string' ? maskAddresses(payload) : payload,
  );
  api.get('/healthz', (_request, reply) => {
    const faults = deps.faults();
    return reply.code(faults.length === 0 ? 200 : 503).send({ isWorking: faults.length === 0, faults });
  });
  for (const plugin of plugins) plugin(api);
  await serveWebFiles(api, webFolder);
  api.server.on('upgrade', guardUpgrades({ site, door, live, log }));
  return api;
}

function siteOf({ listen, publicUrl, certificate, names }: ServerDeps): OwnSite {
  return defined({
    listenHost: parseListen(listen)?.host ?? '',
    publicUrl,
    isHttps: certificate !== undefined,
    names,
  });
}

/**
 * Whether browsers are told to come by HTTPS alone, for a year: only where they know who made the certificate. By an
 * own authority, who has not installed its root yet could not reach the page that brings it.
 */
function mayBindBrowsers({ certificate, publicUrl }: ServerDeps): boolean {
  return certificate?.isOfSite ?? publicUrl?.startsWith('https:') ?? false;
}

function securedBy(certificate: Certificate, site: OwnSite) {
  return (secured: RequestListener) => {
    const root = certificate.isOfSite ? undefined : certificate.authority.root;
    const server = createDoor(secured, {
      certificate,
      plain: answerPlainly(defined({ site, root, secured })),
    });
    server.requestTimeout = REQUEST_DEADLINE_MS;
    server.keepAliveTimeout = IDLE_CONNECTION_MS;
    return server;
  };
}
