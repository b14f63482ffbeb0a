import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sealHash } from '../../collector/duty/watch/hashes.ts';
import { verifyAudit } from '../../collector/records/audit.ts';
import { openRecords } from '../../collector/records/open.ts';
import type { Db } from '../../collector/records/tables.ts';
import { findHandovers, ledgerSince } from '../../collector/records/watch.ts';
import { responsibleAt, type LedgerLine } from '../../config/model/ledger.ts';
import type { Handover } from '../../config/model/handover.ts';
import type { RecordsSettings } from '../../config/records.ts';
import type { HandoverOrder } from './handover-writer.ts';

/** A process that hands the watch over is killed, again and again: there is never half a handover, and nothing that was answered is lost. */
export interface HandoverTorture {
  /** One life. @throws {Error} saying what was half done or lost. */
  round(): Promise<void>;
  readonly figures: { readonly sealed: number; readonly halfSigned: number };
}

const WRITER = join(import.meta.dirname, 'handover-writer.ts');
const LATER_MS = 10_000;

interface Told {
  readonly id: number;
  readonly signed?: 'outgoing' | 'incoming';
  readonly holder?: string;
  readonly atMs?: number;
}

export function tortureHandover(
  place: { readonly folder: string; readonly settings: RecordsSettings },
  chance: () => number,
): HandoverTorture {
  let firstMs = 1_000_000;
  let holder = 'li';
  const figures = { sealed: 0, halfSigned: 0 };
  return {
    figures,
    async round() {
      const told = await killedLife({ ...place, firstMs, holder }, chance);
      const records = await openRecords(place.folder, place.settings);
      try {
        holder = await proved(records.db, told, holder, figures);
      } finally {
        await records.close();
      }
      firstMs += LATER_MS;
    },
  };
}

/** Lets it live for some signatures and a moment more. */
async function killedLife(order: HandoverOrder, chance: () => number): Promise<readonly Told[]> {
  const child = spawn(process.execPath, [WRITER, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const told: Told[] = [];
  const ended = once(child, 'exit');
  const lines = Math.floor(chance() * 6);
  const momentMs = chance() * 25;
  for await (const line of createInterface(child.stdout)) {
    told.push(JSON.parse(line) as Told);
    if (told.length === lines + 1) setTimeout(() => child.kill('SIGKILL'), momentMs);
  }
  await ended;
  if (told.length <= lines) throw new Error('the writer ended by itself');
  return told;
}

/** What must hold after each life; answers who has the watch. */
async function proved(
  db: Db,
  told: readonly Told[],
  before: string,
  figures: { sealed: number; halfSigned: number },
): Promise<string> {
  const ledger = await ledgerSince(db, 0, 100_000);
  const handovers = await findHandovers(db, { limit: 100 });
  const items = await db.selectFrom('duty_record').select('record').where('kind', '=', 'open_item').execute();
  for (const handover of handovers) requireWhole(handover, ledger, items);
  for (const { id, signed } of told) {
    const kept = handovers.find((one) => one.id === id);
    const isKept = signed === undefined || kept?.signatures.some(({ role }) => role === signed) === true;
    if (!isKept) throw new Error(`an answered signature is lost: ${id} ${signed}`);
  }
  const verdict = await verifyAudit(db);
  if (verdict.broken !== undefined) throw new Error(`the audit is broken at ${verdict.broken.at}`);
  figures.sealed = ledger.length;
  figures.halfSigned += handovers.filter(
    (one) =>
      one.state.kind === 'walking' && one.signatures.length === 1 && told.some(({ id }) => id === one.id),
  ).length;
  const found = responsibleAt(ledger, 'operator', Number.MAX_SAFE_INTEGER);
  return found.kind === 'person' ? found.person : before;
}

/** A line of the ledger and the open item if it is sealed, neither if it is not. */
function requireWhole(
  handover: Handover,
  ledger: readonly LedgerLine[],
  items: readonly { readonly record: string }[],
): void {
  const lines = ledger.filter((line) => line.handover === handover.id);
  const carried = items.filter(({ record }) => record.includes(`"of ${handover.id}"`));
  const count = isSealed(handover) ? 1 : 0;
  if (lines.length === count && carried.length === count) return;
  throw new Error(`half a handover: ${handover.id} is ${handover.state.kind}, with ${lines.length} lines`);
}

function isSealed(handover: Handover): boolean {
  const { state, signatures } = handover;
  if (state.kind !== 'sealed') {
    if (signatures.length > 1) throw new Error(`two signatures and no seal: ${handover.id}`);
    return false;
  }
  if (signatures.length !== 2 || state.hash !== sealHash(handover))
    throw new Error(`a wrong seal: ${handover.id}`);
  return true;
}
