import type uPlot from 'uplot';
import { lonely } from '../data/chart.ts';

/** Only what no line can show is a point. */
export const LONELY_POINTS: uPlot.Series.Points = {
  show: false,
  size: 5,
  filter: (plot, index) => lonely(plot.data[index] ?? []),
};
