import { describe, expect, it } from 'vitest';
import { every } from '../../../../config/runtime/every.ts';
import { manualClock } from '../../../support/manual-clock.ts';

const NEVER = (error: unknown): void => {
  throw error;
};

describe('a loop', () => {
  it('runs at each multiple of its interval, moved by its offset', async () => {
    const clock = manualClock(1_000_500);
    const slots: number[] = [];
    const loop = every(
      clock,
      { intervalMs: 1_000, offsetMs: 250, onError: NEVER },
      (slotMs) => void slots.push(slotMs),
    );
    await clock.advance(3_000);
    await loop.stop();
    expect(slots).toEqual([1_001_250, 1_002_250, 1_003_250]);
  });

  it('skips the slots that a slow run overran, and never overlaps', async () => {
    const clock = manualClock(0);
    const slots: number[] = [];
    const loop = every(clock, { intervalMs: 1_000, onError: NEVER }, async (slotMs) => {
      slots.push(slotMs);
      await new Promise<void>((done) => void clock.after(2_500, done));
    });
    await clock.advance(8_000);
    expect(slots).toEqual([1_000, 4_000, 7_000]);
    await Promise.all([loop.stop(), clock.advance(3_000)]);
  });

  it('goes on after a run that failed, and tells of it', async () => {
    const clock = manualClock(0);
    const errors: unknown[] = [];
    const loop = every(clock, { intervalMs: 1_000, onError: (error) => void errors.push(error) }, () => {
      throw new Error('broken');
    });
    await clock.advance(2_000);
    await loop.stop();
    expect(errors).toEqual([new Error('broken'), new Error('broken')]);
  });

  it('ends: the run under way is aborted and waited for, and none comes after it', async () => {
    const clock = manualClock(0);
    let runs = 0;
    const loop = every(clock, { intervalMs: 1_000, onError: NEVER }, async (_slotMs, signal) => {
      runs += 1;
      await new Promise<void>((done) => signal.addEventListener('abort', () => done()));
    });
    await clock.advance(1_000);
    await loop.stop();
    await clock.advance(10_000);
    expect(runs).toBe(1);
  });
});
