import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { verifyAudit } from '../../../../collector/records/audit.ts';
import { openRecords } from '../../../../collector/records/open.ts';
import { folderWith } from '../../../support/folder.ts';

const WRITER = join(import.meta.dirname, '../../../support/records-writer.ts');
const ROUNDS = 20;

/** Kills a writer in the middle of its work, after so many answers and a moment; what it answered. */
async function killedWriter(
  folder: string,
  first: number,
  { answers, momentMs }: { answers: number; momentMs: number },
): Promise<readonly number[]> {
  const writer = spawn(process.execPath, [WRITER, folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(writer, 'exit');
  const answered: number[] = [];
  for await (const line of createInterface(writer.stdout)) {
    answered.push(Number(line));
    if (answered.length === answers) setTimeout(() => writer.kill('SIGKILL'), momentMs);
  }
  expect(await gone).toEqual([null, 'SIGKILL']);
  return answered;
}

it('keeps every answered write and nothing half done, however often it is killed in the middle', async () => {
  const folder = folderWith();
  const answered = new Set<number>();
  let next = 1;
  for (let round = 0; round < ROUNDS; round += 1) {
    // Seeded by the round: another moment within a write each time, the same ones in each run.
    const moment = { answers: 3 + ((round * 7) % 11), momentMs: ((round * 37) % 50) / 10 };
    for (const number of await killedWriter(folder, next, moment)) answered.add(number);
    const records = await openRecords(folder);
    const { db } = records;
    const decisions = await db.selectFrom('notify_record').select('group_key').execute();
    const messages = await db.selectFrom('outbox').select('message_id').execute();
    const tokens = await db.selectFrom('first_run_token').select('token_hash').execute();
    const audit = await verifyAudit(db);
    await records.close();

    const decided = new Set(decisions.map(({ group_key: number }) => Number(number)));
    const written = new Set(tokens.map(({ token_hash: number }) => Number(number)));
    expect([...answered].filter((number) => !decided.has(number))).toEqual([]);
    expect([...answered].filter((number) => !written.has(number))).toEqual([]);
    expect(messages).toHaveLength(decisions.length * 3);
    expect(audit).toMatchObject({ lines: tokens.length, forgotten: 0 });
    expect(audit).not.toHaveProperty('broken');
    next = Math.max(...decided) + 1;
  }
}, 120_000);
