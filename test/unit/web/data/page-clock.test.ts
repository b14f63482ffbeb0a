import { describe, expect, it } from 'vitest';
import { createPageClock } from '../../../../web/data/page-clock.ts';

describe('the clock of a page', () => {
  it('goes by the machine until the collector has spoken', () => {
    let steadyMs = 0;
    const clock = createPageClock(() => steadyMs, 1_000_000);
    steadyMs = 500;
    expect(clock.nowMs()).toBe(1_000_500);
  });

  it('then goes by the collector, however wrong the machine is', () => {
    let steadyMs = 100;
    const clock = createPageClock(() => steadyMs, 0);
    clock.hear(9_000_000);
    expect(clock.nowMs()).toBe(9_000_000);
    steadyMs = 2100;
    expect(clock.nowMs()).toBe(9_002_000);
  });

  it('measures durations evenly, whatever the collector says', () => {
    let steadyMs = 100;
    const clock = createPageClock(() => steadyMs, 0);
    const before = clock.steadyMs();
    clock.hear(9_000_000);
    steadyMs = 300;
    expect(clock.steadyMs() - before).toBe(200);
  });

  it('is not shaken by the delays of the network', () => {
    const clock = createPageClock(() => 0, 5_000);
    clock.hear(5_400);
    expect(clock.nowMs()).toBe(5_000);
  });

  it('tells whole milliseconds, for a silence must end at an instant that the collector takes', () => {
    const clock = createPageClock(() => 12.3, 1_795_837_402_480.6);
    expect(clock.nowMs()).toBe(1_795_837_402_493);
  });

  it('calls back, unless it is told not to', async () => {
    const clock = createPageClock(() => 0, 0);
    const calls: string[] = [];
    const cancel = clock.after(0, () => calls.push('cancelled'));
    cancel();
    await new Promise<void>((done) => {
      clock.after(1, () => {
        calls.push('called');
        done();
      });
    });
    expect(calls).toEqual(['called']);
  });
});
