import { loadConfig, type Config } from '../../config/load.ts';
import type { RecordsSettings } from '../../config/records.ts';
import { dataFolder } from '../../config/runtime/program.ts';

/** What every command takes that works on the records itself. */
export const PLACE_OPTIONS = { config: { type: 'string' }, data: { type: 'string' } } as const;

/** Where the records are: in the data folder, or where the configuration says. */
export interface RecordsPlace {
  readonly data: string;
  readonly settings: RecordsSettings;
  readonly config: Config | undefined;
}

export function recordsPlace(options: {
  config?: string | undefined;
  data?: string | undefined;
}): RecordsPlace {
  const config = options.config === undefined ? undefined : loadConfig(options.config, process.env);
  return { data: dataFolder(options.data), settings: config?.records ?? {}, config };
}
