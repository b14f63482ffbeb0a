import { urlHost } from '../../config/model/listen.ts';
import { isIP, BlockList } from 'node:net';

/**
 * What an own authority may vouch for (RFC 5280, 4.2.1.10). Its root goes onto the phones of people: with it, nobody
 * may ever speak for their bank, should its key be lost. So it is good for names of rooms and for private addresses.
 */
export interface Permitted {
  /** Names; whatever ends in one of them, too. */
  readonly domains: readonly string[];
  /** `ADDRESS/BITS`. */
  readonly networks: readonly string[];
}

/** Names that the internet does not give away (RFC 6762, RFC 8375, RFC 6761 and ICANN's .internal). */
const PRIVATE_DOMAINS = ['localhost', 'local', 'lan', 'internal', 'home.arpa'];
/** RFC 1918, RFC 6598, RFC 4193, loopback and link-local. */
const PRIVATE_NETWORKS = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
];

/** What a new authority is made for: private names and addresses, and the machine's own of today. */
export function permittedFor(names: readonly string[]): Permitted {
  const addresses = names.filter((name) => isIP(name) !== 0);
  const isPrivate = (address: string): boolean =>
    isPermitted({ domains: [], networks: PRIVATE_NETWORKS }, address);
  const own = addresses.filter((address) => !isPrivate(address));
  const hosts = names.filter((name) => isIP(name) === 0).map(siteDomain);
  return {
    domains: [...new Set([...PRIVATE_DOMAINS, ...hosts])],
    networks: [...PRIVATE_NETWORKS, ...own.map((address) => `${address}/${isIP(address) === 6 ? 128 : 32}`)],
  };
}

/** `watch.room.centre.example` stands for `room.centre.example`: another machine of the site may take its place. */
function siteDomain(host: string): string {
  const labels = host.split('.');
  return labels.length > 3 ? labels.slice(1).join('.') : host;
}

export function isPermitted({ domains, networks }: Permitted, name: string): boolean {
  const version = isIP(name);
  if (version === 0) return domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list.check(name, version === 6 ? 'ipv6' : 'ipv4');
}

/** The extension's value, DER: `SEQUENCE { [0] permittedSubtrees }`. */
export function encodeConstraints({ domains, networks }: Permitted): Uint8Array {
  const subtrees = [
    ...domains.map((domain) => tlv(0x82, Buffer.from(domain, 'ascii'))),
    ...networks.map((network) => tlv(0x87, networkBytes(network))),
  ].map((base) => tlv(0x30, base));
  return tlv(0x30, tlv(0xa0, Buffer.concat(subtrees)));
}

function tlv(tag: number, value: Uint8Array): Buffer {
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), value]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), value]);
}

/** An address and its mask, 8 or 32 bytes. */
function networkBytes(network: string): Buffer {
  const [address = '', bits] = network.split('/');
  const bytes = addressBytes(address);
  const mask = bytes.map((_, index) => {
    const ones = Math.min(8, Math.max(0, Number(bits) - index * 8));
    return (0xff << (8 - ones)) & 0xff;
  });
  return Buffer.from([...bytes, ...mask]);
}

function addressBytes(address: string): readonly number[] {
  if (isIP(address) === 4) return address.split('.').map(Number);
  const [head = '', tail] = address.split('::');
  const groups = (text = ''): string[] => (text === '' ? [] : text.split(':'));
  const before = groups(head);
  const after = groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** `06 03 55 1D 1E`: the extension's own number, 2.5.29.30. */
const NUMBER = Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x1e]);

/** What the certificate of an authority says that it may vouch for; `undefined` when it says nothing. */
export function readConstraints(cert: Buffer): Permitted | undefined {
  const at = cert.indexOf(NUMBER);
  if (at < 0) return undefined;
  // After the number: whether it is critical, and the value in a string of bytes.
  const value = valuesOf(cert.subarray(at + NUMBER.length)).find(({ tag }) => tag === 0x04)?.bytes;
  const bases = valuesOf(value)
    .flatMap(({ bytes }) => valuesOf(bytes).filter(({ tag }) => tag === 0xa0))
    .flatMap(({ bytes }) => valuesOf(bytes))
    .flatMap(({ bytes }) => valuesOf(bytes));
  return {
    domains: bases.filter(({ tag }) => tag === 0x82).map(({ bytes }) => bytes.toString('ascii')),
    networks: bases.filter(({ tag }) => tag === 0x87).map(({ bytes }) => networkText(bytes)),
  };
}

interface Value {
  readonly tag: number;
  readonly bytes: Buffer;
}

/** The values that stand one after the other; what follows a broken one is left out. */
function valuesOf(der: Buffer = Buffer.alloc(0)): readonly Value[] {
  const values: Value[] = [];
  for (let at = 0; at + 2 <= der.length; ) {
    const short = der[at + 1] ?? 0;
    const lengthBytes = short < 0x80 ? 0 : short & 0x7f;
    const start = at + 2 + lengthBytes;
    if (lengthBytes > 4 || start > der.length) break;
    const length = lengthBytes === 0 ? short : der.readUIntBE(at + 2, lengthBytes);
    values.push({ tag: der[at] ?? 0, bytes: der.subarray(start, start + length) });
    at = start + length;
  }
  return values;
}

function networkText(bytes: Buffer): string {
  const half = bytes.length / 2;
  const bits = bytes
    .subarray(half)
    .reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
  if (half === 4) return `${[...bytes.subarray(0, 4)].join('.')}/${bits}`;
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return `${new URL(`http://${urlHost(groups.join(':'))}`).hostname.slice(1, -1)}/${bits}`;
}
