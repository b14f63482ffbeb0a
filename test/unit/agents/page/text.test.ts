import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockOf, quotedName, type BlockSeries } from '../../../../agents/page/readings.ts';
import { metricOf } from '../../../../config/model/metrics.ts';
import { createPageWriter, formatFor, type Page, type PageFormat } from '../../../../agents/page/page.ts';
import {
  fixedLines,
  formatValue,
  linePrefix,
  type Family,
  type PageSource,
} from '../../../../agents/page/text.ts';

const FAMILIES: ReadonlyMap<string, Family> = new Map([
  ['device_up', { type: 'gauge', help: 'Whether it answers.' }],
  ['ups_battery_status', { type: 'gauge', help: 'Condition.' }],
  ['ups_input_line_bads_total', { type: 'counter', help: 'A back\\slash\nand a line.' }],
]);

/** As devices tell them: whole numbers, and tenths to thousandths of them. */
const NUMBERS = fc
  .tuple(fc.integer(), fc.constantFrom(1, 10, 100, 1000, 60, 3))
  .map(([whole, divide]) => whole / divide);

const STATES = new Map([
  [1, 'unknown'],
  [2, 'normal'],
  [3, 'low'],
  [4, 'depleted'],
]);
const SERIES: readonly BlockSeries[] = [
  { metric: 'ups_input_line_bads_total', labels: {} },
  { metric: 'ups_battery_status', labels: {}, states: STATES },
];

function sourceOf(device: string, series: readonly BlockSeries[], values: Float64Array): PageSource {
  return { write: (_append, offer) => offer(blockOf(quotedName(device), series, values)) };
}

/** A part holds until the next one is asked for. */
const textOf = (page: Page): string => [...partsOf(page)].join('');

function* partsOf(page: Page): Generator<string> {
  for (const part of page) yield Buffer.from(part).toString();
}

function pageOf(sources: readonly PageSource[], format: PageFormat = 'text'): string {
  return textOf(createPageWriter(FAMILIES).write(sources, format));
}

