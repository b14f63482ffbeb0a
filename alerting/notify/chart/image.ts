import type { RenderedImage } from '@resvg/resvg-js';

/** Sharp on the screens of phones. */
const ZOOM = 2;

/** Draws SVG without words as PNG, on a thread of its own. Rejects when it is not done by the time that the signal aborts. */
export async function pngOf(svg: string, signal: AbortSignal): Promise<Buffer> {
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the chart was not drawn in time')), {
      once: true,
    });
  });
  const drawing = drawn(svg);
  return (await Promise.race([drawing, late])).asPng();
}

async function drawn(svg: string): Promise<RenderedImage> {
  const { renderAsync } = await import('@resvg/resvg-js');
  return renderAsync(svg, {
    font: { loadSystemFonts: false },
    fitTo: { mode: 'zoom', value: ZOOM },
  });
}
