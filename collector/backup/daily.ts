import type { BackupSettings } from '../../config/backup.ts';
import { messageOf } from '../../config/model/errors.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { every } from '../../config/runtime/every.ts';
import type { Log } from '../../config/runtime/log.ts';
import { dayText, wallClockAt } from '../../config/runtime/wall-clock.ts';
import { keepNewest, makeBackup } from './backup.ts';
import { backupAgeSeconds, readBackupStatus, writeBackupStatus } from './status.ts';
import type { Reading } from '../records/open.ts';

/** Backups by themselves, once a day. */
export interface DailyBackups {
  /** Seconds since the last good one; `undefined` when nobody asked for any. */
  ageSeconds(nowMs: number): number | undefined;
  faults(): readonly string[];
  stop(): Promise<void>;
}

export interface DailyBackupsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: () => BackupSettings | undefined;
  readonly timeZone: () => string;
  readonly configFolder: string;
  readonly dataFolder: string;
  /** The records, open beside the collector's own connection. */
  readonly open: () => Reading;
}

const CHECK_MS = 60_000;
/** What failed is tried again, and tells its fault until then. */
const RETRY_MS = 15 * 60_000;

export function startDailyBackups(deps: DailyBackupsDeps): DailyBackups {
  const { clock, log, settings, timeZone, dataFolder } = deps;
  let fault: string | undefined;
  let notBeforeMs = -Infinity;
  const onError = (error: unknown): void => {
    fault = `no backup could be made: ${messageOf(error)}`;
    notBeforeMs = clock.nowMs() + RETRY_MS;
    log.error({ err: error }, 'backup failed');
  };
  const loop = every(clock, { intervalMs: CHECK_MS, onError }, async () => {
    const wanted = settings();
    const nowMs = clock.nowMs();
    if (wanted === undefined) {
      fault = undefined;
      return;
    }
    const status = readBackupStatus(dataFolder);
    if (backupAgeSeconds(status, nowMs) === undefined) {
      writeBackupStatus(dataFolder, { waitingSinceMs: nowMs });
    }
    // A clock that was set back far must not hold the next attempt off.
    const isHeldOff = nowMs < notBeforeMs && notBeforeMs - nowMs <= RETRY_MS;
    if (isHeldOff || !isBackupDue({ ...wanted, timeZone: timeZone() }, status.lastGoodAtMs, nowMs)) return;
    const file = await runBackup(deps, wanted, nowMs);
    writeBackupStatus(dataFolder, { lastGoodAtMs: nowMs, file });
    await keepNewest(wanted.folder, wanted.keep);
    fault = undefined;
  });
  return {
    ageSeconds: (nowMs) => backupAgeSeconds(readBackupStatus(dataFolder), nowMs),
    faults: () => (fault === undefined ? [] : [fault]),
    stop: () => loop.stop(),
  };
}

async function runBackup(
  { configFolder, open, log }: DailyBackupsDeps,
  { folder, key }: BackupSettings,
  atMs: number,
): Promise<string> {
  const { db, close } = open();
  try {
    const { file, rows } = await makeBackup({ db, configFolder, folder, secret: key, atMs });
    log.info({ file, rows }, 'backup made');
    return file;
  } finally {
    await close();
  }
}

/** Whether the time of day has come since the last good backup; also when there is none, or a clock that was set back puts it into the future. */
export function isBackupDue(
  at: { readonly atMinutes: number; readonly timeZone: string },
  lastGoodAtMs: number | undefined,
  nowMs: number,
): boolean {
  if (lastGoodAtMs === undefined || lastGoodAtMs > nowMs) return true;
  return slotOf(at, lastGoodAtMs) !== slotOf(at, nowMs);
}

const DAY_MS = 86_400_000;

/** The day whose time of day has come last. */
function slotOf({ atMinutes, timeZone }: { atMinutes: number; timeZone: string }, atMs: number): string {
  const now = wallClockAt(atMs, timeZone);
  const minutes = now.hour * 60 + now.minute;
  return dayText(minutes >= atMinutes ? now : wallClockAt(atMs - DAY_MS, timeZone));
}
