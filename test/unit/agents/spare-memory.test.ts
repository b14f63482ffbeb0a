import { expect, it } from 'vitest';
import { line } from '../../../agents/poller.ts';
import { sparingMemory, type SparingLine } from '../../../agents/spare-memory.ts';
import { manualClock } from '../../support/manual-clock.ts';

const explore = async ({ inLine }: SparingLine, count: number): Promise<void> => {
  for (let device = 0; device < count; device += 1) await inLine(() => Promise.resolve(device));
};

it('memory is given back once, a moment after many devices were explored, and not for a few', async () => {
  const clock = manualClock();
  let collected = 0;
  const exploring = sparingMemory(line(24), { clock, collect: () => void (collected += 1) });
  await explore(exploring, 49);
  await clock.advance(60_000);
  expect(collected).toBe(0);
  await explore(exploring, 500);
  await clock.advance(9_999);
  await explore(exploring, 500);
  await clock.advance(9_999);
  expect(collected).toBe(0);
  await clock.advance(60_000);
  expect(collected).toBe(1);
});

it('memory is not given back for devices that do not answer, nor after the agent has stopped', async () => {
  const clock = manualClock();
  let collected = 0;
  const exploring = sparingMemory(line(24), { clock, collect: () => void (collected += 1) });
  for (let device = 0; device < 100; device += 1)
    await expect(exploring.inLine(() => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
  await clock.advance(60_000);
  await explore(exploring, 100);
  exploring.stop();
  await clock.advance(60_000);
  expect(collected).toBe(0);
});
