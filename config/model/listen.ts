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
