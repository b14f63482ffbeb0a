import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage, type Message, type Pdu } from '../../../../agents/snmp/codec.ts';
import { numberAt, type SnmpValue } from '../../../../agents/snmp/value.ts';
import { WatchkeeperError } from '../../../../config/model/errors.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

const int32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
const unsigned32 = fc.integer({ min: 0, max: 0xffff_ffff });
const octets = fc.uint8Array({ maxLength: 300 });
const oid = fc
  .tuple(fc.constantFrom('0', '1', '2'), fc.nat(39), fc.array(unsigned32, { maxLength: 126 }))
  .map(([first, second, rest]) => [first, second, ...rest].join('.'));

const value: fc.Arbitrary<SnmpValue> = fc.oneof(
  int32.map((number) => ({ kind: 'integer' as const, value: number })),
  octets.map((bytes) => ({ kind: 'octets' as const, value: bytes })),
  oid.map((text) => ({ kind: 'oid' as const, value: text })),
  fc
    .uint8Array({ minLength: 4, maxLength: 4 })
    .map((bytes) => ({ kind: 'ipAddress' as const, value: bytes })),
  fc
    .tuple(fc.constantFrom('counter32' as const, 'gauge32' as const, 'timeTicks' as const), unsigned32)
    .map(([kind, number]) => ({ kind, value: number })),
  fc
    .bigInt({ min: 0n, max: 2n ** 64n - 1n })
    .map((number) => ({ kind: 'counter64' as const, value: number })),
  fc.float().map((number) => ({ kind: 'float' as const, value: number })),
  fc.double().map((number) => ({ kind: 'double' as const, value: number })),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => ({ kind: 'opaque' as const, value: bytes })),
  fc
    .constantFrom(
      'null' as const,
      'noSuchObject' as const,
      'noSuchInstance' as const,
      'endOfMibView' as const,
    )
    .map((kind) => ({ kind })),
);

const varBinds = fc.array(fc.record({ oid, value }), { maxLength: 8 });
const pdu: fc.Arbitrary<Pdu> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('get' as const, 'getNext' as const, 'set' as const),
    requestId: int32,
    varBinds,
  }),
  fc.record({
    kind: fc.constant('getBulk' as const),
    requestId: int32,
    nonRepeaters: int32,
    maxRepetitions: int32,
    varBinds,
  }),
  fc.record({
    kind: fc.constant('response' as const),
    requestId: int32,
    errorStatus: int32,
    errorIndex: int32,
    varBinds,
  }),
);
const message: fc.Arbitrary<Message> = fc.record({
  version: fc.constantFrom('1' as const, '2c' as const),
  community: fc.string({ maxLength: 40 }),
  pdu,
});

/** Anything but a message or the one refusal fails. */
function tryDecode(packet: Uint8Array): Message | undefined {
  try {
    return decodeMessage(packet);
  } catch (error) {
    if (error instanceof WatchkeeperError && error.code === 'snmp_malformed') return undefined;
    throw error;
  }
}

