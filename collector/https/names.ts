import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { isEveryAddress, parseListen, urlHost } from '../../config/model/listen.ts';

/** More addresses than a certificate should carry; a machine with that many runs containers. */
const MAX_NAMES = 64;

export interface Machine {
  readonly hostName: string;
  readonly addresses: readonly string[];
}

/** This machine's name and the addresses by which others reach it. */
export function thisMachine(): Machine {
  const addresses = Object.values(networkInterfaces()).flatMap((all = []) =>
    // A link-local address is written with the interface of the one who asks; no certificate can name it.
    all.filter(({ address }) => !address.startsWith('fe80:')).map(({ address }) => address),
  );
  return { hostName: hostname(), addresses };
}

/**
 * What browsers and agents may call this collector by: names in small letters and addresses, each once. The machine's
 * name and what the settings name come first.
 */
export function ownNames(
  { hostName, addresses }: Machine,
  { listen, publicUrl }: { readonly listen: string; readonly publicUrl?: string },
): readonly string[] {
  const listenHost = parseListen(listen)?.host ?? '';
  const publicHost = URL.parse(publicUrl ?? '')?.hostname.replace(/^\[|\]$/g, '') ?? '';
  const named = [hostName, publicHost, isEveryAddress(listenHost) ? '' : listenHost, 'localhost'];
  const names = [...named, '127.0.0.1', '::1', ...addresses].map((name) => canonical(name));
  return [...new Set(names)].filter(isNameable).slice(0, MAX_NAMES);
}

function canonical(name: string): string {
  if (isIP(name) !== 6) return name.toLowerCase();
  return new URL(`http://${urlHost(name)}`).hostname.slice(1, -1);
}

/** A host name of RFC 1123, or an address; anything else no certificate can carry. */
function isNameable(name: string): boolean {
  return isIP(name) !== 0 || /^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/.test(name);
}
