import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { audited, auditHead } from '../../../../collector/records/audit.ts';
import { exportAudit } from '../../../../collector/records/audit-export.ts';
import { openRecords } from '../../../../collector/records/open.ts';
import { folderWith } from '../../../support/folder.ts';

const CLI = join(import.meta.dirname, '../../../../collector/cli/main.ts');

function verify(...args: readonly string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'verify', ...args], {
    encoding: 'utf8',
  });
  return { status, text: stdout + stderr };
}

it('names the line in which a byte of the database was changed, and knows a printed head', async () => {
  const folder = folderWith();
  const records = await openRecords(folder);
  const write = (target: string): Promise<void> =>
    audited(
      records.db,
      { atMs: 1, who: 'li', action: 'account_added', target, origin: 'local' },
      async () => undefined,
    );
  for (const target of ['first', 'seconde', 'third']) await write(target);
  const { hash } = await auditHead(records.db);
  await write('fourth');
  let text = '';
  for await (const line of exportAudit(records.db, 1)) text += line;

  // Beside the collector that works on them.
  expect(verify('--data', folder)).toMatchObject({
    status: 0,
    text: expect.stringContaining('The audit holds: 4 lines.') as string,
  });
  expect(verify('--data', folder, '--anchor', hash.toUpperCase())).toMatchObject({
    status: 0,
    text: expect.stringContaining('Line 3 is the printed one.') as string,
  });
  expect(verify('--data', folder, '--anchor', 'f'.repeat(64))).toMatchObject({
    status: 1,
    text: expect.stringContaining('no line has the printed hash') as string,
  });
  await records.close();

  const file = join(folder, 'records.sqlite');
  const bytes = readFileSync(file);
  for (let at = bytes.indexOf('seconde'); at >= 0; at = bytes.indexOf('seconde', at + 1))
    bytes.write('Seconde', at);
  writeFileSync(file, bytes);
  expect(verify('--data', folder)).toMatchObject({
    status: 1,
    text: expect.stringMatching(
      /broken at line 2: what it says of people .* is not what was written\. The 1 lines before hold/,
    ) as string,
  });

  const exported = join(folderWith({ 'audit.jsonl': text }), 'audit.jsonl');
  expect(verify(exported, '--anchor', hash)).toMatchObject({ status: 0 });
  writeFileSync(exported, text.replace('seconde', 'Seconde'));
  expect(verify(exported)).toMatchObject({
    status: 1,
    text: expect.stringContaining('broken at line 2') as string,
  });
  expect(verify('/nowhere/at-all')).toMatchObject({
    status: 1,
    text: expect.stringContaining('cannot be read') as string,
  });
  expect(verify('--data', folderWith())).toMatchObject({
    status: 1,
    text: expect.stringContaining('There are no records in') as string,
  });
  expect(verify('--anchor', 'x')).toMatchObject({
    status: 1,
    text: expect.stringContaining('--anchor is the printed hash') as string,
  });
}, 60_000);
