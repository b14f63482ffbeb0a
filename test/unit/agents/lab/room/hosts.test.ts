import { describe, expect, it } from 'vitest';
import {
  HOST_BUILDS,
  hostWatts,
  startHost,
  stepHost,
  type Host,
} from '../../../../../agents/lab/room/hosts.ts';

const MORNING = Date.UTC(2026, 10, 23, 3);
const AROUND = { seed: 1, atMs: MORNING, dtMs: 1_000 };

describe('a host', () => {
  it('fills its data volume and clears old files away before it is full', () => {
    const nearlyFull: Host = { ...startHost('server-1', 1, MORNING), dataUsedRatio: 0.7399 };
    const filled = stepHost('server-1', nearlyFull, { ...AROUND, dtMs: 60_000 });
    expect(filled.dataUsedRatio).toBeGreaterThan(nearlyFull.dataUsedRatio);
    const cleared = stepHost('server-1', { ...filled, dataUsedRatio: 0.74 }, AROUND);
    expect(cleared.dataUsedRatio).toBeLessThan(0.6);
  });

  it('spends every tick of every core either busy or idle', () => {
    const before = startHost('server-2', 1, MORNING);
    const after = stepHost('server-2', before, AROUND);
    const ticks = after.busyTicks - before.busyTicks + after.idleTicks - before.idleTicks;
    expect(ticks).toBeCloseTo(100 * HOST_BUILDS['server-2'].cores, 6);
  });

  it('draws between its idle and its full power, the more the busier', () => {
    const host = startHost('server-1', 1, MORNING);
    expect(hostWatts('server-1', { ...host, busyRatio: 0 })).toBe(HOST_BUILDS['server-1'].idleWatts);
    expect(hostWatts('server-1', { ...host, busyRatio: 1 })).toBe(HOST_BUILDS['server-1'].busyWatts);
  });

  it('has a load of five minutes that lags behind that of one', () => {
    const calm: Host = { ...startHost('server-1', 1, MORNING), load: [0, 0, 0] };
    const [one, five, fifteen] = stepHost('server-1', calm, AROUND).load;
    expect(one).toBeGreaterThan(five);
    expect(five).toBeGreaterThan(fifteen);
    expect(fifteen).toBeGreaterThan(0);
  });
});
