import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openStore } from '../../collector/series/history/store.ts';
import { START_MS, wrongIn } from './history-made.ts';

const WRITER = join(import.meta.dirname, 'history-writer.ts');
/** So much is written to a full disk before it is full. */
const FULL_DISK = 'size=400k';

export interface HistoryTorture {
  readonly kills: number;
  readonly damaged: number;
  readonly full: number;
  /** How many half days were written in all. */
  readonly halves: number;
}

/**
 * Kills whoever writes history at any instant, damages files, and lets the disk be full; after each all is there that
 * was told to be, or its fault is named.
 * @throws {Error} naming the round when it is not.
 */
export async function tortureHistory(
  folder: string,
  { times, seed }: { readonly times: number; readonly seed: number },
): Promise<HistoryTorture> {
  const borne = { kills: 0, damaged: 0, full: 0, halves: 0 };
  let turn = seed;
  const random = (below: number): number => {
    turn = (turn * 48_271) % 2_147_483_647;
    return turn % below;
  };
  for (let round = 1; round <= times; round += 1) {
    const own = join(folder, 'history');
    const kind = round % 10;
    const isFull = kind === 0 && mounted(own);
    const isDamaging = kind === 5 || kind === 9;
    const told = await killed(own, { afterMs: 300 + random(1_500), seed: 1 + random(1e6) });
    borne.halves += told.halves;
    await check(own, round, told);
    if (isFull) {
      borne.full += 1;
      execFileSync('umount', [own]);
    } else {
      borne.kills += 1;
      if (isDamaging) borne.damaged += await damage(own, round, random);
    }
    // What was damaged is told for ever: a folder of its own begins anew.
    if (isFull || isDamaging) rmSync(own, { recursive: true, force: true });
  }
  return borne;
}

/** A small disk in its place; `false` where that is not allowed. */
function mounted(folder: string): boolean {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', FULL_DISK, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

interface Told {
  readonly flushedToMs: number;
  readonly halves: number;
}

function killed(folder: string, { afterMs, seed }: { afterMs: number; seed: number }): Promise<Told> {
  const child = spawn(process.execPath, [WRITER, folder, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let flushedToMs = 0;
  let halves = 0;
  return new Promise((done) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'open') setTimeout(() => child.kill('SIGKILL'), afterMs);
      if (!line.startsWith('flushed ')) return;
      flushedToMs = Number(line.slice(8));
      halves += 1;
    });
    child.once('close', () => done({ flushedToMs, halves }));
  });
}

async function check(folder: string, round: number, { flushedToMs }: Told): Promise<void> {
  const store = await openStore(folder, () => START_MS);
  try {
    const found = store.manifest().flushedToMs ?? 0;
    if (found < flushedToMs) throw new Error(`round ${round}: ${flushedToMs} was told, ${found} is there`);
    const wrong = (await wrongIn(store)) ?? store.faults()[0];
    if (wrong !== undefined) throw new Error(`round ${round}: ${wrong}`);
  } finally {
    await store.close();
  }
}

/** Cuts, zeroes or swaps a file: it must be named, and what is read must be what was written. */
async function damage(folder: string, round: number, random: (below: number) => number): Promise<number> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.parquet'),
  );
  const name = names[random(names.length)];
  if (name === undefined) return 0;
  const path = join(folder, name);
  const { size } = statSync(path);
  const how = random(3);
  const other = names.find((each) => each !== name && statSync(join(folder, each)).size !== size);
  if (how === 0) truncateSync(path, random(size));
  else if (how === 1 || other === undefined) writeFileSync(path, Buffer.alloc(size));
  else writeFileSync(path, readFileSync(join(folder, other)));
  const store = await openStore(folder, () => START_MS);
  try {
    const wrong = await wrongIn(store);
    // A file that nothing reads now, as its day has better ones, is found when something does.
    const isNamed = store.faults().some((fault) => fault.includes(name));
    if (wrong !== undefined && !isNamed) throw new Error(`round ${round}: ${name} was damaged: ${wrong}`);
    if (/ has [-\d.]+ at | has (NaN|undefined) at /.test(wrong ?? ''))
      throw new Error(`round ${round}: ${wrong}`);
  } finally {
    await store.close();
  }
  return 1;
}
