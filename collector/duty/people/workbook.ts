import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import { entryFile } from '../../../config/runtime/place.ts';
import { COLUMNS, ROLE_NAMES, type Cell } from './sheet.ts';

/** A workbook unpacks to no more than this, or it is not unpacked. */
const MAX_UNPACKED_BYTES = 40 * 1024 * 1024;
const DEADLINE_MS = 15_000;
const MAX_HEAP_MB = 256;

/**
 * The cells of the first sheet of an Excel workbook.
 * @throws {WatchkeeperError} `invalid_request` for what is none, or takes too much to read.
 */
export async function readWorkbook(file: Uint8Array): Promise<readonly (readonly Cell[])[]> {
  if (unpackedBytes(Buffer.from(file)) > MAX_UNPACKED_BYTES) throw unreadable('it unpacks to too much');
  const thread = new Worker(entryFile('collector/duty/people/workbook-thread.ts'), {
    workerData: file,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    stderr: true,
  });
  try {
    const [rows] = (await once(thread, 'message', { signal: AbortSignal.timeout(DEADLINE_MS) })) as [
      readonly (readonly Cell[])[],
    ];
    return rows;
  } catch (cause) {
    throw unreadable('it cannot be read', cause);
  } finally {
    await thread.terminate();
  }
}

/**
 * Reads a workbook in base64 and what its rows mean, once for the same text: a command looks at it several times, the last
 * time in a transaction.
 */
export function createWorkbookReader<T>(
  meaning: (rows: readonly (readonly Cell[])[]) => T,
): (text: string) => Promise<T> {
  let last: { readonly hash: string; readonly read: Promise<T> } | undefined;
  return (text) => {
    const hash = createHash('sha256').update(text).digest('hex');
    if (last?.hash !== hash) {
      const read = readWorkbook(Buffer.from(text, 'base64')).then(meaning);
      const own = { hash, read };
      last = own;
      // What could not be read is tried again, and what was read is not kept for ever.
      read.catch(() => {
        if (last === own) last = undefined;
      });
    }
    return last.read;
  };
}

function unreadable(why: string, cause?: unknown): WatchkeeperError {
  return new WatchkeeperError('invalid_request', `This is no Excel workbook (.xlsx): ${why}.`, { cause });
}

const CENTRAL_ENTRY = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;

/** What the directory of a ZIP archive says that it unpacks to (APPNOTE 4.3.12); infinite where it has no directory. */
export function unpackedBytes(file: Buffer): number {
  const end = file.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > file.length || file.readUInt32LE(end) !== END_OF_DIRECTORY) return Infinity;
  let at = file.readUInt32LE(end + 16);
  let total = 0;
  while (at + 46 <= end && file.readUInt32LE(at) === CENTRAL_ENTRY) {
    total += file.readUInt32LE(at + 24);
    at += 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return total === 0 ? Infinity : total;
}

/** A workbook to fill in: titles in both languages, and one row that shows how. */
export async function emptyPeopleWorkbook(): Promise<Buffer> {
  const example = ['li.lei', '李雷', '13800000000', 'li.lei@example.com', 'zh-CN', '信息科'];
  const bold = { fontWeight: 'bold' as const, type: String };
  const titlesOf = (language: 0 | 1) =>
    Object.values(COLUMNS).map((titles) => ({ ...bold, value: titles[language] }));
  const sheetOf = (language: 0 | 1) => [
    titlesOf(language),
    [...example, ROLE_NAMES.operator[language], '2026-01-05', '2026-01-10', '2028-01-09'].map((value) => ({
      type: String,
      value,
    })),
  ];
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  const written = writeXlsxFile([
    { data: sheetOf(0), sheet: '人员', columns: Object.keys(COLUMNS).map(() => ({ width: 20 })) },
    { data: sheetOf(1), sheet: 'People', columns: Object.keys(COLUMNS).map(() => ({ width: 20 })) },
  ]);
  return written.toBuffer();
}
