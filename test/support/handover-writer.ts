import { freeze } from '../../collector/api/watch/freeze.ts';
import { keepSigned } from '../../collector/api/watch/sealing.ts';
import { stepped, type WatchDeps } from '../../collector/api/watch/watch-deps.ts';
import { audited } from '../../collector/records/audit.ts';
import { openRecords } from '../../collector/records/open.ts';
import { addHandover, handoverById } from '../../collector/records/watch.ts';
import type { Db } from '../../collector/records/tables.ts';
import type { HandoverAct } from '../../config/model/handover.ts';
import type { RecordsSettings } from '../../config/records.ts';
import { manualClock } from './manual-clock.ts';
import { silentLog } from './silent-log.ts';
import { quietDesk } from './quiet-desk.ts';

/** What the process is told to do, in JSON as its argument, until it is killed. */
export interface HandoverOrder {
  readonly folder: string;
  readonly settings: RecordsSettings;
  /** The instant of its first act; each later one is a millisecond later. */
  readonly firstMs: number;
  /** Who has the watch. */
  readonly holder: string;
}

const order = JSON.parse(process.argv[2] ?? '') as HandoverOrder;
const { db } = await openRecords(order.folder, order.settings);
let atMs = order.firstMs;

const deps: WatchDeps = {
  db,
  clock: manualClock(order.firstMs),
  log: silentLog(),
  desk: quietDesk(),
  roster: { shiftAt: async () => undefined, shiftsBetween: async () => [] },
  blocks: [{ id: 'work', lines: async () => [] }],
  isGrave: () => false,
  proofs: { give: async () => '', take: () => undefined },
  onSealed: () => undefined,
  onTried: () => undefined,
  tell: async () => undefined,
  qualifications: () => ({ timeZone: 'Asia/Shanghai' }),
};

async function act(id: number, made: (sheetHash: string) => HandoverAct): Promise<void> {
  const entry = { atMs, who: 'writer', action: 'sign_handover', target: String(id), origin: 'local' };
  await audited(db, entry, async (step: Db) => {
    const kept = await handoverById(step, id);
    if (kept === undefined) throw new Error(`handover ${id} is gone`);
    const next = stepped(deps, kept.handover, made(kept.handover.sheetHash));
    await keepSigned(deps, step, next, { atMs });
  });
  atMs += 1;
}

async function handOver(outgoing: string, incoming: string): Promise<void> {
  const { handover, sheet } = await freeze(deps, db, {
    post: 'operator',
    kind: 'shift',
    outgoing,
    incoming,
    by: outgoing,
    atMs,
  });
  const entry = { atMs, who: 'writer', action: 'start_handover', target: 'operator', origin: 'local' };
  const id = await audited(db, entry, (step) => addHandover(step, handover, sheet));
  atMs += 1;
  const item = { subject: `of ${id}`, reason: 'r', description: 'd', weight: 'plain' } as const;
  await act(id, () => ({ kind: 'carry', item, by: outgoing, atMs }));
  await act(id, () => ({ kind: 'open', block: 'work', by: incoming, atMs }));
  process.stdout.write(`${JSON.stringify({ id, begun: atMs })}\n`);
  const sign = (role: 'outgoing' | 'incoming', by: string) =>
    act(id, (sheetHash) => ({ kind: 'sign', role, way: 'password', sheetHash, by, atMs }));
  await sign('outgoing', outgoing);
  process.stdout.write(`${JSON.stringify({ id, signed: 'outgoing', atMs })}\n`);
  await sign('incoming', incoming);
  process.stdout.write(`${JSON.stringify({ id, signed: 'incoming', holder: incoming, atMs })}\n`);
}

for (let holder = order.holder; ; ) {
  const next = holder === 'li' ? 'wang' : 'li';
  await handOver(holder, next);
  holder = next;
}
