import { describe, expect, it } from 'vitest';
import { adapt, newWindow, type Together } from '../../../../agents/snmp/window.ts';

const whole = (durationMs: number, waiting: number): Together => ({ durationMs, isWhole: true, waiting });
const lost: Together = { durationMs: 2_000, isWhole: false, waiting: 0 };

describe('how much is asked of a device at once', () => {
  it('is one thing, however much there is to ask, of a device that answers quickly', () => {
    const window = newWindow();
    for (let round = 0; round < 50; round += 1) adapt(window, whole(3, 100));
    expect(window.size).toBe(1);
  });

  it('grows where the rest would take more than half a second, and no further than needed', () => {
    const window = newWindow();
    const sizes = Array.from({ length: 4 }, () => {
      adapt(window, whole(100, 7));
      return window.size;
    });
    expect(sizes).toEqual([2, 2, 2, 2]);
    adapt(window, whole(100, 100));
    adapt(window, whole(100, 100));
    adapt(window, whole(100, 100));
    expect(window.size).toBe(8);
  });

  it('is halved when something is lost, and never again what was too much', () => {
    const window = newWindow();
    for (let round = 0; round < 5; round += 1) adapt(window, whole(400, 100));
    expect(window.size).toBe(8);
    adapt(window, lost);
    expect(window.size).toBe(4);
    adapt(window, whole(400, 100));
    expect(window.size).toBe(4);
    adapt(window, lost);
    adapt(window, lost);
    adapt(window, lost);
    expect(window.size).toBe(1);
  });
});
