import type { RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { defined } from '../../config/model/defined.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { isLoopback } from '../../config/model/listen.ts';
import { WRITE_PATH } from '../api/access.ts';
import { isOwnHost, type OwnSite } from '../api/own-site.ts';
import { refusalOf } from '../api/refusals.ts';
import { isRootPath, rootFile, ROOT_POLICY, type RootPath } from './root-files.ts';

export interface PlainDeps {
  readonly site: OwnSite;
  /** PEM; absent where browsers know who made the certificate. */
  readonly root?: string;
  /** Answers what this machine's own agent pushes. */
  readonly secured: RequestListener;
}

/** A request in the clear. */
export interface PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly host: string;
  /** It has not left this machine. */
  readonly isLocal: boolean;
}

/** What becomes of a request in the clear. */
export type PlainVerdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'root'; readonly path: RootPath }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'refuse'; readonly error: WatchkeeperError };

/**
 * The page of the root for everybody, the secured address for whoever only looks, a refusal for whoever acts. The
 * agent beside the collector, which shows a token, is let pass: what it says never leaves the machine.
 */
export function plainVerdict(
  { method, url, host, isLocal }: PlainRequest,
  { site, root }: Pick<PlainDeps, 'site' | 'root'>,
): PlainVerdict {
  const path = URL.parse(url, 'http://localhost');
  if (path?.pathname === WRITE_PATH && method === 'POST' && isLocal) return { kind: 'pass' };
  if (path === null || !isOwnHost(host, site)) return { kind: 'refuse', error: unknownName() };
  const { pathname, search } = path;
  if (!['GET', 'HEAD'].includes(method)) return { kind: 'refuse', error: needsHttps() };
  if (root !== undefined && isRootPath(pathname)) return { kind: 'root', path: pathname };
  return { kind: 'redirect', to: `https://${host}${pathname}${search}` };
}

/** Answers who speaks in the clear, and ends the connection. */
export function answerPlainly({ site, root, secured }: PlainDeps): RequestListener {
  return (request, response) => {
    const { method = '', url = '', socket, headers } = request;
    const { host = '' } = headers;
    const asked = { method, url, host, isLocal: isOfThisMachine(socket) };
    const verdict = plainVerdict(asked, defined({ site, root }));
    response.setHeader('connection', 'close');
    if (verdict.kind === 'pass') return secured(request, response);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cache-control', 'no-store');
    if (verdict.kind === 'refuse') return refuse(response, verdict.error);
    if (verdict.kind === 'redirect') return void response.writeHead(307, { location: verdict.to }).end();
    void sendRoot(response, root ?? '', { path: verdict.path, host });
  };
}

function unknownName(): WatchkeeperError {
  return new WatchkeeperError('bad_origin', 'This name is not known here.');
}

function needsHttps(): WatchkeeperError {
  return new WatchkeeperError('https_required', 'Only HTTPS is spoken here; nothing was done.');
}

function isOfThisMachine({ remoteAddress = '', localAddress }: Socket): boolean {
  return remoteAddress === localAddress || isLoopback(remoteAddress.replace(/^::ffff:/, ''));
}

function refuse(response: ServerResponse, error: WatchkeeperError): void {
  const { status, body } = refusalOf(error);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function sendRoot(
  response: ServerResponse,
  root: string,
  { path, host }: { readonly path: RootPath; readonly host: string },
): Promise<void> {
  try {
    const { type, body, fileName } = await rootFile(root, path, host);
    if (fileName !== undefined)
      response.setHeader('content-disposition', `attachment; filename="${fileName}"`);
    response.setHeader('content-security-policy', ROOT_POLICY);
    response.writeHead(200, { 'content-type': type }).end(body);
  } catch (error) {
    refuse(response, new WatchkeeperError('internal', 'The page could not be made.', { cause: error }));
  }
}
