import { readSheet } from 'read-excel-file/node';
import { parentPort, workerData } from 'node:worker_threads';

/** Reads a workbook on a thread of its own: a hostile one costs this thread, which has bounds, and nothing else. */
const MAX_ROWS = 10_100;
const MAX_COLUMNS = 40;
const MAX_CELL_CHARS = 2_000;

const cellOf = (cell: unknown): unknown => {
  if (typeof cell === 'string') return cell.slice(0, MAX_CELL_CHARS);
  return typeof cell === 'number' || typeof cell === 'boolean' || cell instanceof Date ? cell : null;
};

const rows = await readSheet(Buffer.from(workerData as Uint8Array));
parentPort?.postMessage(rows.slice(0, MAX_ROWS).map((row) => row.slice(0, MAX_COLUMNS).map(cellOf)));