describe('the text of a page', () => {
  it('has each metric once, with the series of all devices below its head', () => {
    const page = pageOf([
      sourceOf('ups-a', SERIES, Float64Array.of(7, 3)),
      sourceOf('ups-b', SERIES, Float64Array.of(Number.NaN, 2)),
    ]);
    const states = Object.keys(metricOf('ups_battery_status')?.states ?? {}).filter((state) =>
      [...STATES.values()].includes(state),
    );
    const linesOf = (device: string, present: string): string =>
      states
        .map(
          (state) => `ups_battery_status{device="${device}",state="${state}"} ${state === present ? 1 : 0}\n`,
        )
        .join('');
    expect(page).toBe(`# HELP ups_battery_status Condition.
# TYPE ups_battery_status gauge
${linesOf('ups-a', 'low')}${linesOf('ups-b', 'normal')}# HELP ups_input_line_bads_total A back\\\\slash\\nand a line.
# TYPE ups_input_line_bads_total counter
ups_input_line_bads_total{device="ups-a"} 7
`);
  });

  it('has devices of different plans below one head', () => {
    const other = [{ metric: 'ups_input_line_bads_total', labels: { phase: 'L1' } }];
    const page = pageOf([
      sourceOf('ups-a', SERIES, Float64Array.of(7, Number.NaN)),
      sourceOf('ups-b', other, Float64Array.of(8)),
      sourceOf('ups-c', SERIES, Float64Array.of(9, Number.NaN)),
    ]);
    const [, , ...lines] = page.trimEnd().split('\n');
    expect(page.match(/^# TYPE/gm)).toHaveLength(1);
    expect(lines.sort()).toEqual([
      'ups_input_line_bads_total{device="ups-a"} 7',
      'ups_input_line_bads_total{device="ups-b",phase="L1"} 8',
      'ups_input_line_bads_total{device="ups-c"} 9',
    ]);
  });

  it('names counters without their ending and says where it ends, in OpenMetrics', () => {
    const page = pageOf([sourceOf('ups-a', SERIES.slice(0, 1), Float64Array.of(7))], 'openMetrics');
    expect(page).toBe(`# HELP ups_input_line_bads A back\\\\slash\\nand a line.
# TYPE ups_input_line_bads counter
ups_input_line_bads_total{device="ups-a"} 7
# EOF
`);
  });

  it('leaves out a state set whose state is not known, rather than call it normal', () => {
    const series = [{ metric: 'ups_battery_status', labels: {}, states: new Map([[2, 'normal']]) }];
    expect(pageOf([sourceOf('ups-a', series, Float64Array.of(Number.NaN))])).toBe('');
  });

  it('knows a state by any of the numbers that mean it', () => {
    const states = new Map([
      [2, 'normal'],
      [9, 'normal'],
    ]);
    for (const number of [2, 9]) {
      const series = [{ metric: 'ups_battery_status', labels: {}, states }];
      expect(pageOf([sourceOf('ups-a', series, Float64Array.of(number))])).toContain('state="normal"} 1');
    }
  });

  it('is as long as it has to be', () => {
    const names = Array.from({ length: 20_000 }, (_none, index) => `ups-${index}`);
    const page = pageOf(names.map((name) => sourceOf(name, SERIES.slice(0, 1), Float64Array.of(7))));
    expect(page.split('\n').slice(2, -1)).toEqual(
      names.map((name) => `ups_input_line_bads_total{device="${name}"} 7`),
    );
  });

  it('has room for one text that is longer than all others', () => {
    const long = `device_up{device="${'x'.repeat(1_000_000)}"} 1\n`;
    const source: PageSource = { write: (append) => append('device_up', fixedLines(long)) };
    expect(pageOf([source])).toContain(long);
  });

  it('comes in parts that are small however many devices there are, whole lines each', () => {
    const devices = Array.from({ length: 20_000 }, (_none, index) =>
      sourceOf(`ups-${index}`, SERIES, Float64Array.of(7, 3)),
    );
    const parts = [...partsOf(createPageWriter(FAMILIES).write(devices, 'text'))];
    expect(parts.length).toBeGreaterThan(10);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(140_000);
    expect(parts.filter((part) => !part.endsWith('\n'))).toEqual([]);
    expect(parts.join('').match(/^# TYPE/gm)).toHaveLength(2);
  });

  it('is told whole to a slow reader, however many are written meanwhile', () => {
    const writer = createPageWriter(FAMILIES);
    const sources = (value: number): readonly PageSource[] =>
      Array.from({ length: 5_000 }, (_none, index) =>
        sourceOf(`ups-${index}`, SERIES.slice(0, 1), Float64Array.of(value)),
      );
    const slow = partsOf(writer.write(sources(1), 'text'));
    const first = String(slow.next().value);
    for (const value of [2, 3])
      expect(textOf(writer.write(sources(value), 'text')).match(new RegExp(` ${value}$`, 'gm'))).toHaveLength(
        5_000,
      );
    expect(`${first}${[...slow].join('')}`.match(/ 1$/gm)).toHaveLength(5_000);
  });

  it.each([
    [undefined, 'text'],
    ['*/*', 'text'],
    ['text/plain;version=0.0.4;q=1,*/*;q=0.1', 'text'],
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openMetrics',
    ],
    ['application/openmetrics-text; version=0.0.1, text/plain; q=0.5', 'text'],
    ['application/openmetrics-text;q=0.4, text/plain;q=0.5', 'text'],
    ['application/openmetrics-text;q=nonsense', 'text'],
  ] as const)('asked for %s it is written as %s', (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });

  it('writes every number as the engine would read it back', () => {
    fc.assert(
      fc.property(fc.oneof(NUMBERS, fc.double({ noNaN: true })), (value) => {
        const page = pageOf([sourceOf('d', SERIES.slice(0, 1), Float64Array.of(value))]);
        const told = page.slice(page.lastIndexOf(' ') + 1, -1);
        expect(Number(told.replace('Inf', 'Infinity'))).toBe(value === 0 ? 0 : value);
        expect(told.length).toBeLessThanOrEqual(String(value).length);
      }),
      { numRuns: 2_000 },
    );
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
