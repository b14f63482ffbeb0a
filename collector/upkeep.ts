import type { Config } from '../config/load.ts';
import type { Clock } from '../config/runtime/clock.ts';
import { every } from '../config/runtime/every.ts';
import type { Log } from '../config/runtime/log.ts';
import { startDailyBackups } from './backup/daily.ts';
import { openForReading } from './records/open.ts';
import { removeOld } from './records/retention.ts';
import type { Db } from './records/tables.ts';

/** What the records need from time to time: a backup, and to let go of what is old. */
export interface Upkeep {
  faults(): readonly string[];
  /** Seconds since the last good backup; `undefined` when nobody asked for any. */
  backupAgeSeconds(nowMs: number): number | undefined;
  stop(): Promise<void>;
}

export interface UpkeepDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: () => Config;
  readonly dataFolder: string;
}

const RETENTION_CHECK_MS = 6 * 3_600_000;

export function startUpkeep({ db, clock, log, config, dataFolder }: UpkeepDeps): Upkeep {
  const backups = startDailyBackups({
    clock,
    log,
    dataFolder,
    configFolder: config().folder,
    settings: () => config().backup,
    timeZone: () => config().site.timeZone,
    open: () => openForReading(dataFolder, config().records),
  });
  const onError = (err: unknown): void => log.error({ err }, 'letting go of old records failed');
  const retention = every(clock, { intervalMs: RETENTION_CHECK_MS, onError }, (slotMs) =>
    removeOld(db, slotMs, config().retention),
  );
  return {
    faults: () => backups.faults(),
    backupAgeSeconds: (nowMs) => backups.ageSeconds(nowMs),
    async stop() {
      await Promise.all([backups.stop(), retention.stop()]);
    },
  };
}
