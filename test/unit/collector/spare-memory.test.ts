import { expect, it } from 'vitest';
import { sparingMemory } from '../../../collector/spare-memory.ts';
import { fakeAlertStore } from '../../support/alert-stores.ts';
import { manualClock } from '../../support/manual-clock.ts';

it('memory is given back once, a moment after a storm is forgotten, and not for a few alerts', async () => {
  const clock = manualClock();
  let collected = 0;
  const store = sparingMemory(fakeAlertStore(), { clock, collect: () => void (collected += 1) });
  const forget = (count: number) =>
    store.save({ saved: [], removed: Array.from({ length: count }, (_none, n) => `f${n}`), entries: [] });
  await forget(999);
  await clock.advance(60_000);
  expect(collected).toBe(0);
  await forget(1_000);
  await clock.advance(9_999);
  expect(collected).toBe(0);
  await clock.advance(50_000);
  expect(collected).toBe(1);
  // Alerts that waver are no storm that has passed.
  for (let minute = 2; minute < 30; minute += 1) {
    await forget(1_000);
    await clock.advance(60_000);
  }
  expect(collected).toBe(1);
  await clock.advance(120_000);
  await forget(1_000);
  await clock.advance(10_000);
  expect(collected).toBe(2);
});
