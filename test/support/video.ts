import { create } from 'qrcode';

const WIDTH = 640;
const HEIGHT = 480;
const SCALE = 10;
const FRAMES = 5;
const PAPER = 225;
const INK = 30;
const WALL = 120;

/** A film of a QR code on a wall, as a browser takes it for that of a camera (YUV4MPEG2, 4:2:0). */
export function filmOfQrCode(text: string): Buffer {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const frames = Array.from({ length: FRAMES }, (_, frame) => [
    Buffer.from('FRAME\n'),
    picture(modules, { left: 150 + frame * 4, top: 90 + frame * 3 }),
    // No colour.
    Buffer.alloc((WIDTH * HEIGHT) / 2, 128),
  ]);
  return Buffer.concat([
    Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`),
    ...frames.flat(),
  ]);
}

function picture(
  modules: { readonly size: number; get(row: number, column: number): number | boolean },
  { left, top }: { readonly left: number; readonly top: number },
): Buffer {
  const { size } = modules;
  const luma = Buffer.alloc(WIDTH * HEIGHT, WALL);
  const margin = 4;
  for (let y = 0; y < (size + 2 * margin) * SCALE && top + y < HEIGHT; y += 1)
    for (let x = 0; x < (size + 2 * margin) * SCALE && left + x < WIDTH; x += 1) {
      const row = Math.floor(y / SCALE) - margin;
      const column = Math.floor(x / SCALE) - margin;
      const isInside = row >= 0 && row < size && column >= 0 && column < size;
      luma[(top + y) * WIDTH + left + x] = isInside && modules.get(row, column) ? INK : PAPER;
    }
  return luma;
}
