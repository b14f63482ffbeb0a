import { messageOf, WatchkeeperError } from './errors.ts';

/** Where a program listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads `HOST:PORT`, `[::1]:PORT`; port 0 lets the system choose. `undefined` when it is none. */
export function parseListen(text: string): ListenAddress | undefined {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text);
  const host = parts?.[1] ?? parts?.[2];
  const port = Number(parts?.[3]);
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

/**
 * Reads `HOST:PORT` of settings that nothing has checked yet.
 * @throws {WatchkeeperError} `config_invalid`.
 */
export function listenAddress(text: string): ListenAddress {
  const address = parseListen(text);
  if (address !== undefined) return address;
  throw new WatchkeeperError('config_invalid', `${text} is not an address to listen on (HOST:PORT).`);
}

/** Why a program cannot listen there: `port_in_use`, or `config_invalid` for an address that this machine does not have. */
export function listenFailure(listen: string, cause: unknown): WatchkeeperError {
  const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  return isTaken
    ? new WatchkeeperError('port_in_use', `Another program listens on ${listen}.`, { cause })
    : new WatchkeeperError('config_invalid', `Listening on ${listen} failed: ${messageOf(cause)}`, { cause });
}

/** The host as it stands in an address of the web. */
export function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/**
 * The address that a link in a mail begins with: a program that listens on all addresses of a machine is reached by
 * the machine's name.
 */
export function addressForLinks(page: string, hostName: string): string {
  return page.replace(/^(\w+:\/\/)(?:0\.0\.0\.0|\[::\])(?=:)/, `$1${hostName}`);
}

/** Whether only this machine reaches the host. A name is taken at its word. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Whether a program that listens there is reached by every address of its machine. */
export function isEveryAddress(host: string): boolean {
  return host === '0.0.0.0' || /^[0:]+$/.test(host);
}

/** `HOST:PORT` of an address of the web, the port also where it goes without saying. */
export function hostPortOf(page: string): string {
  const [, scheme, host = '', port] = /^(https?):\/\/(\[[^\]]*\]|[^:/]*)(?::(\d+))?/.exec(page) ?? [];
  return `${host}:${port ?? (scheme === 'https' ? '443' : '80')}`;
}
