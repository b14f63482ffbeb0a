import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrefixCursor, PrefixWriter, type Prefixes } from '../../../../collector/ingest/prefixes.ts';

function written(texts: readonly string[]): Prefixes {
  const writer = new PrefixWriter();
  for (const text of texts) writer.add(Buffer.from(text));
  return writer.done();
}

function read(prefixes: Prefixes): string[] {
  const cursor = new PrefixCursor(prefixes);
  return Array.from({ length: prefixes.count }, () => {
    const text = cursor.text.toString();
    cursor.next();
    return text;
  });
}

const lines = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '{', '界'), maxLength: 400 }), {
  maxLength: 200,
});

describe('the prefixes of a page', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(lines, (texts) => {
        expect(read(written(texts))).toEqual(texts);
      }),
    );
  });

  it('are found wherever they stand', () => {
    fc.assert(
      fc.property(lines, fc.array(fc.nat({ max: 220 }), { maxLength: 20 }), (texts, goals) => {
        const cursor = new PrefixCursor(written(texts));
        for (const number of goals) {
          const goal = number % (texts.length + 1);
          cursor.goTo(goal);
          expect(cursor.text.toString()).toBe(texts[goal] ?? '');
          expect(cursor.index).toBe(goal);
        }
      }),
    );
  });

  it('take little where they begin alike', () => {
    const texts = Array.from({ length: 1_000 }, (_, index) => `ups_output_volts{device="ups-${index}"} `);
    const { bytes, wholes } = written(texts);
    expect(bytes.length + wholes.byteLength).toBeLessThan(texts.join('').length / 4);
  });

  it('are compared with bytes', () => {
    const cursor = new PrefixCursor(written(['up ', 'up_time ']));
    const body = Buffer.from('up 1\nup_time 2');
    expect([cursor.lengthAt(body, 0), cursor.lengthAt(body, 5), cursor.lengthAt(body, 13)]).toEqual([
      3, 0, 0,
    ]);
    cursor.next();
    expect([cursor.lengthAt(body, 0), cursor.lengthAt(body, 5)]).toEqual([0, 8]);
    cursor.next();
    expect(cursor.lengthAt(body, 0)).toBe(0);
  });
});
