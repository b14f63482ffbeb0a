import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkBackup } from '../../collector/backup/check-backup.ts';
import { verifyAudit } from '../../collector/records/audit.ts';
import { MIGRATIONS } from '../../collector/records/migrations/index.ts';
import { openRecords } from '../../collector/records/open.ts';
import type { RecordsSettings } from '../../config/records.ts';
import { Secret } from '../../config/runtime/secret.ts';
import type { WriterOrder } from './records-writer.ts';

/** A process that works on records is killed, again and again, and what it had answered must be there, whole. */
export interface Torture {
  /** One round; what it did. @throws {Error} saying what was lost or half done. */
  round(number: number): Promise<WriterOrder['act']>;
  readonly answered: number;
}

const WRITER = join(import.meta.dirname, 'records-writer.ts');
const KEY = 'correct horse battery staple';
/** What is killed in the middle, in turn. */
const ACTS: readonly WriterOrder['act'][] = ['open', 'write', 'backup', 'write', 'write'];

/** @param fresh gives a new empty place; the seed decides the moments, the same ones in each run. */
export function tortureRecords(
  fresh: () => { readonly folder: string; readonly settings: RecordsSettings },
  seed: number,
): Torture {
  let place = fresh();
  let next = 1;
  const answered = new Set<number>();
  let total = 0;
  const chance = chanceOf(seed);
  return {
    get answered() {
      return total;
    },
    async round(number) {
      const act = ACTS[number % ACTS.length] ?? 'write';
      if (act === 'open') {
        place = fresh();
        answered.clear();
        next = 1;
      }
      const backups = join(place.folder, 'backups');
      const order: WriterOrder = {
        act,
        ...place,
        first: act === 'backup' ? number * 100 : next,
        backups,
        key: KEY,
      };
      const moment = {
        answers: act === 'write' ? 1 + Math.floor(chance() * 8) : 1,
        momentMs: chance() * 120,
      };
      mkdirSync(order.folder, { recursive: true });
      const told = await killed(WRITER, order, moment);
      if (act === 'write') for (const one of told) answered.add(one);
      total += told.length;
      next = (await whole(place, answered)) + 1;
      for (const name of existsSync(backups) ? readdirSync(backups) : []) {
        if (name.endsWith('.backup')) await checkBackup(join(backups, name), new Secret(KEY));
      }
      return act;
    },
  };
}

/** Kills a process that works by an order a moment after so many lines; the numbers that it had said. */
export async function killed(
  script: string,
  order: object,
  { answers, momentMs }: { readonly answers: number; readonly momentMs: number },
): Promise<readonly number[]> {
  const writer = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(writer, 'exit');
  const told: number[] = [];
  for await (const line of createInterface(writer.stdout)) {
    told.push(Number(line));
    if (told.length === answers) setTimeout(() => writer.kill('SIGKILL'), momentMs);
  }
  const [code, signal] = (await gone) as [number | null, string | null];
  if (signal !== 'SIGKILL')
    throw new Error(`the process ended by itself with ${code} instead of being killed`);
  return told;
}

/** Opens the records as the next start does; the highest number in them. */
async function whole(
  { folder, settings }: { readonly folder: string; readonly settings: RecordsSettings },
  answered: ReadonlySet<number>,
): Promise<number> {
  const records = await openRecords(folder, settings);
  const { db } = records;
  try {
    const steps = await db
      .withTables<{ schema_step: { name: string } }>()
      .selectFrom('schema_step')
      .select('name')
      .execute();
    const decisions = await db.selectFrom('notify_record').select('group_key').execute();
    const messages = await db.selectFrom('outbox').select('id').execute();
    const tokens = await db.selectFrom('first_run_token').select('token_hash').execute();
    const { lines, broken } = await verifyAudit(db);
    const decided = new Set(decisions.map((row) => Number(row.group_key)));
    const written = new Set(tokens.map((row) => Number(row.token_hash)));
    const lost = [...answered].filter((number) => !decided.has(number) || !written.has(number));
    if (lost.length > 0) throw new Error(`answered and lost: ${lost.join(', ')}`);
    if (steps.length !== MIGRATIONS.length)
      throw new Error(`${steps.length} of ${MIGRATIONS.length} steps were taken`);
    if (messages.length !== decisions.length * 3)
      throw new Error(`${messages.length} messages of ${decisions.length} decisions`);
    if (lines !== tokens.length) throw new Error(`${lines} audit lines of ${tokens.length} writes`);
    if (broken !== undefined) throw new Error(`the audit is broken at line ${broken.at}: ${broken.why}`);
    return Math.max(0, ...decided);
  } finally {
    await records.close();
  }
}

/** Numbers between 0 and 1 that look like chance and are the same for the same seed (mulberry32). */
export function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
