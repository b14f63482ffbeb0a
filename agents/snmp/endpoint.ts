import { lookup } from 'node:dns/promises';
import { isIP, SocketAddress } from 'node:net';
import type { Clock } from '../../config/runtime/clock.ts';
import type { Endpoint } from './transport.ts';

/** Where a device answers now, or why that is not known. */
export type LookUp = () => Promise<Endpoint | string>;

const LOOK_UP_EVERY_MS = 300_000;
/** A name that is not known is asked for sooner again, but not with every request. */
const LOOK_UP_AGAIN_MS = 30_000;

/** Finds the address behind a host name, now and then anew; an address stands for itself. */
export function endpointOf(host: string, port: number, clock: Clock): LookUp {
  const family = isIP(host);
  if (family !== 0) {
    const address = new SocketAddress({ address: host, family: `ipv${family as 4 | 6}`, port }).address;
    const fixed = Promise.resolve({ address, family: family as 4 | 6, port });
    return () => fixed;
  }
  let last: Promise<Endpoint | string> | undefined;
  let nextAtMs = 0;
  return () => {
    if (last !== undefined && clock.nowMs() < nextAtMs) return last;
    nextAtMs = clock.nowMs() + LOOK_UP_EVERY_MS;
    const before = last;
    last = lookup(host).then(
      (found): Endpoint => ({ address: found.address, family: found.family === 6 ? 6 : 4, port }),
      async () => {
        nextAtMs = clock.nowMs() + LOOK_UP_AGAIN_MS;
        const known = await before;
        return typeof known === 'object' ? known : `the name ${host} is not known`;
      },
    );
    return last;
  };
}
