import { describe, expect, it } from 'vitest';
import { TARGETS } from '../../torture/targets.ts';
import { torture } from '../../torture/torture.ts';

const PACKETS = 50_000;

describe.each(Object.entries(TARGETS))('under %s thousands of mutated packets', (_name, make) => {
  it('nothing crashes, hangs, grows, or is taken for what it is not', async () => {
    const borne = torture(await make(), { times: PACKETS, seed: 20_261_122 });
    expect(borne.slowestMs).toBeLessThan(1_000);
    expect(borne.grownMb).toBeLessThan(10);
    // Much of it must come through, or nothing was tried.
    for (const count of Object.values(borne.counts)) expect(count).toBeGreaterThan(PACKETS / 500);
  }, 120_000);
});
