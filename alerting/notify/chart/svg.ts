import type { Language } from '../../../config/model/localized.ts';
import { alertQuantity, quantityWriter } from '../../../config/model/quantity.ts';
import type { Curve } from './curve.ts';
import { drawDigits, isDrawable } from './digits.ts';

/** What stands around the curve. */
export interface ChartFrame {
  readonly language: Language;
  readonly timeZone: string;
  /** As the rule states it. */
  readonly unit: string | undefined;
  /** When the alert fired: a line where it lies within. */
  readonly firedAtMs: number;
}

export interface Chart {
  readonly svg: string;
  /** What the numbers at the side are in; empty where they need none. */
  readonly unit: string;
}

export const CHART = { width: 608, height: 208 } as const;
const PLOT = { left: 60, right: 596, top: 14, bottom: 180 } as const;
const Y_TICKS = 4;
const X_TICK_MS = 30 * 60_000;
const DIGIT_PX = 9;
const FAINT = '#5f5f5f';
const GRID = '#dddddd';
const VALUE = '#0b57d0';
const LIMIT = '#b3261e';

type Scale = (value: number) => number;

/** The curve of the last hours as SVG with no words in it, on white whatever the reader's program has. */
export function chartSvg(curve: Curve, frame: ChartFrame): Chart {
  const { startMs, endMs, stepMs } = curve;
  const [lowest, highest] = extent(curve);
  const x: Scale = (atMs) => PLOT.left + ((atMs - startMs) / (endMs - startMs)) * (PLOT.right - PLOT.left);
  const y: Scale = (value) =>
    PLOT.bottom - ((value - lowest) / (highest - lowest)) * (PLOT.bottom - PLOT.top);
  const path = (values: Curve['values']): string => pathOf(values, (place) => x(startMs + place * stepMs), y);
  const ticks = yTicks(lowest, highest);
  const { numbers, unit } = inOneUnit(ticks, frame);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CHART.width}" height="${CHART.height}" viewBox="0 0 ${CHART.width} ${CHART.height}">`,
    `<rect width="${CHART.width}" height="${CHART.height}" fill="#ffffff"/>`,
    ...ticks.flatMap((value, place) => [
      line({ x1: PLOT.left, x2: PLOT.right, y1: y(value), y2: y(value), stroke: GRID }),
      digits(numbers[place] ?? '', { x: PLOT.left - 8, y: y(value) + DIGIT_PX / 2, anchor: 'end' }),
    ]),
    ...xTicks(curve).flatMap((atMs) => [
      line({ x1: x(atMs), x2: x(atMs), y1: PLOT.bottom, y2: PLOT.bottom + 4, stroke: FAINT }),
      digits(clockTime(atMs, frame.timeZone), { x: x(atMs), y: PLOT.bottom + 20, anchor: 'middle' }),
    ]),
    ...firedLine(curve, frame, x),
    ...(curve.limits === undefined
      ? []
      : [
          `<path d="${path(curve.limits)}" fill="none" stroke="${LIMIT}" stroke-width="1.5" stroke-dasharray="6 4"/>`,
        ]),
    `<path d="${path(curve.values)}" fill="none" stroke="${VALUE}" stroke-width="2" stroke-linejoin="round"/>`,
    '</svg>',
  ].join('');
  return { svg, unit };
}

function firedLine({ startMs, endMs }: Curve, { firedAtMs }: ChartFrame, x: Scale): readonly string[] {
  if (!(firedAtMs > startMs && firedAtMs <= endMs)) return [];
  const at = x(firedAtMs);
  return [line({ x1: at, x2: at, y1: PLOT.top, y2: PLOT.bottom, stroke: FAINT, dashes: '2 3' })];
}

/** Values and limits with some room around them; of what never changed, around it. */
function extent({ values, limits = [] }: Curve): readonly [lowest: number, highest: number] {
  const known = [...values, ...limits].filter((value) => value !== undefined);
  const [lowest, highest] = [Math.min(...known), Math.max(...known)];
  const room = highest > lowest ? (highest - lowest) * 0.1 : Math.abs(highest) * 0.1 || 1;
  return [lowest >= 0 ? Math.max(0, lowest - room) : lowest - room, highest + room];
}

/** Round numbers, about four of them. */
function yTicks(lowest: number, highest: number): readonly number[] {
  const rough = (highest - lowest) / Y_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(lowest / step);
  const count = Math.floor(highest / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_none, index) => (first + index) * step);
}

/** The numbers as the pages write them where all are in one unit, else plain. */
function inOneUnit(
  values: readonly number[],
  { unit, language }: ChartFrame,
): { readonly numbers: readonly string[]; readonly unit: string } {
  const write = quantityWriter(language);
  const written = values.flatMap((value) => alertQuantity({ value, unit }, write) ?? []);
  const [first] = written;
  const isFine =
    written.length === values.length &&
    written.every((one) => one.unit === first?.unit && isDrawable(one.number));
  if (isFine) return { numbers: written.map(({ number }) => number), unit: first?.unit ?? '' };
  return { numbers: values.map((value) => String(Number(value.toPrecision(4)))), unit: unit ?? '' };
}

/** Whole and half hours. */
function xTicks({ startMs, endMs }: Curve): readonly number[] {
  const first = Math.ceil(startMs / X_TICK_MS) * X_TICK_MS;
  const count = Math.floor((endMs - first) / X_TICK_MS) + 1;
  return Array.from({ length: Math.max(0, count) }, (_none, index) => first + index * X_TICK_MS);
}

/** Broken where there is no data. */
function pathOf(values: Curve['values'], x: (place: number) => number, y: Scale): string {
  let isDrawing = false;
  const steps: string[] = [];
  for (const [place, value] of values.entries()) {
    if (value !== undefined)
      steps.push(`${isDrawing ? 'L' : 'M'}${x(place).toFixed(1)} ${y(value).toFixed(1)}`);
    isDrawing = value !== undefined;
  }
  return steps.join('');
}

interface Line {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  readonly stroke: string;
  readonly dashes?: string;
}

function line({ x1, x2, y1, y2, stroke, dashes }: Line): string {
  const dash = dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`;
  return `<path d="M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}" stroke="${stroke}"${dash}/>`;
}

function digits(
  text: string,
  place: { readonly x: number; readonly y: number; readonly anchor: 'middle' | 'end' },
): string {
  return drawDigits(text, { ...place, heightPx: DIGIT_PX, stroke: FAINT });
}

function clockTime(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
  }).format(atMs);
}
