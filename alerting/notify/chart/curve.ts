import { METRIC_NAME, without, type Labels } from '../../../config/model/labels.ts';
import type { PlotRange, PlotSeries } from '../../plot.ts';
import type { RuleExpression } from '../../ports.ts';

/** What an alert was judged by over the last hours. Places without data are `undefined`. */
export interface Curve extends PlotRange {
  readonly values: readonly (number | undefined)[];
  /** What the values were held against; absent where nothing can be drawn of it. */
  readonly limits?: readonly (number | undefined)[];
}

export const CURVE_MS = 3 * 3_600_000;
const POINTS = 180;

/** The curve of one element of a rule up to an instant; `undefined` where its rule compares nothing or has no data of it. */
export function curveOf(expression: RuleExpression, element: Labels, endMs: number): Curve | undefined {
  const stepMs = CURVE_MS / POINTS;
  const range = { startMs: endMs - CURVE_MS, endMs, stepMs };
  const plot = expression.plot?.(range);
  const series = plot && ownOf(plot.values, element);
  if (plot === undefined || series === undefined) return undefined;
  const values = onGrid(series, range);
  if (values.filter((value) => value !== undefined).length < 2) return undefined;
  const limit = plot.limits.length === 1 ? plot.limits[0] : ownOf(plot.limits, element);
  return { ...range, values, ...(limit === undefined ? {} : { limits: onGrid(limit, range) }) };
}

/** The series of the element: of equal labels, or the only one that says nothing else than it. */
function ownOf(all: readonly PlotSeries[], element: Labels): PlotSeries | undefined {
  const own = Object.entries(without(element, METRIC_NAME));
  const agreeing = all.filter(({ labels }) =>
    own.every(([name, value]) => labels[name] === undefined || labels[name] === value),
  );
  const isWhole = ({ labels }: PlotSeries): boolean =>
    Object.keys(without(labels, METRIC_NAME)).length === own.length &&
    own.every(([name, value]) => labels[name] === value);
  return agreeing.find(isWhole) ?? (agreeing.length === 1 ? agreeing[0] : undefined);
}

function onGrid(
  { timesMs, values }: PlotSeries,
  { startMs, endMs, stepMs }: PlotRange,
): readonly (number | undefined)[] {
  const grid = Array.from<number | undefined>({ length: Math.floor((endMs - startMs) / stepMs) + 1 });
  for (let index = 0; index < timesMs.length; index += 1) {
    const value = values[index];
    const place = Math.round(((timesMs[index] ?? Number.NaN) - startMs) / stepMs);
    if (value !== undefined && Number.isFinite(value) && place >= 0 && place < grid.length)
      grid[place] = value;
  }
  return grid;
}
