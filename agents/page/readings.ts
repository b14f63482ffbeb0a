import type { Labels } from '../../config/model/labels.ts';
import { metricOf } from '../../config/model/metrics.ts';
import type { PageBytes } from './bytes.ts';
import { escapeLabel } from './text.ts';

/** A series that a source has for as long as its block lives. */
export interface BlockSeries {
  readonly metric: string;
  readonly labels: Labels;
  /** Of a state set: the number that the device tells → its state. */
  readonly states?: ReadonlyMap<number, string>;
}

/** A line but for the device and the value: what stands before and behind the device's name. */
export interface Line {
  /** Where its value is. */
  readonly index: number;
  readonly before: Uint8Array;
  readonly behind: Uint8Array;
  /** Of a state set: the numbers that mean this line's state. */
  readonly numbers?: ReadonlySet<number>;
}

/** What devices of one plan have in common: of each metric its lines, which differ by the device's name and the values only. */
export type Pattern = ReadonlyMap<string, readonly Line[]>;

/** Devices of one plan have the same series but for their name: a thousand of them take the memory of one. */
const patterns = new WeakMap<readonly BlockSeries[], Pattern>();

function patternOf(series: readonly BlockSeries[]): Pattern {
  const known = patterns.get(series);
  if (known !== undefined) return known;
  const pattern = new Map<string, Line[]>();
  series.forEach((one, index) => {
    const lines = pattern.get(one.metric) ?? [];
    lines.push(...linesOf(one, index));
    pattern.set(one.metric, lines);
  });
  patterns.set(series, pattern);
  return pattern;
}

/** The series of one device on the page, and the values that they have now. */
export interface Block {
  readonly pattern: Pattern;
  /** The device's name as it stands between quotes. */
  readonly name: Uint8Array;
  /** One for each series, in their order; read when the page is written. */
  readonly values: Float64Array;
}

/**
 * The lines of series whose values come anew with each poll. A series whose value is NaN is absent. A state set has one line for each
 * state that the device can tell, 1 for the present one.
 */
export function blockOf(name: Uint8Array, series: readonly BlockSeries[], values: Float64Array): Block {
  return { pattern: patternOf(series), name, values };
}

/** A device's name as it stands between quotes. */
export function quotedName(device: string): Uint8Array {
  return Buffer.from(escapeLabel(device));
}

/** Writes the lines of one metric, device by device from that place on, until the page is full; answers the place of the next one. */
export function writeLines(
  page: PageBytes,
  lines: readonly Line[],
  blocks: readonly Block[],
  from: number,
): number {
  let at = from;
  for (let block = blocks[at]; block !== undefined && !page.isFull; block = blocks[++at]) {
    const { name, values } = block;
    for (const { index, before, behind, numbers } of lines) {
      const value = values[index] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      page.raw(before);
      page.raw(name);
      page.raw(behind);
      if (numbers === undefined) page.value(value);
      else page.value(numbers.has(value) ? 1 : 0);
    }
  }
  return at;
}

function linesOf({ metric, labels, states }: BlockSeries, index: number): readonly Line[] {
  if (states === undefined) return [lineOf(metric, labels, { index })];
  const told = new Set(states.values());
  const names = Object.keys(metricOf(metric)?.states ?? {}).filter((state) => told.has(state));
  return names.map((state) =>
    lineOf(
      metric,
      { ...labels, state },
      { index, numbers: new Set([...states].filter(([, name]) => name === state).map(([number]) => number)) },
    ),
  );
}

function lineOf(metric: string, labels: Labels, place: Pick<Line, 'index' | 'numbers'>): Line {
  const pairs = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `,${label}="${escapeLabel(value)}"`);
  return {
    ...place,
    before: Buffer.from(`${metric}{device="`),
    behind: Buffer.from(`"${pairs.join('')}} `),
  };
}
