import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyAudit } from '../../collector/records/audit.ts';
import { openRecords } from '../../collector/records/open.ts';
import type { RecordsSettings } from '../../config/records.ts';
import type { CollectorOrder } from './collector-writer.ts';
import { chanceOf, killed } from './torture-records.ts';
import { ROOT } from './watchkeeper.ts';

const WRITER = join(import.meta.dirname, 'collector-writer.ts');

/** A whole collector is killed under writes over HTTP, again and again; what it had answered must be there, whole. */
export interface CollectorTorture {
  /** @throws {Error} saying what was lost or half done. */
  round(): Promise<void>;
  readonly answered: number;
}

export function tortureCollector(
  { folder, settings }: { readonly folder: string; readonly settings: RecordsSettings },
  seed: number,
): CollectorTorture {
  const config = join(folder, 'config');
  const data = join(folder, 'data');
  cpSync(join(ROOT, 'config', 'demo'), config, { recursive: true });
  const { postgres } = settings;
  const { host, port, user, database, schema } = postgres ?? {};
  const records = postgres === undefined ? {} : { postgres: { host, port, user, database, schema } };
  const people = { allow_combined_administrators: true };
  // Every JSON is a YAML, too.
  writeFileSync(join(config, 'collector.yaml'), JSON.stringify({ people, records }));
  const answered = new Set<number>();
  const chance = chanceOf(seed);
  return {
    get answered() {
      return answered.size;
    },
    async round() {
      const first = Math.max(0, ...answered) + 100;
      const order: CollectorOrder = { config, data, first };
      const moment = { answers: 1 + Math.floor(chance() * 12), momentMs: chance() * 60 };
      for (const number of await killed(WRITER, order, moment)) answered.add(number);
      await whole(data, settings, answered);
    },
  };
}

async function whole(data: string, settings: RecordsSettings, answered: ReadonlySet<number>): Promise<void> {
  const records = await openRecords(data, settings);
  try {
    const tokens = await records.db.selectFrom('access_token').select('name').execute();
    const kept = new Set(tokens.map(({ name }) => Number(name.replace('token ', ''))));
    const lost = [...answered].filter((number) => !kept.has(number));
    if (lost.length > 0) throw new Error(`answered and lost: ${lost.join(', ')}`);
    const lines = await records.db
      .selectFrom('audit')
      .select('seq')
      .where('action', '=', 'add_token')
      .execute();
    if (lines.length !== tokens.length) throw new Error(`${lines.length} lines of ${tokens.length} tokens`);
    const { broken } = await verifyAudit(records.db);
    if (broken !== undefined) throw new Error(`the audit is broken at line ${broken.at}: ${broken.why}`);
  } finally {
    await records.close();
  }
}
