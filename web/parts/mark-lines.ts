import type uPlot from 'uplot';
import type { MarkView } from '../../config/model/marks.ts';

/** Told apart by shape, not by colour alone. */
const FLAG_PX = 7;

/** Draws what happened as lines from top to bottom: an alert whole, the watch dotted, a note dashed with a flag. */
export function drawMarks(plot: uPlot, marks: readonly MarkView[], color: (name: string) => string): void {
  const { ctx, bbox } = plot;
  const { min = 0, max = 0 } = plot.scales['x'] ?? {};
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  for (const mark of marks) {
    // What came after the last point stands at the edge.
    const at = Math.min(mark.atMs / 1000, max);
    if (at < min) continue;
    const x = Math.round(plot.valToPos(at, 'x', true));
    ctx.strokeStyle = inkOf(mark, color);
    ctx.fillStyle = ctx.strokeStyle;
    ctx.setLineDash(DASHES[mark.kind].map((length) => length * devicePixelRatio));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (mark.kind === 'note') drawFlag(ctx, x, bbox.top);
  }
  ctx.restore();
}

const DASHES: Readonly<Record<MarkView['kind'], readonly number[]>> = {
  alert: [],
  watch: [1, 3],
  note: [5, 3],
};

function inkOf(mark: MarkView, color: (name: string) => string): string {
  if (mark.kind === 'alert') return color(`--${mark.alert.severity}`) || color('--ink-2');
  return color(mark.kind === 'note' ? '--ink' : '--ink-3');
}

function drawFlag(ctx: CanvasRenderingContext2D, x: number, top: number): void {
  const size = FLAG_PX * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x + size, top + size / 2);
  ctx.lineTo(x, top + size);
  ctx.fill();
}
