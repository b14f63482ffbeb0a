import { isIP } from 'node:net';

/** The names under which this collector is known to browsers. */
export interface OwnSite {
  readonly listenHost: string;
  readonly publicUrl?: string;
  /** Only HTTPS is spoken, so that a page of ours is never one in the clear. */
  readonly isHttps?: boolean;
  /** What else the machine is called by. */
  readonly names?: () => readonly string[];
}

/** The headers of a request by which a browser says where it comes from. */
export interface RequestOrigin {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}

const HOST = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/;

/**
 * Whether a `Host` header names this collector. A foreign name that resolves to our address (DNS rebinding) is
 * refused; an address in numbers cannot be rebound and is always ours.
 */
export function isOwnHost(host: string | undefined, site: OwnSite): boolean {
  const parts = HOST.exec(host?.toLowerCase() ?? '');
  const name = parts?.[1] ?? parts?.[2];
  return name !== undefined && (isIP(name) !== 0 || namesOf(site).includes(name));
}

function namesOf({ listenHost, publicUrl, names }: OwnSite): readonly (string | undefined)[] {
  return ['localhost', listenHost.toLowerCase(), urlOf(publicUrl)?.hostname, ...(names?.() ?? [])];
}

/**
 * Whether a request that acts was made by a page of ours. A browser always says where such a request comes from; one
 * that says nothing is refused.
 */
export function isOwnOrigin(headers: RequestOrigin, { publicUrl, isHttps }: OwnSite): boolean {
  const { origin, host, 'sec-fetch-site': site = 'same-origin' } = headers;
  if (site !== 'same-origin') return false;
  if (origin === undefined) return headers['sec-fetch-site'] !== undefined;
  // A proxy before us may speak HTTPS: where we do not, the scheme of the page is not ours to know.
  const pages = [...(isHttps === true ? [] : [`http://${host ?? ''}`]), `https://${host ?? ''}`, publicUrl];
  return pages.some((page) => urlOf(page)?.origin === origin);
}

function urlOf(text: string | undefined): URL | undefined {
  return URL.parse(text ?? '') ?? undefined;
}
