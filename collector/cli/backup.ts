import { DEMO_FOLDER } from '../../config/load.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { backupKey } from './backup-key.ts';
import type { Command } from './command.ts';
import { parseOptions } from './options.ts';
import { PLACE_OPTIONS, recordsPlace } from './records-place.ts';

/** Makes a backup beside a collector that goes on working, or of one that does not run. */
export const backup: Command = {
  name: 'backup',
  usage: '[--key-file FILE] [--data DIR] [--config DIR] [FOLDER]',
  summary: 'writes records and configuration of one instant into FOLDER, sealed, and reads them again',
  async run(args) {
    const { values, positionals } = parseOptions(
      args,
      { ...PLACE_OPTIONS, 'key-file': { type: 'string' } },
      true,
    );
    const { data, settings, config } = recordsPlace(values);
    const [folder = config?.backup?.folder, ...more] = positionals;
    if (folder === undefined || more.length > 0) {
      throw new WatchkeeperError('invalid_request', 'Name one folder that the backup goes into.');
    }
    const secret = backupKey(values['key-file'], config);
    const [{ makeBackup }, { openForReading }, { writeBackupStatus }] = await Promise.all([
      import('../backup/backup.ts'),
      import('../records/open.ts'),
      import('../backup/status.ts'),
    ]);
    const { db, close } = openForReading(data, settings);
    const atMs = systemClock.nowMs();
    const configFolder = config?.folder ?? DEMO_FOLDER;
    try {
      const made = await makeBackup({ db, configFolder, folder, secret, atMs, onProgress: showProgress() });
      writeBackupStatus(data, { lastGoodAtMs: atMs, file: made.file });
      process.stdout.write(
        `${made.file} holds ${made.rows} rows and ${made.files.length} files, and was read again: it is whole. Its audit ends with\n${made.auditHead.hash}\n`,
      );
      return 0;
    } finally {
      await close();
    }
  },
};

/** A line now and then on standard error. */
export function showProgress(): (progress: { readonly step: string; readonly rows: number }) => void {
  const eachRows = 50_000;
  let next = eachRows;
  let step = '';
  return (progress) => {
    if (progress.step === step && progress.rows < next) return;
    next = progress.step === step ? next + eachRows : eachRows;
    step = progress.step;
    process.stderr.write(progress.rows === 0 ? `${step} …\n` : `${step}: ${progress.rows} rows\n`);
  };
}
