import { describe, expect, it } from 'vitest';
import { createBlock } from '../../../../agents/page/readings.ts';
import { formatValue, linePrefix, writePage, type Family } from '../../../../agents/page/text.ts';

const FAMILIES: ReadonlyMap<string, Family> = new Map([
  ['device_up', { type: 'gauge', help: 'Whether it answers.' }],
  ['ups_battery_status', { type: 'gauge', help: 'Condition.' }],
  ['ups_input_line_bads_total', { type: 'counter', help: 'A back\\slash\nand a line.' }],
]);

describe('the text of a page', () => {
  it('has each metric once, with the series of all devices below its head', () => {
    const block = (device: string): ReturnType<typeof createBlock> =>
      createBlock(device, [
        { metric: 'ups_input_line_bads_total', labels: {} },
        {
          metric: 'ups_battery_status',
          labels: {},
          states: new Map([
            [1, 'unknown'],
            [2, 'normal'],
            [3, 'low'],
            [4, 'depleted'],
          ]),
        },
      ]);
    const page = writePage(FAMILIES, [
      block('ups-a')(Float64Array.of(7, 3)),
      block('ups-b')(Float64Array.of(Number.NaN, 2)),
    ]);
    expect(page).toBe(`# HELP ups_battery_status Condition.
# TYPE ups_battery_status gauge
ups_battery_status{device="ups-a",state="normal"} 0
ups_battery_status{device="ups-a",state="low"} 1
ups_battery_status{device="ups-a",state="depleted"} 0
ups_battery_status{device="ups-a",state="unknown"} 0
ups_battery_status{device="ups-b",state="normal"} 1
ups_battery_status{device="ups-b",state="low"} 0
ups_battery_status{device="ups-b",state="depleted"} 0
ups_battery_status{device="ups-b",state="unknown"} 0
# HELP ups_input_line_bads_total A back\\\\slash\\nand a line.
# TYPE ups_input_line_bads_total counter
ups_input_line_bads_total{device="ups-a"} 7
`);
  });

  it('leaves out a state set whose state is not known, rather than call it normal', () => {
    const block = createBlock('ups-a', [
      { metric: 'ups_battery_status', labels: {}, states: new Map([[2, 'normal']]) },
    ]);
    expect(writePage(FAMILIES, [block(Float64Array.of(Number.NaN))])).toBe('');
  });

  it('knows a state by any of the numbers that mean it', () => {
    const states = new Map([
      [2, 'normal'],
      [9, 'normal'],
    ]);
    const block = createBlock('ups-a', [{ metric: 'ups_battery_status', labels: {}, states }]);
    for (const number of [2, 9])
      expect(writePage(FAMILIES, [block(Float64Array.of(number))])).toContain('state="normal"} 1');
  });

  it.each([
    ['nothing', {}, 'm '],
    ['a label', { a: 'b' }, 'm{a="b"} '],
    ['an empty label', { a: '', b: 'c' }, 'm{b="c"} '],
    ['a label that would break out', { a: '"} 1\nup 1\n\\' }, 'm{a="\\"} 1\\nup 1\\n\\\\"} '],
  ])('%s stands before the value as the format wants it', (_what, labels, expected) => {
    expect(linePrefix('m', labels)).toBe(expected);
  });

  it.each([
    [0, '0'],
    [-12.5, '-12.5'],
    [1e21, '1e+21'],
    [0.1 + 0.2, '0.30000000000000004'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('%s is written %s', (value, expected) => {
    expect(formatValue(value)).toBe(expected);
  });
});
