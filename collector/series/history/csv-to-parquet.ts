import { DuckDBInstance } from '@duckdb/node-api';
import { quoted } from './duck.ts';

/** Makes a Parquet file of what `export` wrote as CSV. */
export async function csvToParquet(csv: string, parquet: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '256MB', threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run(
      `COPY (SELECT * FROM read_csv(${quoted(csv)}, header = true, columns = {'time': 'TIMESTAMP_MS', 'metric': 'VARCHAR', 'labels': 'VARCHAR', 'value': 'DOUBLE'}))
       TO ${quoted(parquet)} (FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd)`,
    );
  } finally {
    connection.disconnectSync();
    instance.closeSync();
  }
}
