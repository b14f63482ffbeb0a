import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { MarkView } from '../../config/model/marks.ts';
import { paddedRange } from '../data/chart.ts';
import { numberText, type Lines } from '../data/explore.ts';
import { LONELY_POINTS } from './lonely-points.ts';
import { drawMarks } from './mark-lines.ts';

export interface QueryPlotProps {
  readonly data: Lines;
  /** By the place of the line. */
  readonly hidden: ReadonlySet<number>;
  readonly marks: readonly MarkView[];
  readonly timeZone: string;
  readonly writeTime: (atMs: number) => string;
  readonly point: number | undefined;
  readonly onPoint: (index: number | undefined) => void;
  /** A part of the time was chosen. */
  readonly onZoom: (fromMs: number, toMs: number) => void;
}

const HEIGHT = 320;
/** Ten colours, then the same dashed. */
const COLOURS = 10;
/** A shorter part is a press, not a choice. */
const LEAST_ZOOM_PX = 8;

function seriesOf(index: number, color: (name: string) => string): uPlot.Series {
  return {
    stroke: color(`--series-${(index % COLOURS) + 1}`),
    width: 1.5,
    points: LONELY_POINTS,
    ...(index >= COLOURS ? { dash: [6, 4] } : {}),
  };
}

function options(element: HTMLElement, props: () => QueryPlotProps): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--ink-3'),
    grid: { stroke: color('--hair'), width: 1 },
    ticks: { show: false },
    font: `11px ${color('--font')}`,
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), props().timeZone),
    legend: { show: false },
    // No fading of the other lines: it would draw all points anew with each move.
    cursor: { drag: { x: true, y: false, setScale: false } },
    scales: { y: { range: (_plot, min, max) => [...paddedRange(min ?? 0, max ?? 1)] } },
    axes: [
      {
        ...axis,
        size: 26,
        space: 76,
        values: (_plot, splits) => splits.map((at) => props().writeTime(at * 1000)),
      },
      { ...axis, size: 62, space: 34, values: (_plot, splits) => splits.map(numberText) },
    ],
    series: [{}, ...props().data.lines.map((_, index) => seriesOf(index, color))],
    hooks: {
      draw: [(plot) => drawMarks(plot, props().marks, color)],
      setCursor: [(plot) => props().onPoint(plot.cursor.idx ?? undefined)],
      setSelect: [(plot) => zoom(plot, props().onZoom)],
    },
  };
}

function zoom(plot: uPlot, onZoom: QueryPlotProps['onZoom']): void {
  const { left, width } = plot.select;
  if (width < LEAST_ZOOM_PX) return;
  onZoom(plot.posToVal(left, 'x') * 1000, plot.posToVal(left + width, 'x') * 1000);
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

function dataOf({ timesMs, lines }: Lines): uPlot.AlignedData {
  return [timesMs.map((atMs) => atMs / 1000), ...lines.map(({ values }) => [...values])];
}

/** The drawn answer of a query. What it says in words stands beside it, in the legend. */
export function QueryPlot(props: QueryPlotProps) {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const host = element.current;
    if (host === null) return undefined;
    const drawn = new uPlot(
      options(host, () => latest.current),
      dataOf(props.data),
      host,
    );
    plot.current = drawn;
    const observer = new ResizeObserver(() => drawn.setSize({ width: host.clientWidth, height: HEIGHT }));
    observer.observe(host);
    return () => {
      observer.disconnect();
      drawn.destroy();
    };
  }, [props.data]);

  useEffect(() => {
    plot.current?.redraw(false);
  }, [props.marks]);

  useEffect(() => {
    const drawn = plot.current;
    if (drawn === undefined) return;
    drawn.batch(() => {
      for (let index = 1; index < drawn.series.length; index += 1) {
        const show = !props.hidden.has(index - 1);
        if (drawn.series[index]?.show !== show) drawn.setSeries(index, { show });
      }
    });
  }, [props.hidden, props.data]);

  useEffect(() => {
    const drawn = plot.current;
    const at = props.point === undefined ? undefined : drawn?.data[0][props.point];
    if (drawn === undefined || at === undefined || drawn.cursor.idx === props.point) return;
    drawn.setCursor({ left: drawn.valToPos(at, 'x'), top: 1 }, false);
  }, [props.point]);

  return <div class="plot" ref={element} />;
}
