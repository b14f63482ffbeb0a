/**
 * Digits as strokes. A font with Chinese costs a tenth of a second of the processor for each word that is drawn, and no
 * other is on every machine; the words of a chart stand beside it, as text that can also be read aloud.
 */

interface Glyph {
  /** A path on a grid six high, its foot at 6. */
  readonly path: string;
  readonly width: number;
}

const DOT = 'M0.4 5.8L0.6 5.8';
const GLYPHS: Readonly<Record<string, Glyph>> = {
  '0': { width: 4, path: 'M1 0L3 0L4 1L4 5L3 6L1 6L0 5L0 1Z' },
  '1': { width: 4, path: 'M1 1L2.2 0L2.2 6M1 6L3.4 6' },
  '2': { width: 4, path: 'M0 1L1 0L3 0L4 1L4 2.2L0 6L4 6' },
  '3': { width: 4, path: 'M0 0L4 0L2 2.4L3 2.4L4 3.4L4 5L3 6L1 6L0 5' },
  '4': { width: 4, path: 'M3 6L3 0L0 4.2L4 4.2' },
  '5': { width: 4, path: 'M4 0L0.5 0L0 2.9L1 2.3L3 2.3L4 3.3L4 5L3 6L1 6L0 5' },
  '6': { width: 4, path: 'M3.5 0L1.5 0L0 2L0 5L1 6L3 6L4 5L4 3.6L3 2.6L1 2.6L0 3.6' },
  '7': { width: 4, path: 'M0 0L4 0L1.6 6' },
  '8': {
    width: 4,
    path: 'M1 0L3 0L4 1L4 2L3 2.8L1 2.8L0 2L0 1ZM1 2.8L0 3.8L0 5L1 6L3 6L4 5L4 3.8L3 2.8',
  },
  '9': { width: 4, path: 'M0.5 6L2.5 6L4 4L4 1L3 0L1 0L0 1L0 2.4L1 3.4L3 3.4L4 2.4' },
  '.': { width: 1, path: DOT },
  ',': { width: 1, path: 'M0.7 5.8L0.2 7' },
  ':': { width: 1, path: `M0.4 1.8L0.6 1.8${DOT}` },
  '-': { width: 3, path: 'M0.2 3L2.8 3' },
  '−': { width: 3, path: 'M0.2 3L2.8 3' },
  ' ': { width: 2, path: '' },
};

const GRID_HEIGHT = 6;
const GAP = 1.5;

export interface Written {
  /** Where the foot of the first sign, the middle or the last stands. */
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly heightPx: number;
  readonly stroke: string;
}

/** Whether all signs of a text can be drawn. */
export function isDrawable(text: string): boolean {
  return Array.from(text).every((sign) => Object.hasOwn(GLYPHS, sign));
}

/** Draws a number as SVG; signs that are none of a number are left out. */
export function drawDigits(text: string, { x, y, anchor, heightPx, stroke }: Written): string {
  const scale = heightPx / GRID_HEIGHT;
  const glyphs = Array.from(text).flatMap((sign) => GLYPHS[sign] ?? []);
  const widthPx = scale * (glyphs.reduce((sum, { width }) => sum + width + GAP, 0) - GAP);
  let leftPx = x - { start: 0, middle: widthPx / 2, end: widthPx }[anchor];
  const drawn = glyphs.map(({ path, width }) => {
    const place = `translate(${leftPx.toFixed(1)} ${(y - heightPx).toFixed(1)}) scale(${scale.toFixed(3)})`;
    leftPx += scale * (width + GAP);
    return path === '' ? '' : `<path transform="${place}" d="${path}"/>`;
  });
  return `<g fill="none" stroke="${stroke}" stroke-width="${(1.2 / scale).toFixed(2)}" stroke-linecap="round" stroke-linejoin="round">${drawn.join('')}</g>`;
}
