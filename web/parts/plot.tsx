import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { ChartBody } from '../../config/model/api.ts';
import { paddedRange } from '../data/chart.ts';

/** Lines are told apart by ink and dash, not by hue: colour is for what is abnormal. */
const STROKES: readonly { readonly ink: string; readonly dash?: number[] }[] = [
  { ink: '--ink' },
  { ink: '--ink', dash: [7, 4] },
  { ink: '--ink-3' },
  { ink: '--ink-3', dash: [2, 3] },
];
export const MOST_LINES = STROKES.length;
const HEIGHT = 150;
const WHOLE_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];

export interface PlotProps {
  readonly chart: ChartBody;
  readonly fromMs: number;
  readonly toMs: number;
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
        space: 64,
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
      ...chart.lines.map((_, index) => {
        const { ink, dash } = STROKES[index % STROKES.length] ?? { ink: '--ink' };
        return {
          stroke: color(ink),
          width: 1.5,
          points: { show: false },
          ...(dash === undefined ? {} : { dash }),
        };
      }),
    ],
    hooks: {
      setCursor: [(plot) => props().onPoint(plot.cursor.idx ?? undefined)],
    },
  };
}

function dataOf({ timesMs, lines }: ChartBody): uPlot.AlignedData {
  return [timesMs.map((atMs) => atMs / 1000), ...lines.map((line) => [...line.values])];
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
      dataOf(latest.current.chart),
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
    plot.current?.setData(dataOf(props.chart));
  }, [props.chart, props.fromMs, props.toMs]);

  useEffect(() => {
    const drawn = plot.current;
    const at = props.point === undefined ? undefined : drawn?.data[0][props.point];
    if (drawn === undefined || at === undefined || drawn.cursor.idx === props.point) return;
    drawn.setCursor({ left: drawn.valToPos(at, 'x'), top: 1 }, false);
  }, [props.point]);

  return <div class="plot" ref={element} />;
}
