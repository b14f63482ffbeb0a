// The board of the watch, the archive of its sheets and its log after ten years of two shifts a day among 4,493
// accounts, asked over HTTP of the whole product, on each store.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createSessions } from '../../collector/api/auth/sessions.ts';
import { frozen } from '../../collector/api/watch/freeze.ts';
import { hashOfText } from '../../collector/duty/watch/hashes.ts';
import { addAccount } from '../../collector/records/accounts.ts';
import { addDutyRecord, addLogEntry } from '../../collector/records/duty.ts';
import { openRecords } from '../../collector/records/open.ts';
import { savePattern } from '../../collector/records/roster.ts';
import type { Db } from '../../collector/records/tables.ts';
import { inTransaction } from '../../collector/records/transaction.ts';
import { addHandover, addLedgerLine, saveHandover } from '../../collector/records/watch.ts';
import { SIGNERS } from '../../config/model/handover.ts';
import type { SheetLine } from '../../config/model/sheet.ts';
import { peopleSettings } from '../../config/people.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { makeFolder } from '../support/folder.ts';
import { DAY, FOUR, NIGHT, pattern } from '../support/roster.ts';
import { demoFolder } from '../support/site-folder.ts';
import { stores, type Store } from '../support/stores.ts';
import { startWatchkeeper } from '../support/watchkeeper.ts';
import { printFigures, quantile } from './figures.ts';

const ACCOUNTS = 4_493;
const SHIFTS = 10 * 365 * 2;
const SHIFT_MS = 12 * 3_600_000;
const NOTES_A_SHIFT = 4;
const ROUNDS = 40;
const WORDS = ['漏水', '空调滤网', '电池巡检', '更换风扇', '门禁', '防火墙重启', '备份失败', '温度偏高'];
/** Common words, rare ones, several, a person, none. */
const SEARCHES = ['漏水', '空调', 'person-77', '更换风扇 第 6999 班', '备份失败', '没有这样的词'];

const figures: Record<string, number> = { accounts: ACCOUNTS, sheets: SHIFTS };
for (const store of await stores()) {
  const on = store.name === 'SQLite' ? 'sqlite' : 'postgres';
  for (const [page, ms] of Object.entries(await measure(store))) figures[`${page}_p99_ms_${on}`] = ms;
}
printFigures('watch', figures);

