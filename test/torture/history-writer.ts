import { openStore } from '../../collector/series/history/store.ts';
import { HALF_MS, SETTINGS, START_MS, writeHalf } from './history-made.ts';

// Writes half days into history, merges, makes coarse lines and expires until it is killed, and tells what is surely
// there: the victim of a torture. The clock by which it tends its files jumps.
const [, , folder = '', seed = '1'] = process.argv;
let turn = Number(seed);
const random = (below: number): number => {
  turn = (turn * 48_271) % 2_147_483_647;
  return turn % below;
};

const store = await openStore(folder, () => START_MS);
process.stdout.write('open\n');
try {
  for (;;) {
    const fromMs = store.manifest().flushedToMs ?? START_MS;
    await writeHalf(store, fromMs, false);
    process.stdout.write(`flushed ${fromMs + HALF_MS}\n`);
    if (random(4) === 0) await writeHalf(store, fromMs, true);
    // An hour back, or some ahead: over midnight, the month's end and what else there is.
    const nowMs = fromMs + HALF_MS + (random(5) - 1) * 3_600_000;
    for (let steps = 0; steps < 20; steps += 1) {
      if ((await store.upkeep({ settings: SETTINGS, nowMs })) === undefined) break;
    }
  }
} catch (error) {
  process.stdout.write(`failed ${error instanceof Error ? error.message : ''}\n`);
  process.exit(3);
}
