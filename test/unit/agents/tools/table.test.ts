import { describe, expect, it } from 'vitest';
import { displayWidth, inColumns } from '../../../../agents/tools/table.ts';

describe('columns on a terminal', () => {
  it.each([
    ['', 0],
    ['UPS', 3],
    ['机房', 4],
    ['进风 A1', 7],
    ['℃', 1],
    ['é', 1],
    ['（）', 4],
  ])('%s takes the places that it takes', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('stand below each other, whatever the language of their texts', () => {
    const lines = inColumns(
      [{}, { isNumeric: true }, {}],
      [
        ['机房', '1', 'a'],
        ['room', '1,000', 'b'],
        ['x', '', 'c'],
      ],
    );
    expect(lines).toEqual(['机房      1  a', 'room  1,000  b', 'x            c']);
  });
});
