import { assert, integer, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliverOf, submitPdus } from '../../../../../alerting/notify/modem/pdu.ts';

/** As the network would deliver what was submitted: the data is the same, what stands before it is not. */
function delivered(hex: string): string {
  const octets = Buffer.from(hex, 'hex');
  const digits = octets[3] ?? 0;
  const afterAddress = 5 + Math.ceil(digits / 2);
  const head = (octets[1] ?? 0) & 0x40;
  return Buffer.concat([
    Buffer.from([0, head]),
    octets.subarray(3, afterAddress + 2),
    Buffer.alloc(7),
    octets.subarray(afterAddress + 3),
  ]).toString('hex');
}

describe('a text message that is sent', () => {
  it.each([
    [
      'in the alphabet of GSM',
      '+46708251358',
      'hellohello',
      '0011000B916407281553F80000A70AE8329BFD4697D9EC37',
    ],
    ['in Chinese', '+8613800138000', '你好', '0011000D91683108108300F00008A7044F60597D'],
    ['to a short number', '10086', 'A', '00110005810180F60000A70141'],
  ])('%s is the PDU that the standard asks for', (_title, number, text, hex) => {
    expect(submitPdus(number, text, 1)).toEqual([{ hex, length: hex.length / 2 - 1 }]);
  });

  it.each([
    [160, 1],
    [161, 2],
    [307, 3],
  ])('of %i letters leaves in %i parts', (count, parts) => {
    expect(submitPdus('+1234', 'x'.repeat(count), 1)).toHaveLength(parts);
  });

  it.each([
    [70, 1],
    [71, 2],
    [135, 3],
    [900, 4],
  ])('of %i Chinese characters leaves in %i parts, and no more than four', (count, parts) => {
    expect(submitPdus('+1234', '警'.repeat(count), 1)).toHaveLength(parts);
  });

  it('is read back as it was, whatever it says and however many parts it takes', () => {
    assert(
      property(
        string({ unit: 'grapheme', maxLength: 90 }),
        integer({ min: 0, max: 255 }),
        (text, reference) => {
          const parts = submitPdus('+8613800138000', text, reference).map(({ hex }) =>
            deliverOf(delivered(hex)),
          );
          const said = parts.map((part) => part?.text).join('');
          expect(text.startsWith(said)).toBe(true);
          if (parts.length < 4) expect(said).toBe(text);
          expect(parts.every((part) => part?.from === '+8613800138000')).toBe(true);
          if (parts.length > 1)
            expect(parts.map((part) => part?.part)).toEqual(
              parts.map((_part, index) => ({ reference, count: parts.length, number: index + 1 })),
            );
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a text message that comes', () => {
  it('is read with its sender', () => {
    expect(deliverOf('07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37')).toEqual({
      from: '27838890001',
      text: 'hellohello',
    });
  });

  it.each([
    ['nothing', ''],
    ['no hexadecimal', 'ZZ'.repeat(20)],
    ['a report', '07917283010010F5060BC87238880900F10000993092516195800AE8329BFD4697D9EC37'],
    ['one that ends in its head', '07917283010010F5040BC87238880900F100009930'],
    ['a header longer than the message', '07917283010010F5440BC87238880900F10000993092516195800AFF8329'],
  ])('is dropped where it is %s', (_title, hex) => {
    expect(deliverOf(hex)).toBeUndefined();
  });

  it('never breaks the reader, whatever its octets are', () => {
    assert(
      property(uint8Array({ maxLength: 200 }), (octets) => {
        const read = deliverOf(Buffer.from(octets).toString('hex'));
        expect((read?.text.length ?? 0) <= 400).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
