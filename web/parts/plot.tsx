import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { ChartBody } from '../../config/model/api.ts';
import type { MarkView } from '../../config/model/marks.ts';
import { paddedRange } from '../data/chart.ts';
import { LONELY_POINTS } from './lonely-points.ts';
import { drawMarks } from './mark-lines.ts';

/** Lines are told apart by ink and dash, not by hue: colour is for what is abnormal. */
const STROKES: readonly { readonly ink: string; readonly dash?: number[] }[] = [
  { ink: '--ink' },
  { ink: '--ink', dash: [7, 4] },
  { ink: '--ink-3' },
  { ink: '--ink-3', dash: [2, 3] },
];
export const MOST_LINES = STROKES.length;
const HEIGHT = 150;
const WHOLE_MINUTES = [
  1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 43_200, 86_400, 172_800, 262_080,
];

export interface PlotProps {
  readonly chart: ChartBody;
  readonly fromMs: number;
  readonly toMs: number;
  /** The lines of the week before, at their places; empty where they are not compared. */
  readonly weekBefore: readonly (readonly (number | null)[] | undefined)[];
  readonly marks: readonly MarkView[];
  readonly timeZone: string;
  readonly writeTime: (atMs: number) => string;
  readonly writeValue: (value: number) => string;
  /** The point that is read out; `undefined` while none is. */
  readonly onPoint: (index: number | undefined) => void;
  readonly point: number | undefined;
}

function axis(color: (name: string) => string): Pick<uPlot.Axis, 'stroke' | 'grid' | 'ticks' | 'font'> {
  return {
    stroke: color('--ink-3'),
    grid: { stroke: color('--hair'), width: 1 },
    ticks: { show: false },
    font: `11px ${color('--font')}`,
  };
}

function options(element: HTMLElement, props: () => PlotProps): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const { chart, timeZone } = props();
  return {
    width: element.clientWidth,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), timeZone),
    legend: { show: false },
    cursor: { drag: { setScale: false, x: false, y: false }, y: false },
    scales: {
      x: { range: () => [props().fromMs / 1000, props().toMs / 1000] },
      y: { range: (_plot, min, max) => [...paddedRange(min ?? 0, max ?? 1)] },
    },
    axes: [
      {
        ...axis(color),
        size: 26,
        // The labels have no seconds: closer lines would repeat them.
        incrs: WHOLE_MINUTES.map((minutes) => minutes * 60),
        space: 72,
        values: (_plot, splits) => splits.map((at) => props().writeTime(at * 1000)),
      },
      {
        ...axis(color),
        size: 62,
        space: 34,
        values: (_plot, splits) => splits.map((value) => props().writeValue(value)),
      },
    ],
    series: [
      {},
      // First: what is between them lies under the lines.
      ...chart.lines.flatMap(() => [UNDRAWN, UNDRAWN]),
      ...chart.lines.map((_, index) => {
        const { ink, dash } = STROKES[index % STROKES.length] ?? { ink: '--ink' };
        return {
          stroke: color(ink),
          width: 1.5,
          points: LONELY_POINTS,
          ...(dash === undefined ? {} : { dash }),
        };
      }),
      ...chart.lines.map(() => ({
        stroke: color('--ink-3'),
        width: 1,
        dash: [1, 3],
        points: { show: false },
      })),
    ],
    bands: chart.lines.map((_, index) => ({
      series: bandAt(index),
      fill: color('--hair'),
    })),
    hooks: {
      draw: [(plot) => drawMarks(plot, props().marks, color)],
      setCursor: [(plot) => props().onPoint(plot.cursor.idx ?? undefined)],
    },
  };
}

/** Only what is between them is filled. */
const UNDRAWN: uPlot.Series = { width: 0, points: { show: false } };

/** Where the greatest and the least of a line stand. */
function bandAt(index: number): [upper: number, lower: number] {
  return [1 + 2 * index, 2 + 2 * index];
}

function dataOf({ chart: { timesMs, lines }, weekBefore }: PlotProps): uPlot.AlignedData {
  const nothing = timesMs.map(() => null);
  return [
    timesMs.map((atMs) => atMs / 1000),
    ...lines.flatMap(({ band }) =>
      band === undefined ? [nothing, nothing] : [[...band.max], [...band.min]],
    ),
    ...lines.map((line) => [...line.values]),
    ...lines.map((_, index) => [...(weekBefore[index] ?? nothing)]),
  ];
}

/** The drawn curves. What they say in words stands beside them, see `Chart`. */
export function Plot(props: PlotProps) {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const shape = props.chart.lines.length;

  useEffect(() => {
    const host = element.current;
    if (host === null) return undefined;
    const drawn = new uPlot(
      options(host, () => latest.current),
      dataOf(latest.current),
      host,
    );
    plot.current = drawn;
    const observer = new ResizeObserver(() => drawn.setSize({ width: host.clientWidth, height: HEIGHT }));
    observer.observe(host);
    return () => {
      observer.disconnect();
      drawn.destroy();
    };
  }, [shape]);

  useEffect(() => {
    plot.current?.setData(dataOf(latest.current));
  }, [props.chart, props.fromMs, props.toMs, props.weekBefore, props.marks]);

  useEffect(() => {
    const drawn = plot.current;
    const at = props.point === undefined ? undefined : drawn?.data[0][props.point];
    if (drawn === undefined || at === undefined || drawn.cursor.idx === props.point) return;
    drawn.setCursor({ left: drawn.valToPos(at, 'x'), top: 1 }, false);
  }, [props.point]);

  return <div class="plot" ref={element} />;
}
