import { expect, it } from 'vitest';
import { createPaced } from '../../../../collector/live/paced.ts';
import { manualClock } from '../../../support/manual-clock.ts';

function paced(tookMs: number) {
  const clock = manualClock();
  let nowMs = 0;
  let runs = 0;
  const work = createPaced(
    clock,
    () => nowMs,
    () => {
      runs += 1;
      nowMs += tookMs;
    },
  );
  return { clock, work, runs: () => runs };
}

it('is done at once, each time, while it takes little', () => {
  const { work, runs } = paced(5);
  for (let time = 0; time < 10; time += 1) work.request();
  expect(runs()).toBe(10);
});

it('rests twenty times as long as it took, then is done once for all who asked meanwhile', async () => {
  const { clock, work, runs } = paced(50);
  for (let time = 0; time < 10; time += 1) work.request();
  expect(runs()).toBe(1);
  await clock.advance(999);
  expect(runs()).toBe(1);
  await clock.advance(1);
  expect(runs()).toBe(2);
  await clock.advance(10_000);
  expect(runs()).toBe(2);
  work.request();
  expect(runs()).toBe(3);
});

it('is not done any more once it is stopped', async () => {
  const { clock, work, runs } = paced(50);
  work.request();
  work.request();
  work.stop();
  await clock.advance(10_000);
  expect(runs()).toBe(1);
});
