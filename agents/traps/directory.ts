import type { SnmpCredentials } from '../../config/snmp-access.ts';
import type { LookUp } from '../snmp/endpoint.ts';

/** A device that traps may come from. */
export interface TrapSender {
  readonly id: string;
  readonly credentials: SnmpCredentials;
  readonly endpoint: LookUp;
}

/** Which devices send from an address. */
export interface Directory {
  /** Those that it can be; several where one address stands for several devices. */
  at(address: string, port: number): readonly TrapSender[];
  /** Looks the names of these up, and knows them from then on. */
  learn(senders: readonly TrapSender[]): Promise<void>;
}

interface Place {
  readonly port: number;
  readonly sender: TrapSender;
}

export function createDirectory(): Directory {
  let byAddress: ReadonlyMap<string, readonly Place[]> = new Map();
  return {
    at(address, port) {
      const places = byAddress.get(address) ?? [];
      // A device that sends from the port where it answers is known among several at one address.
      const exact = places.filter((place) => place.port === port);
      return (exact.length > 0 ? exact : places).map(({ sender }) => sender);
    },
    async learn(senders) {
      const found = await Promise.all(
        senders.map(async (sender) => ({ sender, endpoint: await sender.endpoint() })),
      );
      const places = found.flatMap(({ sender, endpoint }) =>
        typeof endpoint === 'string' ? [] : [{ sender, port: endpoint.port, address: endpoint.address }],
      );
      byAddress = Map.groupBy(places, ({ address }) => address);
    },
  };
}

/** The address of a sender as it is elsewhere: a socket for both families writes those of IPv4 in the manner of IPv6. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