async function measure({ make }: Store): Promise<Readonly<Record<string, number>>> {
  const folder = makeFolder();
  const { settings, remove } = make();
  const data = join(folder, 'data');
  for (const each of ['data', 'config']) mkdirSync(join(folder, each));
  const { host, port, user, database, schema } = settings.postgres ?? {};
  const records = settings.postgres === undefined ? {} : { postgres: { host, port, user, database, schema } };
  const config = demoFolder(join(folder, 'config'), { 'collector.yaml': JSON.stringify({ records }) });
  const kept = await openRecords(data, settings);
  const cookie = await inTransaction(kept.db, fill);
  await kept.close();
  const program = await startWatchkeeper({ data, config });
  const ask = async (path: string): Promise<number> => {
    const beganMs = performance.now();
    const answer = await fetch(`${program.url}${path}`, { headers: { cookie } });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${path} answered with ${answer.status}: ${text}`);
    // A search that finds nothing where there is something would be quick.
    if (path.includes(encodeURIComponent('漏水')) && !text.includes('"id":'))
      throw new Error(`nothing at ${path}`);
    return performance.now() - beganMs;
  };
  const timed = async (paths: readonly string[]): Promise<number> => {
    const tookMs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const path of paths) tookMs.push(await ask(path));
    }
    return quantile(tookMs, 0.99);
  };
  const nowMs = systemClock.nowMs();
  const searched = (list: string) => SEARCHES.map((text) => `${list}?text=${encodeURIComponent(text)}`);
  const found = {
    board: await timed(['/api/watch']),
    archive: await timed(['/api/handovers', '/api/handovers?beforeId=3000']),
    archive_search: await timed(searched('/api/handovers')),
    log_search: await timed(searched('/api/watch-log')),
    responsible: await timed(
      [1, 900, 3_000].map((days) => `/api/responsible?atMs=${nowMs - days * 86_400_000}`),
    ),
    sheet: await timed(['/api/handovers/5000']),
  };
  await program.stop();
  await remove();
  rmSync(folder, { recursive: true, force: true });
  return found;
}

function name(index: number): string {
  return `person-${index % ACCOUNTS}`;
}

/** Everything that ten years leave; answers the cookie of somebody who is signed in. */
async function fill(step: Db): Promise<string> {
  const nowMs = systemClock.nowMs();
  const sessions = createSessions({ db: step, clock: systemClock, people: () => peopleSettings() });
  let cookie = '';
  for (let index = 0; index < ACCOUNTS; index += 1) {
    const { id } = await addAccount(step, {
      name: name(index),
      displayName: `李雷${index}`,
      roles: ['operator'],
      language: 'zh-CN',
      passwordHash: '-',
      createdAtMs: nowMs,
      isDemonstration: false,
    });
    if (index > 0) continue;
    cookie = `watchkeeper_session=${await sessions.begin(step, id, { origin: '127.0.0.1', browser: 'bench' })}`;
  }
  const groups = Array.from({ length: 8 }, (_, group) => [name(group * 2), name(group * 2 + 1)]);
  await savePattern(
    step,
    pattern({ fromDay: '2016-01-01', shifts: [DAY, NIGHT], rotas: [{ ...FOUR, groups }] }),
  );
  const firstMs = nowMs - SHIFTS * SHIFT_MS;
  for (let shift = 0; shift < SHIFTS; shift += 1) await keepShift(step, shift, firstMs + shift * SHIFT_MS);
  return cookie;
}

/** What one shift leaves: who came, notes, a signed sheet, and the line of the ledger. */
async function keepShift(step: Db, shift: number, atMs: number): Promise<void> {
  const [outgoing, incoming] = [name(shift), name(shift + 1)];
  const word = (index: number): string => WORDS[(shift + index) % WORDS.length] ?? '';
  const checkIn = {
    kind: 'check_in',
    person: incoming,
    post: 'operator',
    shift: `${shift}`,
    isOnCall: false,
  } as const;
  await addDutyRecord(step, { ...checkIn, shiftStartsAtMs: atMs, atMs }, atMs);
  for (let note = 0; note < NOTES_A_SHIFT; note += 1) {
    const text = `第 ${shift} 班：${word(note)}，已处理，${outgoing} 复查正常`;
    const entry = { atMs: atMs + note, author: outgoing, code: 'note', text } as const;
    await addLogEntry(step, { ...entry, params: {}, tags: [word(note)], attachments: [] });
  }
  const lines = Array.from(
    { length: 12 },
    (_, index): SheetLine => ({
      key: `line ${index}`,
      code: 'note',
      params: { text: `第 ${shift} 班 ${word(index)} 机柜 A${index}`, atMs },
      weight: 'plain',
    }),
  );
  const blocks = ['alerts_open', 'climate', 'log'].map((id, index) => ({
    id,
    lines: lines.slice(index * 4, index * 4 + 4),
  }));
  const through = { history: 0, log: shift * NOTES_A_SHIFT };
  const sheet = {
    post: 'operator',
    outgoing,
    incoming,
    fromMs: atMs - SHIFT_MS,
    frozenAtMs: atMs,
    through,
    blocks,
  };
  const made = frozen(sheet, { kind: 'shift', by: outgoing });
  const id = await addHandover(step, made.handover, made.sheet);
  const signatures = SIGNERS.shift.map((role) => {
    const person = role === 'outgoing' ? outgoing : incoming;
    return { role, person, atMs, way: 'password' as const, hash: hashOfText(`${id} ${role}`) };
  });
  const state = { kind: 'sealed', atMs, hash: hashOfText(`${id}`) } as const;
  await saveHandover(step, { ...made.handover, id, signatures, state });
  const line = { post: 'operator', atMs, person: incoming, cause: 'handed_over', handover: id } as const;
  await addLedgerLine(step, { ...line, recordedAtMs: atMs });
}
