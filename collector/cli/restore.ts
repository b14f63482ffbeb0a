import { WatchkeeperError } from '../../config/model/errors.ts';
import { systemClock } from '../../config/runtime/system-clock.ts';
import { showProgress } from './backup.ts';
import { backupKey } from './backup-key.ts';
import type { Command } from './command.ts';
import { parseOptions } from './options.ts';
import { PLACE_OPTIONS, recordsPlace } from './records-place.ts';

/** Puts a backup in the place of the records; a backup of SQLite goes into PostgreSQL and the other way as well. */
export const restore: Command = {
  name: 'restore',
  usage: '[--key-file FILE] [--data DIR] [--config DIR] [--config-to DIR] [--force] FILE',
  summary: 'checks a backup, then puts its records (and, with --config-to, its configuration) in their place',
  async run(args) {
    const options = {
      ...PLACE_OPTIONS,
      'key-file': { type: 'string' },
      'config-to': { type: 'string' },
      force: { type: 'boolean' },
    } as const;
    const { values, positionals } = parseOptions(args, options, true);
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) {
      throw new WatchkeeperError('invalid_request', 'Name one backup to restore.');
    }
    const { data, settings, config } = recordsPlace(values);
    const { restoreBackup } = await import('../backup/restore.ts');
    const configTo = values['config-to'];
    const { rows, atMs, kept } = await restoreBackup({
      file,
      secret: backupKey(values['key-file'], config),
      dataFolder: data,
      settings,
      isForced: values.force === true,
      atMs: systemClock.nowMs(),
      onProgress: showProgress(),
      ...(configTo === undefined ? {} : { configTo }),
    });
    const was = kept === undefined ? '' : ` What was there before is kept as ${kept}.`;
    process.stdout.write(
      `${rows} rows of ${new Date(atMs).toISOString()} are in their place, and the audit holds.${was}\n`,
    );
    if (configTo !== undefined) {
      process.stdout.write(`The configuration is in ${configTo}; fill in what says HIDDEN_IN_BACKUP.\n`);
    }
    return 0;
  },
};