describe('encoding and decoding SNMP messages', () => {
  it('writes the bytes that any agent understands', () => {
    const request: Message = {
      version: '2c',
      community: 'public',
      pdu: {
        kind: 'get',
        requestId: 0x12345678,
        varBinds: [{ oid: '1.3.6.1.2.1.1.3.0', value: { kind: 'null' } }],
      },
    };
    expect(Buffer.from(encodeMessage(request)).toString('hex')).toBe(
      '302902010104067075626c6963a01c020412345678020100020100300e300c06082b060102010103000500',
    );
  });

  it('reads what it wrote, whatever it is', () => {
    fc.assert(
      fc.property(message, (given) => {
        expect(decodeMessage(encodeMessage(given))).toEqual(given);
      }),
      { numRuns: 300 },
    );
  });

  it('answers a mutated packet with a message or with snmp_malformed, never otherwise', () => {
    const mutation = fc.record({ at: fc.nat(), byte: fc.nat(255) });
    fc.assert(
      fc.property(
        message,
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (given, changes, cut) => {
          const packet = encodeMessage(given);
          for (const { at, byte } of changes) packet[at % packet.length] = byte;
          tryDecode(packet);
          tryDecode(packet.subarray(0, cut % packet.length));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('refuses every packet that is cut off', () => {
    const whole = encodeMessage({
      version: '2c',
      community: 'public',
      pdu: {
        kind: 'response',
        requestId: 1,
        errorStatus: 0,
        errorIndex: 0,
        varBinds: [{ oid: '1.3.6.1.2.1.1.5.0', value: { kind: 'octets', value: hex('6162') } }],
      },
    });
    for (let length = 0; length < whole.length; length += 1)
      expect(tryDecode(whole.subarray(0, length)), `${length} bytes`).toBeUndefined();
    expect(tryDecode(whole)).toBeDefined();
  });

  it('never reads beyond the packet into the buffer that holds it', () => {
    const whole = encodeMessage({
      version: '1',
      community: 'x',
      pdu: { kind: 'getNext', requestId: 5, varBinds: [{ oid: '1.3.6.1', value: { kind: 'null' } }] },
    });
    const pool = new Uint8Array(whole.length + 64);
    pool.set(whole, 32);
    expect(tryDecode(pool.subarray(32, 32 + whole.length))).toBeDefined();
    expect(tryDecode(pool.subarray(32, 32 + whole.length - 1))).toBeUndefined();
  });

  const tlv = (tag: string, body: string): string =>
    `${tag}${(body.length / 2).toString(16).padStart(2, '0')}${body}`;
  const around = (binding: string): Uint8Array =>
    hex(tlv('30', `0201010401 7a${tlv('a2', `020101020100020100${tlv('30', binding)}`)}`.replace(' ', '')));
  const bind = (valueHex: string, oidHex = '2b0601'): string => tlv('30', `${tlv('06', oidHex)}${valueHex}`);

  it.each([
    ['a length in long form, as net-snmp writes it', bind('0282000105'), { kind: 'integer', value: 5 }],
    [
      'an unsigned number without its leading zero',
      bind('4204ffffffff'),
      { kind: 'gauge32', value: 4294967295 },
    ],
    [
      'a counter of 64 bits at its end',
      bind('460900ffffffffffffffff'),
      { kind: 'counter64', value: 2n ** 64n - 1n },
    ],
    ['a negative number', bind('0201ff'), { kind: 'integer', value: -1 }],
    ['an opaque float', bind('44079f780441c80000'), { kind: 'float', value: 25 }],
  ])('understands %s', (_what, binding, expected) => {
    expect(decodeMessage(around(binding)).pdu.varBinds).toEqual([{ oid: '1.3.6.1', value: expected }]);
  });

  it.each([
    ['an indefinite length', bind('0280050000'), 'length'],
    ['a length of five bytes', bind('0285000000000105'), 'length'],
    ['a length beyond the packet', bind('027f05'), 'longer'],
    ['an empty integer', bind('0200'), 'number'],
    ['an integer of nine bytes', bind('0209010203040506070809'), 'number'],
    ['an integer beyond 32 bits', bind('02050100000000'), 'number'],
    ['an address of three bytes', bind('40037f0000'), 'address'],
    ['a null with content', bind('050100'), 'content'],
    ['an unknown tag', bind('4700'), 'tag 0x47'],
    ['an object identifier that ends inside an arc', bind('0500', '2b0689'), 'too early'],
    ['an object identifier with leading zeros', bind('0500', '2b068001'), 'leading zeros'],
    ['an arc beyond 32 bits', bind('0500', '2b9080808000'), 'too big'],
    ['an empty object identifier', bind('0500', ''), 'too early'],
    ['something behind a value', bind('05000500'), 'behind'],
    ['a binding without a value', bind(''), 'too early'],
  ])('refuses %s', (_what, binding, reason) => {
    expect(() => decodeMessage(around(binding))).toThrow(reason);
  });

  it.each([
    ['version 3', '3003020103'],
    ['no sequence', '0401ff'],
    ['nothing', ''],
    ['a trap', '301a02010104017aa4120201010201000201003007300506012b0500'],
  ])('refuses %s', (_what, packet) => {
    expect(tryDecode(hex(packet))).toBeUndefined();
  });

  it('ignores what an agent padded the packet with', () => {
    const packet = around(bind('020105'));
    expect(decodeMessage(Uint8Array.of(...packet, 0, 0))).toEqual(decodeMessage(packet));
  });

  it('refuses to send what does not fit its type', () => {
    const encode = (bad: SnmpValue) => (): Uint8Array =>
      encodeMessage({
        version: '2c',
        community: '',
        pdu: { kind: 'set', requestId: 1, varBinds: [{ oid: '1.3', value: bad }] },
      });
    expect(encode({ kind: 'gauge32', value: -1 })).toThrow('does not fit gauge32');
    expect(encode({ kind: 'integer', value: 2 ** 31 })).toThrow('does not fit');
    expect(encode({ kind: 'integer', value: 0.5 })).toThrow('does not fit');
    expect(encode({ kind: 'counter64', value: 2n ** 64n })).toThrow('does not fit');
    expect(encode({ kind: 'oid', value: '1.3.x' })).toThrow('no object identifier');
  });
});

describe('the number in a value', () => {
  it('is NaN for whatever is no number, and costs nothing else', () => {
    const of = (tag: number, text: string): number => numberAt(tag, hex(text), 0, text.length / 2);
    expect(of(0x02, 'fff6')).toBe(-10);
    expect(of(0x46, 'ffffffffffffffff')).toBe(2 ** 64);
    expect(of(0x44, '9f7904')).toBeNaN();
    expect(of(0x44, '9f780441c80000')).toBe(25);
    expect(of(0x04, '31')).toBeNaN();
    expect(of(0x80, '')).toBeNaN();
    expect(of(0x41, '')).toBeNaN();
  });
});
