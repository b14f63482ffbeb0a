import { openHeadDisk } from '../../collector/series/disk/head-disk.ts';
import { createHead, type Head } from '../../collector/series/head.ts';

// Writes series to a head on disk until it is killed, and tells which ticks are surely there: the victim of a torture.
const SERIES = 50;
const START_MS = 1_700_000_000_000;
const [, , folder = ''] = process.argv;

/** The last tick of all series; every tick before it must be there in each, with its value. */
function lastTick(head: Head): number {
  let last = -1;
  for (const { labels, timesMs, values, start, end } of head.select([], 0, Number.POSITIVE_INFINITY)) {
    const own = end - start;
    const series = Number(labels['series']);
    for (let tick = 0; tick < own; tick += 1) {
      const isRight =
        timesMs[start + tick] === START_MS + tick * 1_000 && values[start + tick] === tick + series / 10;
      if (!isRight) throw new Error(`series ${series} has something else at tick ${tick}`);
    }
    if (last >= 0 && own - 1 !== last)
      throw new Error(`series ${series} ends at ${own - 1}, another at ${last}`);
    last = own - 1;
  }
  return last;
}

const head = createHead();
const log = { error: (...line: unknown[]) => console.error(...line), warn() {}, info() {}, debug() {} };
const nowMs = START_MS + 1e12;
const disk = openHeadDisk({ head, folder, log, nowMs, retentionMs: () => Number.POSITIVE_INFINITY });
let tick = lastTick(head);
process.stdout.write(`found ${tick}\n`);
for (;;) {
  const until = tick + 1 + Math.floor(Math.random() * 10);
  for (tick += 1; tick < until; tick += 1) {
    for (let series = 0; series < SERIES; series += 1) {
      head.append({ __name__: 'm', series: String(series) }, START_MS + tick * 1_000, tick + series / 10);
    }
  }
  tick -= 1;
  // Often enough that files are begun and replaced while it lives.
  await disk.flush(START_MS + tick * 20_000);
  process.stdout.write(`flushed ${tick}\n`);
}
