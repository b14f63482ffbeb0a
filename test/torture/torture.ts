import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import { messageOf } from '../../config/model/errors.ts';
import { chance, mutated } from './mutations.ts';
import type { Target } from './target.ts';

/** What a target bore. */
export interface Borne {
  readonly packets: number;
  readonly seconds: number;
  /** The longest that it took over one packet; pauses of the machine count. */
  readonly slowestMs: number;
  /** How much more the program holds after the second half than after the first. */
  readonly grownMb: number;
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * Hands a target so many mutated packets, the same for the same seed.
 * @throws {Error} naming the packet that did harm.
 */
export function torture(target: Target, { times, seed }: { times: number; seed: number }): Borne {
  const random = chance(seed);
  const startMs = performance.now();
  let slowestMs = 0;
  let heldAtHalf = 0;
  for (let index = 0; index < times; index += 1) {
    const packet = mutated(target.corpus, random);
    const beganMs = performance.now();
    try {
      target.take(packet, random);
    } catch (cause) {
      const hex = Buffer.from(packet).toString('hex');
      throw new Error(`${target.name}, seed ${seed}, packet ${index}: ${messageOf(cause)}: ${hex}`, {
        cause,
      });
    }
    slowestMs = Math.max(slowestMs, performance.now() - beganMs);
    if (index === times >> 1) heldAtHalf = heldBytes();
  }
  return {
    packets: times,
    seconds: (performance.now() - startMs) / 1000,
    slowestMs,
    grownMb: (heldBytes() - heldAtHalf) / 1e6,
    counts: target.counts(),
  };
}

/** What is held once all that is free is given back. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  // What buffers held is given back beside the program after a collection: the next one waits for it.
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
