import { mkdir, open, rename, rm } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  DOUBLE,
  DuckDBInstance,
  DuckDBTableFunction,
  UINTEGER,
  type DuckDBConnection,
  type DuckDBDataChunk,
} from '@duckdb/node-api';
import { syncFolder } from './manifest.ts';

/** Without bounds DuckDB takes four fifths of the machine. */
const SETTINGS = { memory_limit: '256MB', threads: '1' };

/** Rows of a group are looked at together: fewer make one series cheap to find, more make the file smaller. */
const GROUP_ROWS = 122_880;
const COPY = `(FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, ROW_GROUP_SIZE ${GROUP_ROWS})`;

/** DuckDB with a place for what does not fit its memory. */
export async function openDuck(temporaryFolder: string): Promise<DuckDBInstance> {
  await rm(temporaryFolder, { recursive: true, force: true });
  await mkdir(temporaryFolder, { recursive: true, mode: 0o700 });
  return DuckDBInstance.create(':memory:', {
    ...SETTINGS,
    temp_directory: temporaryFolder,
  });
}

/** A text or path in SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function parquet(paths: readonly string[]): string {
  return `read_parquet([${paths.map(quoted).join(', ')}])`;
}

/** Rows that JavaScript gives: fills at most so many of the columns, answers how many; 0 is the end. */
export type RowSource = (columns: RowColumns) => number;
export interface RowColumns {
  readonly series: Uint32Array;
  readonly timesMs: Float64Array;
  /** NaN with `ended` set: the series ended there. */
  readonly values: Float64Array;
  readonly ended: Uint8Array;
}

const CHUNK_ROWS = 2_048;

/** Lets `SELECT … FROM given_rows()` on this connection read what the source gives. */
export function registerRows(connection: DuckDBConnection): { use(source: RowSource, rows: number): void } {
  const columns: RowColumns = {
    series: new Uint32Array(CHUNK_ROWS),
    timesMs: new Float64Array(CHUNK_ROWS),
    values: new Float64Array(CHUNK_ROWS),
    ended: new Uint8Array(CHUNK_ROWS),
  };
  let source: RowSource = () => 0;
  let expected = 0;
  connection.registerTableFunction(
    DuckDBTableFunction.create({
      name: 'given_rows',
      bindFunction(bind) {
        bind.addResultColumn('series', UINTEGER);
        bind.addResultColumn('ms', DOUBLE);
        bind.addResultColumn('value', DOUBLE);
        bind.setCardinality(expected, false);
      },
      initFunction(init) {
        init.setMaxThreads(1);
        init.setInitData({});
      },
      mainFunction(_info, chunk) {
        const rows = source(columns);
        chunk.rowCount = rows;
        if (rows === 0) return;
        fill(chunk, columns, rows);
      },
    }),
  );
  return {
    use(next, rows) {
      source = next;
      expected = rows;
    },
  };
}

function fill(chunk: DuckDBDataChunk, columns: RowColumns, rows: number): void {
  const series = chunk.getColumnVector(0);
  const times = chunk.getColumnVector(1);
  const values = chunk.getColumnVector(2);
  for (let row = 0; row < rows; row += 1) {
    series.setItem(row, columns.series[row] ?? 0);
    times.setItem(row, columns.timesMs[row] ?? 0);
    values.setItem(row, columns.ended[row] === 1 ? null : (columns.values[row] ?? 0));
  }
  for (const vector of [series, times, values]) vector.flush();
}

export interface Written {
  readonly rows: number;
  readonly bytes: number;
  readonly crc: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly firstSeries: number;
  readonly lastSeries: number;
}

/**
 * Writes what the query yields into a file that appears whole or not at all, and reads it back.
 * @returns `undefined` when there was not one row.
 */
export async function writeParquet(
  connection: DuckDBConnection,
  { select, path }: { readonly select: string; readonly path: string },
): Promise<Written | undefined> {
  const next = `${path}.new`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await connection.run(`COPY (${select}) TO ${quoted(next)} ${COPY}`);
    const extent = await extentOf(connection, next);
    if (extent.rows === 0) {
      await rm(next, { force: true });
      return undefined;
    }
    await syncFile(next);
    const { crc, bytes } = await checksum(next);
    await rename(next, path);
    await syncFolder(dirname(path));
    return { ...extent, bytes, crc };
  } catch (error) {
    await rm(next, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** What a file holds, by its footer. */
export async function extentOf(
  connection: DuckDBConnection,
  path: string,
): Promise<Omit<Written, 'bytes' | 'crc'>> {
  const reader = await connection.runAndReadAll(
    `SELECT count(*)::DOUBLE AS rows, min(epoch_ms(t))::DOUBLE AS from_ms, max(epoch_ms(t))::DOUBLE AS to_ms,
       min(series)::DOUBLE AS first, max(series)::DOUBLE AS last FROM ${parquet([path])}`,
  );
  const [row] = reader.getRowObjects();
  const number = (name: string): number => Number(row?.[name] ?? 0);
  return {
    rows: number('rows'),
    fromMs: number('from_ms'),
    toMs: number('to_ms'),
    firstSeries: number('first'),
    lastSeries: number('last'),
  };
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function checksum(path: string): Promise<{ readonly crc: number; readonly bytes: number }> {
  let crc = 0;
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    const part = chunk as Buffer;
    crc = crc32(part, crc);
    bytes += part.length;
  }
  return { crc, bytes };
}
