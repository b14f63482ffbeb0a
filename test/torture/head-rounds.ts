import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { chance } from './mutations.ts';

/** What a head on disk bore. */
export interface KillsBorne {
  readonly kills: number;
  /** Ticks that were written and told, over all rounds. */
  readonly ticks: number;
}

const WRITER = join(import.meta.dirname, 'head-writer.ts');
const MAX_LIFE_MS = 400;

/**
 * Starts a program that writes a head to the folder, kills it at any instant, and starts it again, so many times.
 * @throws {Error} when it does not start again, or lacks a tick that it had told to be on disk.
 */
export async function killRounds(
  folder: string,
  { times, seed }: { readonly times: number; readonly seed: number },
): Promise<KillsBorne> {
  const random = chance(seed);
  let flushed = -1;
  for (let round = 0; round < times; round += 1) {
    flushed = await liveAndDie(folder, { flushed, lifeMs: random.below(MAX_LIFE_MS), round });
  }
  return { kills: times, ticks: flushed };
}

/** @returns the last tick that it told to be on disk. */
async function liveAndDie(
  folder: string,
  { flushed, lifeMs, round }: { readonly flushed: number; readonly lifeMs: number; readonly round: number },
): Promise<number> {
  const child = spawn(process.execPath, [WRITER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((done) => void child.once('exit', () => done()));
  let last = flushed;
  let found: number | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, number] = line.split(' ');
    if (word === 'found') {
      found = Number(number);
      setTimeout(() => child.kill('SIGKILL'), lifeMs);
    } else last = Math.max(last, Number(number));
  }
  await ended;
  if (found === undefined) throw new Error(`round ${round}: it did not start again`);
  if (found < flushed) throw new Error(`round ${round}: tick ${flushed} was on disk, found is ${found}`);
  return last;
}
