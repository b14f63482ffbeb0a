import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createPoller,
  line,
  sliceOf,
  type Poller,
  type PollerDeps,
  type Polled,
} from '../../../agents/poller.ts';
import { manualClock } from '../../support/manual-clock.ts';

interface Slow extends Polled {
  polls: number;
  end: (() => void) | undefined;
}

/** Something whose poll lasts until it is ended. */
function slow(id: string): Slow {
  const one: Slow = {
    id,
    polls: 0,
    end: undefined,
    poll: () =>
      new Promise<void>((resolve) => {
        one.polls += 1;
        one.end = resolve;
      }),
  };
  return one;
}

const errors: unknown[] = [];

function polling(polled: readonly Polled[], deps: Pick<PollerDeps, 'clock'> & Partial<PollerDeps>): Poller {
  const poller = createPoller({
    maxAtOnce: 64,
    onLate: () => undefined,
    onError: (error) => errors.push(error),
    ...deps,
  });
  poller.assign(polled, 10_000);
  return poller;
}

describe('reading many things', () => {
  it('reads each at the start and then once in each interval', async () => {
    const clock = manualClock();
    const counts = new Map<string, number>();
    const polled = Array.from({ length: 20 }, (_, index) => ({
      id: `d${index}`,
      poll: () => Promise.resolve(counts.set(`d${index}`, (counts.get(`d${index}`) ?? 0) + 1)),
    }));
    const poller = polling(polled, { clock });
    onTestFinished(() => poller.stop());
    await clock.advance(0);
    expect([...counts.values()]).toEqual(Array.from({ length: 20 }, () => 1));
    await clock.advance(10_000);
    expect([...counts.values()]).toEqual(Array.from({ length: 20 }, () => 2));
    await clock.advance(30_000);
    expect([...counts.values()]).toEqual(Array.from({ length: 20 }, () => 5));
  });

  it('does not begin a poll while the one before has not ended, and says so', async () => {
    const clock = manualClock();
    const one = slow('slow');
    const late: string[] = [];
    const poller = polling([one], { clock, onLate: (id) => late.push(id) });
    await clock.advance(30_000);
    expect([one.polls, late]).toEqual([1, ['slow', 'slow', 'slow']]);
    one.end?.();
    await clock.advance(10_000);
    expect(one.polls).toBe(2);
    one.end?.();
    await poller.stop();
  });

  it('reads one at once when asked, and once more when that came in the middle of a poll', async () => {
    const clock = manualClock();
    const one = slow('ups-a');
    const poller = polling([one], { clock });
    await clock.advance(0);
    poller.pollNow('ups-a');
    poller.pollNow('ups-a');
    poller.pollNow('stranger');
    expect(one.polls).toBe(1);
    one.end?.();
    await clock.advance(0);
    expect(one.polls).toBe(2);
    one.end?.();
    await clock.advance(0);
    expect(one.polls).toBe(2);
    poller.pollNow('ups-a');
    await clock.advance(0);
    expect(one.polls).toBe(3);
    poller.pollNow('ups-a');
    one.end?.();
    await poller.stop();
    expect(one.polls).toBe(3);
  });

  it('a slow one delays no other', async () => {
    const clock = manualClock();
    const [stuck, quick] = [slow('stuck'), slow('quick')];
    const poller = polling([stuck, quick], { clock });
    for (let round = 0; round < 3; round += 1) {
      quick.end?.();
      await clock.advance(10_000);
    }
    expect([stuck.polls, quick.polls]).toEqual([1, 4]);
    for (const one of [stuck, quick]) one.end?.();
    await poller.stop();
  });

  it('waits for what is under way when it stops, and begins nothing more', async () => {
    const clock = manualClock();
    const [one, waiting] = [slow('one'), slow('waiting')];
    const poller = polling([one, waiting], { clock, maxAtOnce: 1 });
    await clock.advance(0);
    let hasStopped = false;
    const stopping = poller.stop().then(() => {
      hasStopped = true;
    });
    await clock.advance(20_000);
    expect(hasStopped).toBe(false);
    one.end?.();
    await stopping;
    expect([one.polls, waiting.polls]).toEqual([1, 0]);
  });

  it('reads others from now on, while what is under way ends by itself', async () => {
    const clock = manualClock();
    const [goes, stays, comes] = [slow('goes'), slow('stays'), slow('comes')];
    const poller = polling([goes, stays], { clock });
    await clock.advance(0);
    poller.assign([stays, comes], 5_000);
    await clock.advance(0);
    expect([goes.polls, stays.polls, comes.polls]).toEqual([1, 1, 1]);
    for (const one of [goes, stays, comes]) one.end?.();
    await clock.advance(5_000);
    expect([goes.polls, stays.polls, comes.polls]).toEqual([1, 2, 2]);
    for (const one of [stays, comes]) one.end?.();
    await poller.stop();
  });

  it('goes on when a poll throws', async () => {
    const clock = manualClock();
    let polls = 0;
    const poller = polling([{ id: 'bad', poll: () => Promise.reject(new Error(`poll ${(polls += 1)}`)) }], {
      clock,
    });
    await clock.advance(20_000);
    await poller.stop();
    expect(polls).toBe(3);
    expect(errors.map(String)).toEqual(['Error: poll 1', 'Error: poll 2', 'Error: poll 3']);
  });

  it('spreads them evenly, a thousand in slices that start together', () => {
    expect([0, 1, 2, 3].map((index) => sliceOf(index, 4, 10_000))).toEqual([0, 2_500, 5_000, 7_500]);
    const slices = Map.groupBy(
      Array.from({ length: 1_000 }, (_, index) => sliceOf(index, 1_000, 10_000)),
      (slice) => slice,
    );
    expect(slices.size).toBe(100);
    expect(new Set([...slices.values()].map(({ length }) => length))).toEqual(new Set([10]));
  });
});

describe('a line', () => {
  it('lets so many in at once, in their order, and frees the place of one that failed', async () => {
    const inLine = line(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const tasks = [0, 1, 2, 3].map((number) =>
      inLine(() => {
        begun.push(number);
        return new Promise<void>((resolve, reject) =>
          ends.push(number === 0 ? () => reject(new Error('failed')) : resolve),
        );
      }),
    );
    const settled = Promise.allSettled(tasks);
    const turn = (): Promise<void> => new Promise((done) => setImmediate(done));
    await turn();
    expect(begun).toEqual([0, 1]);
    ends[0]?.();
    await turn();
    expect(begun).toEqual([0, 1, 2]);
    for (const number of [1, 2]) ends[number]?.();
    await turn();
    ends[3]?.();
    expect((await settled).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
  });
});
